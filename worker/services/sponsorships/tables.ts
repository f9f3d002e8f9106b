/** Sponsorship policies, sponsored transactions, and sessions of their signers. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { SponsorshipForm } from '../../core/sponsorships/policy-form.ts';
import { SPONSORSHIP_STATUSES } from '../../core/sponsorships/status.ts';
import { bytes } from '../../db/bytes-column.ts';

export const sponsorshipPolicies = sqliteTable(
  'sponsorship_policies',
  {
    policyId: text('policy_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** CAIP-2 id, as the network was called then; the magic is what binds (M1). */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    gasAccountId: text('gas_account_id').notNull(),
    name: text('name').notNull(),
    /** `suspended` by its budget of faults, until somebody resumes it. */
    status: text('status', { enum: ['active', 'suspended'] }).notNull(),
    terms: text('terms', { mode: 'json' }).$type<SponsorshipForm>().notNull(),
    /** As in the terms, where a verdict finds it. */
    faultsPerDay: integer('faults_per_day').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    suspendedAt: integer('suspended_at'),
  },
  (table) => [index('sponsorship_policies_account').on(table.accountId, table.policyId)],
);

export const sponsorships = sqliteTable(
  'sponsorships',
  {
    /** The hold of the book has the same id. */
    sponsorshipId: text('sponsorship_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** The caller's own id of it: the same one again is the same sponsorship. */
    requestId: text('request_id').notNull(),
    requestDigest: text('request_digest').notNull(),
    policyId: text('policy_id').notNull(),
    gasAccountId: text('gas_account_id').notNull(),
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    sponsorWalletId: text('sponsor_wallet_id').notNull(),
    sponsor: text('sponsor').$type<ScriptHash>().notNull(),
    signer: text('signer').$type<ScriptHash>().notNull(),
    /** Of the account, where it signs; null where the signer is somebody else. */
    walletId: text('wallet_id'),
    endUser: text('end_user'),
    status: text('status', { enum: SPONSORSHIP_STATUSES }).notNull(),
    statusSince: integer('status_since').notNull(),
    reason: text('reason'),
    detail: text('detail'),
    hash: text('hash').$type<Hash256>().notNull(),
    unsigned: bytes('unsigned').notNull(),
    /** The witness of the signer. */
    invocation: bytes('invocation'),
    verification: bytes('verification'),
    /** Datoshi; both together are held and captured. */
    systemFee: integer('system_fee').notNull(),
    networkFee: integer('network_fee').notNull(),
    validUntilBlock: integer('valid_until_block').notNull(),
    preparedHeight: integer('prepared_height').notNull(),
    /** Until when it can be signed: the end of its timed hold. */
    expiresAt: integer('expires_at').notNull(),
    /** When the sender had it. */
    handedAt: integer('handed_at'),
    /** When the sweep looks at it next; whoever moves it on holds it until then. */
    dueAt: integer('due_at').notNull(),
    blockIndex: integer('block_index'),
    createdBy: text('created_by').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    unique().on(table.accountId, table.requestId),
    index('sponsorships_account').on(table.accountId, table.sponsorshipId),
    index('sponsorships_policy').on(table.policyId, table.endedAt),
    index('sponsorships_waiting')
      .on(table.sponsorWalletId)
      .where(sql`handed_at IS NULL AND ended_at IS NULL`),
    index('sponsorships_due_at').on(table.dueAt),
  ],
);

export const sponsorshipSessions = sqliteTable(
  'sponsorship_sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    accountId: text('account_id').notNull(),
    policyId: text('policy_id').notNull(),
    signer: text('signer').$type<ScriptHash>().notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('sponsorship_sessions_expires_at').on(table.expiresAt)],
);
