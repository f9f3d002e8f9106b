/** Bounds of reading a chain. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  chainAnswersKeptMax: {
    value: 500,
    unit: 'answers',
    reason: 'the last hours of a busy explorer page; one isolate serves all tenants from them',
  },
  chainAnswerKeptBytesMax: {
    value: 65_536,
    unit: 'bytes',
    reason: 'with 500 of them a quarter of an isolate; larger answers are asked for again',
  },
  chainAnswerKeptSeconds: {
    value: 600,
    unit: 'seconds',
    reason: 'what is in a block never changes, but one node said it and may have lied',
  },
  chainTipKeptMs: {
    value: 500,
    unit: 'milliseconds',
    reason: 'half of the shortest block time; a crowd that polls asks the node twice a second',
  },
  chainBlockTransactionsMax: {
    value: 65_535,
    unit: 'transactions',
    reason: 'the protocol allows no more in a block; a block of the main network has 512 at most',
  },
} as const satisfies Record<string, Limit>;
