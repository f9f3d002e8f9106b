/** Bounds of the arguments that scripts carry; those of scripts themselves are the transaction's. */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  argumentDepthMax: {
    value: 16,
    unit: 'levels',
    reason: 'deeper than any method takes; whoever walks arguments stays far from the stack',
  },
  multisigKeysMax: {
    value: 15,
    unit: 'keys',
    reason: 'neo-go and other software write 16 in two ways, so 16 keys would have two addresses',
  },
} as const satisfies Record<string, Limit>;
