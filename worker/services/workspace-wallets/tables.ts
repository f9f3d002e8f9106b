/** Wallets of a workspace, its wallet policy, and the approvals of its members. */
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { GOVERNED_OPERATIONS } from '../../core/wallets/approval.ts';
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
    index('workspace_wallets_address').on(table.kind, table.address),
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

/** A row counts for the act of its digest alone, and goes with that act. */
export const walletApprovals = sqliteTable(
  'wallet_approvals',
  {
    approvalId: text('approval_id').primaryKey(),
    accountId: text('account_id').notNull(),
    walletId: text('wallet_id').notNull(),
    operation: text('operation', { enum: GOVERNED_OPERATIONS }).notNull(),
    digest: text('digest').notNull(),
    /** Which bytes the wallet signed. */
    layout: text('layout').notNull(),
    expiresAt: integer('expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    unique().on(table.accountId, table.digest, table.walletId),
    index('wallet_approvals_account').on(table.accountId, table.approvalId),
    index('wallet_approvals_expires_at').on(table.expiresAt),
  ],
);
