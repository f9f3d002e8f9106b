/** Bounds of gas accounts, of what is read of them, and of reservations. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  gasAccountLabelCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  gasAccountsMax: {
    value: 500,
    unit: 'gas accounts',
    reason: 'of one account, closed ones too, since their names are kept; 100 are open in one book',
  },
  gasStatementLinesMax: {
    value: 5_000,
    unit: 'entries',
    reason: 'of one CSV document: ten reads of the book; `Link` leads to the next',
  },
  gasStatementDaysDefault: { value: 31, unit: 'days', reason: 'a month, where no time is given' },
  gasUsageDaysMax: { value: 366, unit: 'days', reason: 'a year of one line a day and purpose' },
  reservationPurposeCharsMax: {
    value: 48,
    unit: 'characters',
    reason: 'a word that usage is counted under, behind `reservations.`',
  },
  reservationSecondsMax: {
    value: 2_592_000,
    unit: 'seconds',
    reason: '30 days; GAS put aside for longer is better moved to a gas account of its own',
  },
  gasSweepRowsMax: {
    value: 50,
    unit: 'gas accounts',
    reason: 'in one sweep; each is a question to one book, and the rest comes a minute later',
  },
  gasCheckMinutes: {
    value: 15,
    unit: 'minutes',
    reason: 'between two looks at a balance that nothing has spent from through the platform',
  },
  gasLowCheckMinutes: {
    value: 1,
    unit: 'minutes',
    reason: 'between two looks at a low one: a deposit ends it, or a top-up that was refused',
  },
  gasReclaimMinutes: {
    value: 10,
    unit: 'minutes',
    reason: 'between two attempts to empty the book of a deleted account; holds end in their time',
  },
} as const satisfies Record<string, Limit>;
