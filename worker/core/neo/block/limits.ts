/** Bounds of blocks, as the chain has them. */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  blockTransactionsMax: { value: 65_535, unit: 'transactions', reason: 'Block of neo: a u16' },
  blockBytesMax: {
    value: 33_554_432,
    unit: 'bytes',
    reason: 'PayloadMaxSize of the network, which a block is sent in',
  },
} as const satisfies Record<string, Limit>;
