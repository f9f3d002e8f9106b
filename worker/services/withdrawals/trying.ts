/** An attempt that ended before anything was signed: another one later, and an operator after some. */
import { LIMITS } from '../../core/withdrawals/limits.ts';
import { retryMsOf } from '../../core/withdrawals/resolver.ts';
import { runBatch } from '../../db/batch.ts';
import type { PayoutDeps } from './deps.ts';
import { alarm } from './ending.ts';
import { endAttempt, type PayoutRow, updatePayout } from './store.ts';

export async function tryAgain(deps: PayoutDeps, row: PayoutRow, why: string): Promise<unknown> {
  const { db, now } = deps;
  if (row.tries >= LIMITS.withdrawalAttemptsMax.value)
    return alarm(deps, row, {
      status: 'dead_letter',
      reason: 'attempts_used_up',
      detail: why,
    });
  const changes = {
    status: 'ready',
    statusSince: now,
    reason: 'not_sent_yet',
    detail: why,
    handedAt: null,
    dueAt: now + retryMsOf(row.tries),
    updatedAt: now,
  } as const;
  return runBatch(db.$client, [
    endAttempt(db, row, { outcome: 'not_sent', detail: why, hash: null, endedAt: now }).getSQL(),
    updatePayout(db, row, changes).getSQL(),
  ]);
}
