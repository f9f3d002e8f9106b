/**
 * Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): a random
 * time between nothing and a bound that doubles with each attempt. Without jitter, items that
 * failed together come back together.
 */
import { assert } from '../assert.ts';
import { LIMITS } from './limits.ts';

/** `random` is in [0, 1); the first attempt that failed is attempt 1. */
export function backoffMs(attempt: number, random: number): number {
  assert(Number.isInteger(attempt) && attempt >= 1, 'attempts are counted from 1');
  const doubled = LIMITS.queueBackoffStartMs.value * 2 ** (attempt - 1);
  return jittered(Math.min(doubled, LIMITS.queueBackoffMaxMs.value), random);
}

export const releasePauseMs = (random: number): number =>
  jittered(LIMITS.queueReleasePauseMs.value, random);

function jittered(boundMs: number, random: number): number {
  assert(random >= 0 && random < 1, 'a random fraction is in [0, 1)');
  // Never 0: an item that is due again in the same millisecond would be leased by the alarm that
  // gave it up.
  return Math.max(1, Math.floor(random * boundMs));
}
