/** Bounds of the Neo configuration; bounds of the protocol itself stand beside its codecs. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  networksMax: { value: 8, unit: 'networks', reason: 'main, test and private ones, with room' },
  rpcEndpointsMax: {
    value: 8,
    unit: 'endpoints',
    reason: 'each broadcast and each vote asks all of them; six connections are open at once',
  },
  argumentsMax: {
    value: 2048,
    unit: 'arguments',
    reason: 'the stack of the virtual machine holds no more items, nested ones included',
  },
  argumentDepthMax: {
    value: 16,
    unit: 'levels',
    reason: 'deeper than any method takes; whoever walks arguments stays far from the stack',
  },
} as const satisfies Record<string, Limit>;
