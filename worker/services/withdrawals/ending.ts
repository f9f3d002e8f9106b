/**
 * The end of a withdrawal, in three steps that a crash can come between: the decision is stored in
 * the row, the book is told of it, the row ends. The first is made once, under the revision it was
 * decided on; the second is one command of the book, whoever sends it; the third tells audit log
 * and events with the change. So whoever comes later does only what is left (money rule M7).
 */
import { PLATFORM } from '../../core/ledger/book.ts';
import { lesser } from '../../core/money.ts';
import type { Becomes } from '../../core/withdrawals/verdict.ts';
import { runBatch } from '../../db/batch.ts';
import { executeCommand } from '../gasbank/index.ts';
import { bookOfPayout, endCommand, feeMaxOf } from './books.ts';
import { depositAfter } from './deposits.ts';
import { MINUTE_MS, type PayoutDeps } from './deps.ts';
import { LIMITS } from './limits.ts';
import { tellChange } from './notes.ts';
import { change, endAttempt, type PayoutRow, updatePayout } from './store.ts';
import type { Ending } from './tables.ts';

export interface Decision extends Pick<Ending, 'status' | 'act' | 'verdict'> {
  /** Datoshi that it cost. */
  readonly fee?: bigint;
  readonly reason: PayoutRow['reason'];
  readonly detail?: string | null;
  readonly hash?: PayoutRow['hash'];
  readonly blockIndex?: number | null;
  readonly reference?: string | null;
  readonly author?: string;
}

/** Undefined when somebody else decided, or moved it on, first. */
export async function settle(
  deps: PayoutDeps,
  row: PayoutRow,
  decision: Decision,
): Promise<PayoutRow | undefined> {
  const { now, db } = deps;
  const settling = await change(db, row, settlingOf(row, decision, now));
  return settling && conclude(deps, settling);
}

/** What the decision makes of the row. */
export function settlingOf(row: PayoutRow, decision: Decision, now: number): Partial<PayoutRow> {
  const { status, act, verdict, reason, author = 'system' } = decision;
  const fee = feeTaken(row, decision);
  return {
    status: 'settling',
    statusSince: now,
    reason,
    detail: decision.detail ?? null,
    ending: { status, act, verdict, author, fee: fee.toString() },
    hash: decision.hash ?? row.hash,
    blockIndex: decision.blockIndex ?? row.blockIndex,
    reference: decision.reference ?? row.reference,
    fee: act === 'release' ? null : Number(fee),
    etaAt: null,
    dueAt: now + LIMITS.withdrawalHandOverSeconds.value * 1_000,
    updatedAt: now,
  };
}

/** Never above what is held. A deposit that is sent back pays all of its quote: no dust stays. */
function feeTaken(row: PayoutRow, { fee = 0n, act }: Decision): bigint {
  const held = feeMaxOf(row);
  return row.kind === 'return' && act === 'paid' ? held : lesser(fee, held);
}

/** Throws when the book is not as it must be: then money waits and somebody has to look. */
export async function conclude(deps: PayoutDeps, row: PayoutRow): Promise<PayoutRow | undefined> {
  const { ending } = row;
  if (row.status !== 'settling' || ending === null) return undefined;
  if (row.kind !== 'refill') await tellBook(deps, row, ending);
  return end(deps, row, ending);
}

async function tellBook({ env }: PayoutDeps, row: PayoutRow, ending: Ending): Promise<void> {
  const told = await executeCommand(env, bookOfPayout(row), endCommand(row, ending));
  if (told.ok) return;
  const { code, detail } = told.failure;
  // Its time was over before it was bound: all of it was given back already.
  if (ending.act === 'release' && code === 'gasbank.hold_ended') return;
  throw new Error(`the book refuses the end of ${row.withdrawalId}: ${code} ${detail ?? ''}`);
}

async function end(
  { db, now }: PayoutDeps,
  row: PayoutRow,
  { status, act, author }: Ending,
): Promise<PayoutRow> {
  const changes = { status, statusSince: now, endedAt: now, updatedAt: now };
  const after: PayoutRow = { ...row, ...changes, revision: row.revision + 1 };
  const outcome = act === 'release' ? status : act;
  await runBatch(db.$client, [
    ...tellChange({ before: row, after, author, operation: 'withdrawals.settle', now }),
    endAttempt(db, row, { outcome, detail: row.detail, hash: row.hash, endedAt: now }).getSQL(),
    ...depositAfter(after, row),
    updatePayout(db, row, changes).getSQL(),
  ]);
  return after;
}

/** To an operator: nothing moves it by itself. */
export async function alarm(
  { db, now }: PayoutDeps,
  row: PayoutRow,
  {
    status,
    reason,
    detail,
  }: Pick<PayoutRow, 'reason' | 'detail'> & {
    readonly status: 'unresolved' | 'dead_letter';
  },
): Promise<PayoutRow> {
  const changes = {
    status,
    statusSince: now,
    reason,
    detail,
    etaAt: null,
    dueAt: now + LIMITS.withdrawalCheckMinutes.value * MINUTE_MS,
    updatedAt: now,
  };
  const after: PayoutRow = { ...row, ...changes, revision: row.revision + 1 };
  await runBatch(db.$client, [
    ...tellChange({ before: row, after, author: 'system', operation: 'withdrawals.alarm', now }),
    ...(status === 'dead_letter'
      ? [endAttempt(db, row, { outcome: status, detail, hash: null, endedAt: now }).getSQL()]
      : []),
    updatePayout(db, row, changes).getSQL(),
  ]);
  return after;
}

/** What a verdict decides, where it decides money. */
export function decisionOf(
  becomes: Extract<Becomes, { readonly kind: 'paid' | 'faulted' | 'returned' }>,
): Decision {
  const { kind, verdict, reason } = becomes;
  if (kind === 'returned') return { status: 'failed', act: 'release', verdict, reason };
  const status = kind === 'paid' ? 'completed' : 'failed';
  return { status, act: kind, fee: becomes.fee, verdict, reason };
}

/** All back, by who decided it before anything could be signed. */
export const givenBack = (
  row: PayoutRow,
  decision: Pick<Decision, 'status' | 'reason' | 'detail' | 'author'>,
): Decision => ({
  ...decision,
  act: 'release',
  // Of an attempt that ended unsigned the hold stays bound, and a bound one ends with a verdict alone.
  verdict: row.attempt === 0 ? null : `unsigned:${String(row.attempt)}`,
});

export const isOfPlatform = ({ accountId }: PayoutRow): boolean => accountId === PLATFORM;
