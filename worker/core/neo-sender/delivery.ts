/**
 * When events that nobody acknowledged are handed over again. A hand-over that died looks like one
 * that is slow, so each waits longer than the one before; whoever takes them counts an event once,
 * by its id.
 */
import { LIMITS } from './limits.ts';

export interface Delivery {
  /** Hand-overs since the last event was acknowledged. */
  readonly tries: number;
  /** Not before. */
  readonly after: number;
}

export function deliverAgain(tries: number, now: number): Delivery {
  const doubled = LIMITS.senderDeliveryRetryMsStart.value * 2 ** Math.min(tries, 16);
  const waitMs = Math.min(doubled, LIMITS.senderDeliveryRetryMsMax.value);
  return { tries: tries + 1, after: now + waitMs };
}
