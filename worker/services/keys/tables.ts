/** API keys of accounts; the key itself is never stored, only the SHA-256 of its text. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../../core/access.ts';

export const apiKeys = sqliteTable(
  'api_keys',
  {
    keyId: text('key_id').primaryKey(),
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull(),
    /** The public key of its requests' signatures (core/request-signature), fixed with the key. */
    signingKey: text('signing_key'),
    /** Of a publishable key, with its origins: what it may be used for, and where. */
    policyId: text('policy_id'),
    origins: text('origins', { mode: 'json' }).$type<readonly string[]>(),
    /** Key id, or `operator:<token name>`. */
    createdBy: text('created_by').notNull(),
    expiresAt: integer('expires_at'),
    /** In the future while a rotated key overlaps with its successor. */
    revokedAt: integer('revoked_at'),
    lastUsedAt: integer('last_used_at'),
    rotatedTo: text('rotated_to'),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('api_keys_account').on(table.accountId, table.keyId)],
);
