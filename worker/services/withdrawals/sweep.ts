/**
 * What the passing of time does to withdrawals. One ordered column of due times; a row is taken by
 * moving that time on, so two sweeps at once, or a sweep and a request, do not do the same work
 * (delivery rule D4). A resolver is asked here alone: so many questions a minute, so many at once.
 */
import { errorFields } from '../../http/log.ts';
import { advance } from './advance.ts';
import { DAY_MS, MINUTE_MS, type PayoutDeps } from './deps.ts';
import { LIMITS } from './limits.ts';
import { refillSponsors } from './refills.ts';
import { change, findPayout, listDue, type PayoutRow } from './store.ts';

export async function sweepWithdrawals(deps: PayoutDeps): Promise<void> {
  const { db, now, settings } = deps;
  const limit = LIMITS.withdrawalSweepRowsMax.value;
  for (const id of await listDue(db, { now, route: 'vault', limit })) await sweepOne(deps, id);
  await refillSponsors(deps);
  const questions = settings.GASBANK_RESOLVER_PER_MINUTE;
  const due = [...(await listDue(db, { now, route: 'resolver', limit: questions }))];
  const ask = async (): Promise<void> => {
    for (let id = due.shift(); id !== undefined; id = due.shift()) await sweepOne(deps, id);
  };
  await Promise.all(Array.from({ length: settings.GASBANK_RESOLVER_CONCURRENCY }, ask));
}

async function sweepOne(deps: PayoutDeps, withdrawalId: string): Promise<void> {
  const { db, now, log } = deps;
  try {
    const row = await findPayout(db, withdrawalId);
    if (!row || row.endedAt !== null || row.dueAt > now) return;
    const taken = await change(db, row, { dueAt: now + waitMsOf(row) });
    if (taken) await advance(deps, taken);
  } catch (thrown) {
    log.error('withdrawals.sweep_failed', { withdrawalId, ...errorFields(thrown) });
  }
}

function waitMsOf({ status, handedAt }: PayoutRow): number {
  if (status === 'unresolved' || status === 'dead_letter') return DAY_MS;
  return status === 'sending' && handedAt !== null
    ? LIMITS.withdrawalCheckMinutes.value * MINUTE_MS
    : LIMITS.withdrawalHandOverSeconds.value * 1_000;
}
