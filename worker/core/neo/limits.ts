/** Bounds of the Neo configuration; bounds of the protocol itself stand beside its codecs. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  networksMax: { value: 8, unit: 'networks', reason: 'main, test and private ones, with room' },
  rpcEndpointsMax: {
    value: 8,
    unit: 'endpoints',
    reason: 'each broadcast and each vote asks all of them; six connections are open at once',
  },
  publicKeysRememberedMax: {
    value: 1_024,
    unit: 'public keys',
    reason: 'the validators of all networks and the wallets in use, in some hundred kilobytes',
  },
} as const satisfies Record<string, Limit>;
