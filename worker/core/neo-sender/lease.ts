/**
 * A piece of repeated work of a sender: when it is due, and who holds it. A lease is named by a
 * number that only grows; a report under another number, or after the lease ran out, is refused.
 * Every step may run twice and die at any point, so the end of a lease says only: try again.
 */
import { assert } from '../assert.ts';
import { LIMITS } from './limits.ts';

export interface Lease {
  /** Null: nothing is left to do. Kept while a lease is held. */
  readonly dueAt: number | null;
  /** Of the present or the last lease; 0 before the first. */
  readonly leaseNumber: number;
  /** Null: nobody holds it. */
  readonly leaseUntil: number | null;
  /** Leases since the last one that brought something. */
  readonly tries: number;
}

export const UNLEASED: Lease = { dueAt: null, leaseNumber: 0, leaseUntil: null, tries: 0 };

export function takeLease(lease: Lease, now: number): Lease {
  assert(lease.dueAt !== null && lease.dueAt <= now, 'only what is due is leased');
  assert(lease.leaseUntil === null, 'one holder at a time');
  return {
    dueAt: lease.dueAt,
    leaseNumber: lease.leaseNumber + 1,
    leaseUntil: now + LIMITS.senderLeaseMs.value,
    tries: lease.tries + 1,
  };
}

/** A lease that ran out is dead even if the watchdog has not come by yet, else both could report. */
export const holdsLease = (lease: Lease, leaseNumber: number, now: number): boolean =>
  lease.leaseUntil !== null && lease.leaseNumber === leaseNumber && now < lease.leaseUntil;

/** It brought something; the next time is `dueAt`. */
export const dueAgain = (lease: Lease, dueAt: number): Lease => ({
  ...lease,
  dueAt,
  leaseUntil: null,
  tries: 0,
});

/** It brought nothing, or its holder died. */
export const retryLater = (lease: Lease, now: number): Lease => ({
  ...lease,
  dueAt: now + retryMs(lease.tries),
  leaseUntil: null,
});

/** No more of it; a holder that still comes back is refused. */
export const noMore = (lease: Lease): Lease => ({ ...lease, dueAt: null, leaseUntil: null });

/** As soon as nobody holds it. */
export const dueBy = (lease: Lease, at: number): Lease => ({
  ...lease,
  dueAt: lease.dueAt === null ? at : Math.min(lease.dueAt, at),
});

/** No jitter: one wallet's steps are few, and blocks set the pace of all wallets anyway. */
function retryMs(tries: number): number {
  const doubled = LIMITS.senderRetryMsStart.value * 2 ** Math.min(Math.max(0, tries - 1), 16);
  return Math.min(doubled, LIMITS.senderRetryMsMax.value);
}
