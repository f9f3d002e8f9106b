/** Bounds of sponsorships that are asked for over the API. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  sponsorshipPoliciesMax: {
    value: 100,
    unit: 'policies',
    reason: 'of an account: one for each application and stage; a page shows them all',
  },
  sponsorshipNameCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  sponsorshipHandOverSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'who hands a transaction over has so long; then the sweep does it again',
  },
  sponsorshipSenderCheckMinutes: {
    value: 5,
    unit: 'minutes',
    reason: 'how often one under way is compared with its sender, should events be lost',
  },
  sponsorshipKeepDays: {
    value: 400,
    unit: 'days',
    reason: 'of one that ended: a business year and its audit; book and chain have it for ever',
  },
  sponsorshipSweepRowsMax: {
    value: 100,
    unit: 'sponsorships',
    reason: 'a sweep is over in seconds; the next one does the rest',
  },
  sponsorshipSessionMinutes: {
    value: 60,
    unit: 'minutes',
    reason: 'a visit; the wallet of the signer is asked again after it',
  },
  sponsorReadingsMax: {
    value: 3,
    unit: 'readings',
    reason:
      'of the balances of sponsors, until nodes agree; they are a block apart for a moment only',
  },
  sponsorReadingPauseMs: {
    value: 150,
    unit: 'milliseconds',
    reason: 'between two of them: a block travels between nodes in less',
  },
} as const satisfies Record<string, Limit>;
