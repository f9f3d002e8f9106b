/**
 * The token bucket, exact and pure. It holds thousandths of tokens: a rate of r tokens a second is
 * r thousandths a millisecond, so every state is an integer, and a bucket that is asked often does
 * not lose the fractions between.
 *
 * Guarantee: over any window of w ms the bucket grants at most capacity + refillPerSecond * w /
 * 1000 tokens, whatever the order of calls and even when the clock steps back. What isolates do
 * with granted tokens is not decided here: a token may be used up to one slice lifetime after its
 * grant (worker/http/rate-limit.ts states the overshoot).
 */
import { assert } from '../assert.ts';

export interface RatePolicy {
  /**
   * Stands in the `RateLimit` headers and in the object's name; a caller has one bucket for each
   * policy.
   */
  readonly name: string;
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface Bucket {
  readonly milliTokens: number;
  /** The latest time ever seen. */
  readonly refilledAt: number;
}

export interface LeaseRequest {
  readonly now: number;
  readonly want: number;
  readonly policy: RatePolicy;
}

/** What a caller may do now, in the facts that the `RateLimit` headers and `Retry-After` need. */
export interface Lease {
  readonly granted: number;
  readonly remaining: number;
  /** 0 when something was granted; else when one token will be there. */
  readonly retryAfterMs: number;
  /** Until the bucket is full again. */
  readonly resetSeconds: number;
}

const MILLI = 1_000;

/** Grants as many of the wanted tokens as there are. An absent bucket is a full one. */
export function decideLease(
  bucket: Bucket | undefined,
  { now, want, policy }: LeaseRequest,
): { readonly bucket: Bucket; readonly lease: Lease } {
  assertPolicy(policy);
  assert(Number.isSafeInteger(want) && want > 0, 'a lease is for at least one token');
  const filled = refill(bucket, policy, now);
  const granted = Math.min(want, Math.floor(filled.milliTokens / MILLI));
  const milliTokens = filled.milliTokens - granted * MILLI;
  return {
    bucket: { milliTokens, refilledAt: filled.refilledAt },
    lease: {
      granted,
      remaining: Math.floor(milliTokens / MILLI),
      retryAfterMs: granted > 0 ? 0 : Math.ceil((MILLI - milliTokens) / policy.refillPerSecond),
      resetSeconds: Math.ceil(refillMs(milliTokens, policy) / 1_000),
    },
  };
}

/** When the bucket is full again and says no more than an absent one. */
export const fullAt = (bucket: Bucket, policy: RatePolicy): number =>
  bucket.refilledAt + refillMs(bucket.milliTokens, policy);

/**
 * A clock that steps back adds nothing, and the same time is not paid for twice when it comes round
 * again.
 */
function refill(bucket: Bucket | undefined, policy: RatePolicy, now: number): Bucket {
  const full = policy.capacity * MILLI;
  if (bucket === undefined) return { milliTokens: full, refilledAt: now };
  const elapsedMs = Math.max(0, now - bucket.refilledAt);
  return {
    // A lowered capacity takes effect at once: what is above it is cut.
    milliTokens: Math.min(full, bucket.milliTokens + elapsedMs * policy.refillPerSecond),
    refilledAt: Math.max(now, bucket.refilledAt),
  };
}

const refillMs = (milliTokens: number, policy: RatePolicy): number =>
  Math.ceil((policy.capacity * MILLI - milliTokens) / policy.refillPerSecond);

function assertPolicy({ capacity, refillPerSecond }: RatePolicy): void {
  const bounded = (value: number) => Number.isSafeInteger(value) && value > 0 && value <= 1e6;
  assert(bounded(capacity) && bounded(refillPerSecond), 'a rate policy is two positive integers');
}
