/**
 * The two rates of the product: one for a known API key, one for an address that has shown no valid
 * credential.
 */
import type { RatePolicy } from './bucket.ts';
import { LIMITS } from './limits.ts';

export const RATE_POLICIES = {
  key: {
    name: 'key',
    capacity: LIMITS.rateKeyBurst.value,
    refillPerSecond: LIMITS.rateKeyPerSecond.value,
  },
  address: {
    name: 'address',
    capacity: LIMITS.rateAddressBurst.value,
    refillPerSecond: LIMITS.rateAddressPerSecond.value,
  },
} as const satisfies Record<string, RatePolicy>;
