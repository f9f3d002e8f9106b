/** Bounds of metered work and of credits. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  priceListKeptMs: {
    value: 20_000,
    unit: 'milliseconds',
    reason: 'an isolate remembers prices as it does credentials; a change holds within 30 seconds',
  },
  meterHoldMs: {
    value: 300_000,
    unit: 'milliseconds',
    reason:
      'a run is concluded within 90 seconds; what a dead runner held is free again soon after',
  },
  creditOrderSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'a request that has not booked its credits by then has died',
  },
  meteringSweepRowsMax: {
    value: 50,
    unit: 'rows',
    reason: 'each is one call of a book; the next sweep takes the rest',
  },
  creditReasonCharsMax: {
    value: 500,
    unit: 'characters',
    reason: 'a paragraph, which stays in the book and the audit log',
  },
} as const satisfies Record<string, Limit>;
