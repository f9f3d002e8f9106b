/** Accounts: the tenants. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { SIGNATURE_RULES } from '../../core/request-signature/decide.ts';
import type { Quotas } from './quotas.ts';

export const accounts = sqliteTable(
  'accounts',
  {
    accountId: text('account_id').primaryKey(),
    name: text('name').notNull(),
    status: text('status', { enum: ['active', 'suspended', 'deleted'] }).notNull(),
    metadata: text('metadata', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    /** Only what the operator changed; the rest is the default. */
    quotas: text('quotas', { mode: 'json' }).$type<Partial<Quotas>>().notNull(),
    requestSignatures: text('request_signatures', { enum: SIGNATURE_RULES }).notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    deletedAt: integer('deleted_at'),
    purgedAt: integer('purged_at'),
  },
  (table) => [index('accounts_status').on(table.status, table.accountId)],
);
