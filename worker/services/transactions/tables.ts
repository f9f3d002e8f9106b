/** Transactions of accounts, and the approvals of those that need some. */
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { VmState } from '../../core/neo/vm/execution.ts';
import {
  TRANSACTION_KINDS,
  TRANSACTION_STATUSES,
  type TransactionReason,
} from '../../core/transactions/status.ts';
import { bytes } from '../../db/bytes-column.ts';

export const transactions = sqliteTable(
  'transactions',
  {
    transactionId: text('transaction_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** The caller's own id of it: the same one again is the same transaction. */
    requestId: text('request_id'),
    /** Of what was asked for, so that another wish under the same id is refused. */
    requestDigest: text('request_digest'),
    kind: text('kind', { enum: TRANSACTION_KINDS }).notNull(),
    walletId: text('wallet_id'),
    /** CAIP-2 id, as the network was called then; the magic is what binds. */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    sender: text('sender').$type<ScriptHash>().notNull(),
    status: text('status', { enum: TRANSACTION_STATUSES }).notNull(),
    statusSince: integer('status_since').notNull(),
    reason: text('reason').$type<TransactionReason>(),
    detail: text('detail'),
    /** Of a wallet: the sender's template, with all numbers 0; of a multisig: what is signed. */
    unsigned: bytes('unsigned').notNull(),
    /** The script of a multisig account. */
    verification: bytes('verification'),
    /** Datoshi, at most 10,000 GAS each. */
    systemFeeMax: integer('system_fee_max').notNull(),
    networkFeeMax: integer('network_fee_max').notNull(),
    /** Datoshi that the script moves away, as the simulation showed it. */
    gasSent: integer('gas_sent').notNull(),
    windowBlocks: integer('window_blocks').notNull(),
    intentHash: text('intent_hash').notNull(),
    /** k of the approvers, both fixed for ever; null where nobody has to approve. */
    threshold: integer('threshold'),
    /** Ids of workspace wallets; of a multisig: its public keys. */
    approvers: text('approvers', { mode: 'json' }).$type<readonly string[]>().notNull(),
    /** Why it is not free. */
    reasons: text('reasons', { mode: 'json' }).$type<readonly string[]>().notNull(),
    validUntilBlock: integer('valid_until_block'),
    preparedHeight: integer('prepared_height'),
    /** Of the proposal. */
    expiresAt: integer('expires_at'),
    /** When its sender had it. */
    handedAt: integer('handed_at'),
    /** When the sweep looks at it next; whoever moves it on holds it until then. */
    dueAt: integer('due_at').notNull(),
    hash: text('hash').$type<Hash256>(),
    blockIndex: integer('block_index'),
    vmState: text('vm_state').$type<VmState>(),
    systemFee: integer('system_fee'),
    networkFee: integer('network_fee'),
    note: text('note'),
    createdBy: text('created_by').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    unique().on(table.accountId, table.requestId),
    index('transactions_account').on(table.accountId, table.transactionId),
    index('transactions_open').on(table.accountId).where(sql`ended_at IS NULL`),
    index('transactions_due_at').on(table.dueAt),
    index('transactions_disputed').on(table.transactionId).where(sql`status = 'disputed'`),
  ],
);

/** A wallet approves once; a row counts while the wallet is still verified. */
export const transactionApprovals = sqliteTable(
  'transaction_approvals',
  {
    transactionId: text('transaction_id').notNull(),
    /** Of the workspace. */
    walletId: text('wallet_id').notNull(),
    /** Which bytes the wallet signed. */
    layout: text('layout').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transactionId, table.walletId] })],
);

/** What members of a multisig account signed: the bytes of the row, on its network. */
export const transactionSignatures = sqliteTable(
  'transaction_signatures',
  {
    transactionId: text('transaction_id').notNull(),
    publicKey: text('public_key').$type<PublicKey>().notNull(),
    signature: bytes('signature').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transactionId, table.publicKey] })],
);
