/** Bounds of the rate limits; `GET /limits` shows them and `policies.ts` is made from them. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  rateKeyPerSecond: {
    value: 100,
    unit: 'requests',
    reason:
      'a busy backend polling a hundred executions; one object serves thousands of leases a second',
  },
  rateKeyBurst: { value: 300, unit: 'requests', reason: 'three seconds of the steady rate' },
  rateAddressPerSecond: {
    value: 20,
    unit: 'requests',
    reason: 'people reading the docs behind one address; a guesser of keys gets no further',
  },
  rateAddressBurst: { value: 60, unit: 'requests', reason: 'three seconds of the steady rate' },
  rateSliceTokensMax: {
    value: 20,
    unit: 'requests',
    reason: 'one call to the object for 20 requests; bounds the overshoot to 20 an isolate',
  },
  rateSliceLifetimeMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'tokens an isolate does not use come back to nobody, so they must not be kept long',
  },
  rateCallersPerIsolateMax: {
    value: 10_000,
    unit: 'callers',
    reason: 'about 2 MB of an isolate; a flood of addresses evicts the oldest',
  },
  rateQuietMs: {
    value: 60_000,
    unit: 'milliseconds',
    reason:
      'a full bucket unused for this long is removed; earlier would rebuild it for slow callers',
  },
  rateUnreachablePauseMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'lets an overloaded object recover before this isolate asks it again',
  },
} as const satisfies Record<string, Limit>;
