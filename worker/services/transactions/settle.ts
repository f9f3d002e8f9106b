/**
 * The end of a transaction, or its dispute, written once: the change of the row, its audit line and
 * its event are statements of one batch under one condition, so of two who tell the same only the
 * first is heard, and nothing that ended is ever moved again.
 */
import { sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import type { TransactionStatus } from '../../core/transactions/status.ts';
import { isEnd } from '../../core/transactions/status.ts';
import { runBatch } from '../../db/batch.ts';
import { tellIf } from '../../http/outbox.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { LIMITS } from './limits.ts';
import { type TransactionRow, updateTransaction } from './store.ts';
import { changesOf, type Told } from './told.ts';

export type SettleDeps = Pick<RequestContext, 'db' | 'now'>;

export interface Settlement {
  readonly told: Told;
  /** What it may be moved out of. */
  readonly from: readonly TransactionStatus[];
  /** Who says so, in the audit log. */
  readonly author: 'sender' | 'sweep';
  /** The sender's own id of it, the same in every delivery. */
  readonly eventId?: string;
}

export async function settle(
  { db, now }: SettleDeps,
  row: TransactionRow,
  settlement: Settlement,
): Promise<void> {
  const { told, from, author, eventId = newId('event', now) } = settlement;
  const same = sql`transaction_id = ${row.transactionId}
    AND status IN (SELECT value FROM json_each(${JSON.stringify(from)}))`;
  const changes = {
    ...changesOf(told),
    // It may tell its end before the one who handed over has noted that.
    handedAt: author === 'sender' ? (row.handedAt ?? now) : row.handedAt,
    updatedAt: now,
    dueAt: dueAfter(told, now),
  };
  const journal = row.accountId;
  const line = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: author },
    operation: 'transactions.settle',
    outcome: 'ok',
    target: { kind: 'transaction', id: row.transactionId },
    details: { status: told.outcome, reason: told.reason, hash: told.included?.hash ?? null },
  };
  const once = sql`transactions WHERE ${same}`;
  await runBatch(db.$client, [
    tellIf({ journal, kind: 'audit', body: line, now }, once),
    tellIf({ journal, kind: 'event', body: eventOf(row, told, eventId), now }, once),
    updateTransaction(db, row, changes, same).getSQL(),
  ]);
}

const eventOf = (row: TransactionRow, told: Told, id: string) => ({
  id,
  source: `/accounts/${row.accountId}`,
  specversion: '1.0',
  time: toTimestamp(told.at),
  ...noteOf(row, told),
});

/** Also told where a request of the account ends it, so that a consumer hears of every end. */
export function noteOf(row: TransactionRow, told: Told) {
  const { transactionId, requestId, walletId, network, networkMagic } = row;
  const { outcome, reason, detail, included } = told;
  return {
    type: `transaction.${outcome}`,
    subject: `transactions/${transactionId}`,
    data: {
      transactionId,
      requestId,
      walletId,
      network,
      networkMagic,
      reason,
      detail,
      hash: included?.hash ?? null,
      blockIndex: included?.blockIndex ?? null,
      vmState: included?.vmState ?? null,
      systemFee: included === null ? null : String(included.systemFee),
      networkFee: included === null ? null : String(included.networkFee),
    },
  };
}

export const dueAfter = ({ outcome }: Told, now: number): number =>
  now +
  (isEnd(outcome)
    ? LIMITS.transactionKeepDays.value * DAY_MS
    : LIMITS.senderCheckMinutes.value * MINUTE_MS);
export const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
