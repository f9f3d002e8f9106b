/**
 * What the passing of time does to gas accounts: a low balance is told and topped up though nobody
 * noticed it, and what deleted accounts left is reclaimed. One ordered column of due times; a row is
 * taken by moving that time on, so two sweeps at once do not do the same work.
 */
import { and, asc, eq, lte } from 'drizzle-orm';
import { errorFields } from '../../http/log.ts';
import { LIMITS } from './limits.ts';
import { checkBalance, type NoteDeps } from './low-balance.ts';
import { reclaim } from './reclaim.ts';
import { findGasAccount, type GasAccountRow } from './store.ts';
import { gasAccounts } from './tables.ts';

const MINUTE_MS = 60_000;

export async function sweepGasAccounts(deps: NoteDeps): Promise<void> {
  const { db, now, log } = deps;
  const due = await db
    .select({ gasAccountId: gasAccounts.gasAccountId })
    .from(gasAccounts)
    .where(lte(gasAccounts.dueAt, now))
    .orderBy(asc(gasAccounts.dueAt))
    .limit(LIMITS.gasSweepRowsMax.value);
  for (const { gasAccountId } of due) {
    try {
      const row = await findGasAccount(db, gasAccountId);
      if (row !== undefined && (await take(deps, row))) await look(deps, row);
    } catch (thrown) {
      log.error('gasbank.sweep_failed', { gasAccountId, ...errorFields(thrown) });
    }
  }
}

/** False when somebody else has it, or there is nothing to see any more. */
async function take({ db, now }: NoteDeps, row: GasAccountRow): Promise<boolean> {
  const { gasAccountId, dueAt, status } = row;
  if (dueAt === null || dueAt > now) return false;
  const minutes = status === 'reclaiming' ? LIMITS.gasReclaimMinutes : LIMITS.gasCheckMinutes;
  const taken = await db
    .update(gasAccounts)
    .set({ dueAt: now + minutes.value * MINUTE_MS })
    .where(and(eq(gasAccounts.gasAccountId, gasAccountId), eq(gasAccounts.dueAt, dueAt)))
    .returning({ gasAccountId: gasAccounts.gasAccountId });
  return taken.length > 0;
}

async function look(deps: NoteDeps, row: GasAccountRow): Promise<void> {
  if (row.status === 'reclaiming') return reclaim(deps, row);
  if (!(await checkBalance(deps, row))) return;
  const dueAt = deps.now + LIMITS.gasLowCheckMinutes.value * MINUTE_MS;
  await deps.db
    .update(gasAccounts)
    .set({ dueAt })
    .where(and(eq(gasAccounts.gasAccountId, row.gasAccountId), eq(gasAccounts.status, 'open')));
}
