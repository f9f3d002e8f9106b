/**
 * Whether money may leave the vault by itself (M6). It does not after a trial balance that failed,
 * until a later one is proven, nor when none was proven for too long: what nobody looks at any more
 * is as good as wrong. A checkpoint that could not be proven says nothing either way. Reservations,
 * sponsorships and deposits go on.
 */
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { loadVault } from '../vaults/index.ts';
import { LIMITS } from './limits.ts';
import { gasbankCheckpoints } from './tables.ts';

export type PauseReason = 'trial_balance_failed' | 'trial_balance_stale';

const STALE_MS = LIMITS.checkpointStaleMinutes.value * 60_000;

/** Why releases and refills of the network pause; null while they do not. */
export async function isPaused(
  db: Database,
  magic: number,
  now: number,
): Promise<PauseReason | null> {
  const vault = await loadVault(db, magic);
  if (vault === undefined) return null;
  const [last] = await db
    .select({ status: gasbankCheckpoints.status, cutAt: gasbankCheckpoints.cutAt })
    .from(gasbankCheckpoints)
    .where(
      and(
        eq(gasbankCheckpoints.networkMagic, magic),
        inArray(gasbankCheckpoints.status, ['proven', 'failed']),
      ),
    )
    .orderBy(desc(gasbankCheckpoints.height))
    .limit(1);
  if (last?.status === 'failed') return 'trial_balance_failed';
  // A vault that was just made has until then to be proven once.
  const since = last?.cutAt ?? vault.createdAt;
  return now - since > STALE_MS ? 'trial_balance_stale' : null;
}
