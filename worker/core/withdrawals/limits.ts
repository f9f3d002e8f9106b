/** Bounds of GAS that leaves the platform. */
import type { Limit } from '../limits.ts';

const DAY_MS = 86_400_000;

export const LIMITS = {
  withdrawalMin: {
    value: 10_000_000,
    unit: 'datoshi',
    reason: '0.1 GAS: below it the release costs more than it pays',
  },
  withdrawalFeeCap: {
    value: 50_000_000,
    unit: 'datoshi',
    reason:
      '0.5 GAS; a release to a wallet costs 0.33, and the recipient’s code sets the rest (M14)',
  },
  withdrawalFeeMarginPercent: {
    value: 15,
    unit: 'percent',
    reason: 'over what was simulated, for state that moves until it is sent; the rest comes back',
  },
  withdrawalScheduleDaysMax: {
    value: 60,
    unit: 'days',
    reason: 'a month with room for the approvals; its hold lasts longer by the time of the queue',
  },
  withdrawalHoldMs: {
    value: 90 * DAY_MS,
    unit: 'milliseconds',
    reason: 'the longest a book holds; whatever is not sent by then ends and gives all back',
  },
  withdrawalFaultsMax: {
    value: 3,
    unit: 'faults',
    reason:
      'of releases to one destination in a day; then it is suspended for the rest of it (M14)',
  },
  withdrawalAttemptsMax: {
    value: 5,
    unit: 'attempts',
    reason: 'that ended before anything was signed; what still fails is for an operator',
  },
  withdrawalRetryMsStart: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'the first wait after an attempt that came to nothing; the sweep runs once a minute',
  },
  withdrawalRetryMsMax: {
    value: 3_600_000,
    unit: 'milliseconds',
    reason: 'the longest wait between two attempts, or two questions to a resolver',
  },
  withdrawalDestinationsMax: {
    value: 100,
    unit: 'destinations',
    reason: 'of one policy; the list stays readable for those who approve it',
  },
  withdrawalDelayHoursMax: {
    value: 720,
    unit: 'hours',
    reason: '30 days before a destination counts that is added; longer is a mistake',
  },
  resolverPollsMax: {
    value: 200,
    unit: 'questions',
    reason: 'to a resolver about one withdrawal, some six days; then an operator is told',
  },
  resolverVerdictDaysMax: {
    value: 10,
    unit: 'days',
    reason: 'that a resolver may ask to be left alone, or be missing; then an operator is told',
  },
  resolverRetryAfterMsMax: {
    value: 3_600_000,
    unit: 'milliseconds',
    reason: 'an hour; a resolver that asks for a longer pause is asked again all the same',
  },
  resolverAnswerBytesMax: {
    value: 16_384,
    unit: 'bytes',
    reason: 'a verdict about one withdrawal is a few hundred bytes',
  },
} as const satisfies Record<string, Limit>;
