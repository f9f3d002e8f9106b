/** Wallets of a workspace and its wallet policy. */
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { WALLET_KINDS } from '../../core/wallets/wallet-address.ts';

export const workspaceWallets = sqliteTable(
  'workspace_wallets',
  {
    walletId: text('wallet_id').primaryKey(),
    accountId: text('account_id').notNull(),
    kind: text('kind', { enum: WALLET_KINDS }).notNull(),
    /** The canonical text of core/wallets/wallet-address.ts, case kept. */
    address: text('address').notNull(),
    scriptHash: text('script_hash'),
    label: text('label'),
    status: text('status', { enum: ['unverified', 'verified'] }).notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    unique().on(table.accountId, table.kind, table.address),
    index('workspace_wallets_account').on(table.accountId, table.walletId),
  ],
);

/** A row is an active policy; an account without one has none. */
export const walletPolicies = sqliteTable('wallet_policies', {
  accountId: text('account_id').primaryKey(),
  threshold: integer('threshold').notNull(),
  members: text('members', { mode: 'json' }).$type<readonly string[]>().notNull(),
  revision: integer('revision').notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
