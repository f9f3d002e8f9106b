/** GAS on its way out, the approvals and attempts of it, and what accounts let leave. */
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Destination } from '../../core/withdrawals/policy.ts';
import { PAYOUT_KINDS, PAYOUT_STATUSES, type PayoutReason } from '../../core/withdrawals/status.ts';

/** What was decided: stored before the book is told of it, and told once. */
export interface Ending {
  readonly status: 'completed' | 'failed' | 'cancelled' | 'rejected';
  readonly act: 'paid' | 'faulted' | 'release';
  /** Datoshi, decimal. */
  readonly fee: string;
  /** Null where nothing can have been signed. */
  readonly verdict: string | null;
  /** `system`, or who decided it. */
  readonly author: string;
}

export const withdrawals = sqliteTable(
  'withdrawals',
  {
    withdrawalId: text('withdrawal_id').primaryKey(),
    kind: text('kind', { enum: PAYOUT_KINDS }).notNull(),
    /** `platform` for what leaves its own book. */
    accountId: text('account_id').notNull(),
    /** The caller's own id of it: the same one again is the same withdrawal, for ever. */
    requestId: text('request_id').notNull(),
    requestDigest: text('request_digest').notNull(),
    gasAccountId: text('gas_account_id'),
    /** Of a return. */
    depositId: text('deposit_id'),
    /** Of a refill: the wallet that is paid. */
    platformWalletId: text('platform_wallet_id'),
    fund: text('fund').notNull(),
    /** CAIP-2 id, as the network was called then; the magic is what binds (M1). */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    /** Fixed for ever (M9). */
    route: text('route', { enum: ['vault', 'resolver'] }).notNull(),
    /** Part of the id on the chain; null where a resolver pays. */
    vault: text('vault').$type<ScriptHash>(),
    recipient: text('recipient').$type<ScriptHash>().notNull(),
    /** Datoshi. */
    amount: integer('amount').notNull(),
    systemFeeMax: integer('system_fee_max').notNull(),
    networkFeeMax: integer('network_fee_max').notNull(),
    status: text('status', { enum: PAYOUT_STATUSES }).notNull(),
    statusSince: integer('status_since').notNull(),
    reason: text('reason').$type<PayoutReason>(),
    detail: text('detail'),
    ending: text('ending', { mode: 'json' }).$type<Ending>(),
    /** k of the approvers, both fixed for ever; null where nobody has to approve. */
    threshold: integer('threshold'),
    approvers: text('approvers', { mode: 'json' }).$type<readonly string[]>().notNull(),
    intentHash: text('intent_hash').notNull(),
    /** Of the time for approvals. */
    expiresAt: integer('expires_at'),
    scheduledAt: integer('scheduled_at'),
    /** When its turn should come, while the day's cap is used up. */
    etaAt: integer('eta_at'),
    /** The account that signs the present attempt. */
    sender: text('sender').$type<ScriptHash>(),
    /** The number of the present attempt; 0 before the first. */
    attempt: integer('attempt').notNull(),
    /** Attempts, or questions to a resolver, since somebody last looked after it. */
    tries: integer('tries').notNull(),
    /** When the sender, or the resolver, had it. */
    handedAt: integer('handed_at'),
    /** When the sweep looks at it next; whoever moves it on holds it until then. */
    dueAt: integer('due_at').notNull(),
    hash: text('hash').$type<Hash256>(),
    blockIndex: integer('block_index'),
    /** Datoshi that it cost. */
    fee: integer('fee'),
    /** The resolver's own name of the payment. */
    reference: text('reference'),
    note: text('note'),
    createdBy: text('created_by').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    unique().on(table.accountId, table.networkMagic, table.requestId),
    index('withdrawals_account').on(table.accountId, table.withdrawalId),
    index('withdrawals_open').on(table.networkMagic, table.status).where(sql`ended_at IS NULL`),
    index('withdrawals_due_at').on(table.dueAt).where(sql`ended_at IS NULL`),
    index('withdrawals_recipient')
      .on(table.networkMagic, table.recipient, table.endedAt)
      .where(sql`reason = 'faulted'`),
  ],
);

/** A wallet approves once; a row counts while the wallet is still verified. */
export const withdrawalApprovals = sqliteTable(
  'withdrawal_approvals',
  {
    withdrawalId: text('withdrawal_id').notNull(),
    /** Of the workspace. */
    walletId: text('wallet_id').notNull(),
    /** Which bytes the wallet signed. */
    layout: text('layout').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.withdrawalId, table.walletId] })],
);

export const withdrawalAttempts = sqliteTable(
  'withdrawal_attempts',
  {
    withdrawalId: text('withdrawal_id').notNull(),
    number: integer('number').notNull(),
    sender: text('sender').$type<ScriptHash>(),
    outcome: text('outcome'),
    detail: text('detail'),
    hash: text('hash').$type<Hash256>(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.withdrawalId, table.number] })],
);

export const withdrawalPolicies = sqliteTable(
  'withdrawal_policies',
  {
    accountId: text('account_id').notNull(),
    networkMagic: integer('network_magic').notNull(),
    network: text('network').notNull(),
    /** Datoshi. */
    approvalsAbove: integer('approvals_above'),
    perDay: integer('per_day'),
    destinations: text('destinations', { mode: 'json' }).$type<readonly Destination[]>(),
    openAt: integer('open_at'),
    delayMs: integer('delay_ms').notNull(),
    delayBefore: text('delay_before', { mode: 'json' }).$type<{
      readonly delayMs: number;
      readonly until: number;
    }>(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.networkMagic] })],
);

export const resolverPauses = sqliteTable('resolver_pauses', {
  url: text('url').primaryKey(),
  untilAt: integer('until_at').notNull(),
});
