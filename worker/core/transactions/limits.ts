/** Bounds of a proposed transaction: what is said of it, how long, and what its approvers are shown. */
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
  transactionNoteCharsMax: { value: 200, unit: 'characters', reason: 'one line of a terminal' },
  transactionRequestIdCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'a UUID or a hash in hexadecimal digits',
  },
  proposalMinutesMin: { value: 5, unit: 'minutes', reason: 'as long as a text can be signed' },
  proposalMinutesMax: {
    value: 10_080,
    unit: 'minutes',
    reason: 'a week: prices and the wish itself are old by then',
  },
} as const satisfies Record<string, Limit>;
