/**
 * The states of a sponsorship:
 *
 *   prepared -> sending -> confirmed | faulted | expired | disputed
 *   prepared -> expired | rejected, before the sponsor signed;  disputed -> any end, by an operator
 *
 * The GAS is held from the first to the end. From `sending` on only a verdict about the chain ends
 * it (money rules M4, M7); one that the user cancels with a transaction of her own ends by expiry
 * and proven absence, and nothing is charged (M22).
 */
import type { Outcome } from '../transactions/status.ts';

export const SPONSORSHIP_STATUSES = [
  'prepared',
  'sending',
  'confirmed',
  'faulted',
  'expired',
  'rejected',
  'disputed',
] as const;
export type SponsorshipStatus = (typeof SPONSORSHIP_STATUSES)[number];

const OPEN: ReadonlySet<SponsorshipStatus> = new Set(['prepared', 'sending', 'disputed']);

export const isOver = (status: SponsorshipStatus): boolean => !OPEN.has(status);

/** What was signed elsewhere is never withdrawn by its sender: both words say it is on no chain. */
export const statusOf = (outcome: Outcome): SponsorshipStatus =>
  outcome === 'cancelled' || outcome === 'rejected' ? 'expired' : outcome;

export const leavesOf = (status: SponsorshipStatus): readonly SponsorshipStatus[] => {
  if (status === 'disputed') return ['sending'];
  return ['sending', 'disputed'];
};
