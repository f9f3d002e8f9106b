/** Gas accounts: funds of the books of accounts. What is in them stands in the books alone. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

/** Moves GAS in from another gas account of the same book when this one runs low. */
export interface TopUpRule {
  readonly fromGasAccountId: string;
  /** Decimal datoshi, as JSON has no integers of this size. */
  readonly amount: string;
  readonly perDay: string;
}

export const gasAccounts = sqliteTable(
  'gas_accounts',
  {
    gasAccountId: text('gas_account_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** CAIP-2 id, as the network was called then; the magic is what binds (M1). */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    /** Its name in the book, used once for ever. */
    fund: text('fund').notNull(),
    label: text('label'),
    /** `reclaiming`: its account was purged, and what is left goes to the platform's book (M17). */
    status: text('status', { enum: ['open', 'reclaiming', 'closed'] }).notNull(),
    /** Datoshi that no spending may go below. */
    minimumBalance: integer('minimum_balance').notNull(),
    /** Datoshi below which an event tells of it; null for never. */
    lowBalance: integer('low_balance'),
    /** Datoshi that may leave it in a UTC day; null for no limit. */
    dailyLimit: integer('daily_limit'),
    topUp: text('top_up', { mode: 'json' }).$type<TopUpRule>(),
    /** Since when it was told to be low; null while it is not. */
    lowSince: integer('low_since'),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    closedAt: integer('closed_at'),
    /** When the sweep looks at it next; null where there is nothing to see. */
    dueAt: integer('due_at'),
  },
  (table) => [
    unique().on(table.accountId, table.networkMagic, table.fund),
    index('gas_accounts_account').on(table.accountId, table.gasAccountId),
    index('gas_accounts_due').on(table.dueAt).where(sql`due_at IS NOT NULL`),
  ],
);
