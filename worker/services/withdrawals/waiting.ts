/** A withdrawal that keeps its place and says why. */
import type { PayoutReason } from '../../core/withdrawals/status.ts';
import { MINUTE_MS, type PayoutDeps } from './deps.ts';
import { LIMITS } from './limits.ts';
import { change, type PayoutRow } from './store.ts';

export interface Waiting {
  readonly reason: PayoutReason;
  readonly detail?: string | null;
  readonly etaAt?: number | null;
  /** How long; two minutes unless told otherwise. */
  readonly forMs?: number;
}

export function waitFor(
  { db, now }: PayoutDeps,
  row: PayoutRow,
  { reason, detail = null, etaAt = null, forMs }: Waiting,
): Promise<PayoutRow | undefined> {
  const dueAt = now + (forMs ?? LIMITS.withdrawalWaitMinutes.value * MINUTE_MS);
  return change(db, row, { reason, detail, etaAt, dueAt, updatedAt: now });
}
