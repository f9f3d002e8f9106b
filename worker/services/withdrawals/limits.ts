/** Bounds of withdrawals that are asked for over the API, and of the sweep that moves them on. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  withdrawalsOpenMax: {
    value: 200,
    unit: 'open withdrawals',
    reason: 'of an account; an operator’s sender takes a thousand of all accounts',
  },
  withdrawalApprovalHours: {
    value: 72,
    unit: 'hours',
    reason: 'approvers see it over a weekend; then it ends and gives all back',
  },
  withdrawalWindowBlocks: {
    value: 60,
    unit: 'blocks',
    reason: 'a quarter of an hour on the main network: time for a full pool to drain',
  },
  withdrawalHandOverSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'who hands a withdrawal over has so long; then the sweep does it again',
  },
  withdrawalCheckMinutes: {
    value: 5,
    unit: 'minutes',
    reason: 'how often one under way is compared with its sender, should events be lost',
  },
  withdrawalWaitMinutes: {
    value: 2,
    unit: 'minutes',
    reason: 'between two looks at what keeps a withdrawal from its turn',
  },
  withdrawalSweepRowsMax: {
    value: 100,
    unit: 'withdrawals',
    reason: 'a sweep is over in seconds; the next one does the rest',
  },
  withdrawalReasonCharsMax: {
    value: 500,
    unit: 'characters',
    reason: 'a paragraph, which stays in the audit log',
  },
  refillsPerDayMax: {
    value: 24,
    unit: 'refills',
    reason: 'of one wallet; the vault has a cap of its own for what they come to',
  },
} as const satisfies Record<string, Limit>;
