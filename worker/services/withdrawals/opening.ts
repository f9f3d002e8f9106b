/**
 * From the row to the hold. The row was written first, so a hold that nobody knows of cannot be; the
 * book is asked once or many times and holds once; then the row moves on, with its audit line and
 * the answer of the request. What the book refuses never was, and its id is free again.
 */
import { type Failure, ok, type Result } from '../../core/result.ts';
import { runBatch } from '../../db/batch.ts';
import { guard } from '../../db/guards.ts';
import { type CommitContext, commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import {
  executeCommand,
  type GasAccountRow,
  loadGasAccount,
  noteSpending,
  type Terms,
  termsOf,
} from '../gasbank/index.ts';
import { bookOfPayout, endCommand, feeMaxOf, holdCommand } from './books.ts';
import { depositUnopened } from './deposits.ts';
import { isOfPlatform } from './ending.ts';
import { LIMITS } from './limits.ts';
import { loadPolicy } from './policy-store.ts';
import {
  deleteOpening,
  findPayout,
  type PayoutRow,
  payoutUnchanged,
  updatePayout,
} from './store.ts';

/** A request's context is one; what acts by itself names an actor and an operation for the audit log. */
export type OpeningContext = CommitContext & Pick<RequestContext, 'settings' | 'log'>;

export interface Opened<Body> {
  readonly status: 200 | 201;
  readonly body: Body;
  readonly row: PayoutRow;
}

export async function open<Body>(
  context: OpeningContext,
  row: PayoutRow,
  toBody: (row: PayoutRow) => Body,
): Promise<Result<Opened<Body>>> {
  const account = await findAccount(context, row);
  const terms = account && (await findTerms(context, row, account));
  const held = terms
    ? await executeCommand(context.env, bookOfPayout(row), holdCommand(row, terms))
    : NO_ACCOUNT;
  if (!held.ok) {
    await runBatch(context.env.DB, [
      deleteOpening(context.db, row).getSQL(),
      ...depositUnopened(row, context.now),
    ]);
    return held;
  }
  const changes = afterHold(row, context.now);
  const after = { ...row, ...changes, revision: row.revision + 1 };
  const written = await commit(context, {
    statements: [guard('revision', payoutUnchanged(row)), updatePayout(context.db, row, changes)],
    accountId: isOfPlatform(row) ? undefined : row.accountId,
    target: { kind: 'withdrawal', id: row.withdrawalId },
    details: detailsOf(after),
    guards: { revision: OVERTAKEN },
    answer: { status: 201, body: toBody(after) },
  });
  if (account && account !== 'platform') await noteSpending(context, account, held.value.available);
  if (written.ok) return ok({ ...written.value, row: after });
  if (written.failure.code !== OVERTAKEN.code) return written;
  const known = await findOvertaking(context, row);
  return known ? ok({ status: 200, body: toBody(known), row: known }) : written;
}

const NO_ACCOUNT = { ok: false, failure: { code: 'gasbank.fund_not_found' } } as const;
const OVERTAKEN: Failure = { code: 'request.precondition_failed' };

const detailsOf = (row: PayoutRow) => ({
  kind: row.kind,
  network: row.network,
  route: row.route,
  gasAccountId: row.gasAccountId,
  depositId: row.depositId,
  to: row.recipient,
  amount: row.amount,
  feeMax: Number(feeMaxOf(row)),
  status: row.status,
  threshold: row.threshold,
  intentHash: row.intentHash,
});

/** The sweep was faster, and did the same; or it was refused, and what is held since is nobody's. */
async function findOvertaking(
  { db, env }: OpeningContext,
  lost: PayoutRow,
): Promise<PayoutRow | undefined> {
  const row = await findPayout(db, lost.withdrawalId);
  if (row === undefined) await executeCommand(env, bookOfPayout(lost), endCommand(lost, UNDONE));
  return row?.status === 'opening' ? undefined : row;
}

const UNDONE = { act: 'release', fee: '0', verdict: null } as const;

/** Undefined where the gas account is gone. */
async function findAccount(
  { db }: OpeningContext,
  row: PayoutRow,
): Promise<GasAccountRow | 'platform' | undefined> {
  if (row.gasAccountId === null) return 'platform';
  const account = await loadGasAccount(db, row.accountId, row.gasAccountId);
  return account?.status === 'open' ? account : undefined;
}

async function findTerms(
  { db }: OpeningContext,
  row: PayoutRow,
  account: GasAccountRow | 'platform',
): Promise<Terms> {
  if (account === 'platform') return { fund: row.fund, budgets: [], keepAtLeast: 0n };
  const { perDay } = await loadPolicy(db, row);
  const terms = termsOf(account);
  if (perDay === null) return terms;
  const day = { counter: 'withdrawals', window: 'day', counts: 'amount', cap: perDay } as const;
  return { ...terms, budgets: [...terms.budgets, day] };
}

function afterHold(row: PayoutRow, now: number) {
  const next = nextStatus(row, now);
  const soon = now + LIMITS.withdrawalHandOverSeconds.value * 1_000;
  const dueAt = { awaiting_approval: row.expiresAt, scheduled: row.scheduledAt, ready: null }[next];
  return { status: next, statusSince: now, updatedAt: now, dueAt: dueAt ?? soon };
}

/** Once nobody has to approve it any more. */
export const whenApproved = ({ scheduledAt }: PayoutRow, now: number): 'scheduled' | 'ready' =>
  scheduledAt !== null && scheduledAt > now ? 'scheduled' : 'ready';

const nextStatus = (row: PayoutRow, now: number): 'awaiting_approval' | 'scheduled' | 'ready' =>
  row.threshold === null ? whenApproved(row, now) : 'awaiting_approval';
