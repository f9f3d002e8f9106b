/** Bounds of what is shown of a transaction to those who approve it. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  approvalCallsShown: {
    value: 3,
    unit: 'calls',
    reason: 'of a script, in a text that a wallet shows on one screen; the rest is counted',
  },
  approvalMethodCharsShown: {
    value: 32,
    unit: 'characters',
    reason: 'of the name of a method, longer than those of native contracts',
  },
} as const satisfies Record<string, Limit>;
