/**
 * When a subscriber's events are handed over again. A hand-over that died looks like one that is
 * slow, so each waits longer than the one before, until something is acknowledged.
 */
import { LIMITS } from './limits.ts';

export interface Delivery {
  /** Hand-overs since the last event was acknowledged. */
  readonly tries: number;
  /** Not before. */
  readonly after: number;
}

export function deliverAgain(tries: number, now: number): Delivery {
  const doubled = LIMITS.followerDeliveryRetryMsStart.value * 2 ** Math.min(tries, 16);
  const waitMs = Math.min(doubled, LIMITS.followerDeliveryRetryMsMax.value);
  return { tries: tries + 1, after: now + waitMs };
}

/** Somebody is reading: what is left or comes next is handed over when he is surely done. */
export const afterAcknowledged = (pending: number, now: number): Delivery => ({
  tries: 0,
  after: pending === 0 ? 0 : now + LIMITS.followerDeliveryRetryMsStart.value,
});
