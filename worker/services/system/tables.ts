/** Public halves of every key the bridge has ever signed with; rows are never deleted. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { PublicJwk } from '../../core/crypto/es256.ts';

export const signingKeys = sqliteTable('signing_keys', {
  keyId: text('key_id').primaryKey(),
  algorithm: text('algorithm', { enum: ['ES256'] }).notNull(),
  publicKey: text('public_key', { mode: 'json' }).$type<PublicJwk>().notNull(),
  firstSeenAt: integer('first_seen_at').notNull(),
  retiredAt: integer('retired_at'),
});
