/**
 * Tables of no single service: idempotency records, nonces of signed requests, the outbox of audit
 * lines and events, and the batch guards.
 */
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const idempotencyRecords = sqliteTable(
  'idempotency_records',
  {
    recordId: text('record_id').primaryKey(),
    fingerprint: text('fingerprint').notNull(),
    leaseId: text('lease_id').notNull(),
    leaseUntil: integer('lease_until').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /**
     * Sealed under a key derived from the caller's credential; null while the first request runs.
     */
    answer: blob('answer', { mode: 'buffer' }),
  },
  (table) => [index('idempotency_records_expires_at').on(table.expiresAt)],
);

export const outbox = sqliteTable(
  'outbox',
  {
    /** Assigned in commit order (D1 has one writer), which is the order of the audit log. */
    outboxId: integer('outbox_id').primaryKey({ autoIncrement: true }),
    /** The account whose journal receives the row, or `operator`. */
    journal: text('journal').notNull(),
    kind: text('kind', { enum: ['audit', 'event'] }).notNull(),
    body: text('body', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('outbox_journal').on(table.journal, table.outboxId)],
);

/**
 * When each account's scheduler should have been awake: how the cron sweep finds a lost alarm
 * (delivery rule D4).
 */
export const schedulerWakes = sqliteTable(
  'scheduler_wakes',
  {
    accountId: text('account_id').primaryKey(),
    wakeBy: integer('wake_by').notNull(),
  },
  (table) => [index('scheduler_wakes_wake_by').on(table.wakeBy)],
);

/** Nonces of signatures that were used; rows go with the sweep once none with them is accepted. */
export const requestNonces = sqliteTable(
  'request_nonces',
  {
    /** The API key or session that signed. */
    credentialId: text('credential_id').notNull(),
    nonce: text('nonce').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.credentialId, table.nonce] }),
    index('request_nonces_expires_at').on(table.expiresAt),
  ],
);

/** Always empty: its CHECK constraints refuse every row (db/guards.ts). */
export const batchGuards = sqliteTable('batch_guards', {
  quota: integer('quota'),
  revision: integer('revision'),
  lease: integer('lease'),
  state: integer('state'),
  member: integer('member'),
  challenge: integer('challenge'),
});
