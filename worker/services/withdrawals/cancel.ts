/**
 * Taking a withdrawal back. The decision is written under the revision that was read, and so is the
 * claim of whoever sends it (hand-over.ts): of a cancel that crosses with the sending one finds the
 * row moved on. What was claimed ends by the chain alone (money rule M7).
 */
import { err, ok, type Result } from '../../core/result.ts';
import { isUnsent } from '../../core/withdrawals/status.ts';
import { guard } from '../../db/guards.ts';
import { authorOf, commit } from '../../http/commit.ts';
import { nameOfActor, type RequestContext } from '../../http/request-context.ts';
import { advanceSoon } from './advance.ts';
import { givenBack, settlingOf } from './ending.ts';
import {
  loadWithdrawal,
  type PayoutRow,
  payoutUnchanged,
  updatePayout,
  type WithdrawalPlace,
} from './store.ts';
import { toWithdrawal, type WithdrawalBody } from './views.ts';

interface Cancelled {
  readonly status: 200;
  readonly body: WithdrawalBody;
}

export async function cancelWithdrawal(
  context: RequestContext,
  place: WithdrawalPlace,
): Promise<Result<Cancelled>> {
  const { db, now } = context;
  const known = await loadWithdrawal(db, place);
  if (!known) return err('request.not_found');
  const { row, approvals } = known;
  if (isTakenBack(row)) return ok({ status: 200, body: toWithdrawal(known) });
  if (!isUnsent(row.status)) return err('withdrawals.not_cancellable', { detail: row.status });
  const author = nameOfActor(authorOf(context));
  const decision = givenBack(row, { status: 'cancelled', reason: 'withdrawn', author });
  const changes = settlingOf(row, decision, now);
  const after: PayoutRow = { ...row, ...changes, revision: row.revision + 1 };
  const written = await commit(context, {
    statements: [guard('revision', payoutUnchanged(row)), updatePayout(db, row, changes)],
    accountId: row.accountId,
    target: { kind: 'withdrawal', id: row.withdrawalId },
    details: { from: row.status },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: { status: 200, body: toWithdrawal({ row: after, approvals }) },
  });
  if (written.ok) await advanceSoon(context, after);
  return written;
}

const isTakenBack = ({ status, ending }: PayoutRow): boolean =>
  status === 'cancelled' || (status === 'settling' && ending?.status === 'cancelled');
