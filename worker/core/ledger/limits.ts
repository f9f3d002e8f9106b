/** Bounds of the books of accounts: one object for each account and network. */
import type { Limit } from '../limits.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const LIMITS = {
  ledgerAmountMax: {
    value: Number.MAX_SAFE_INTEGER,
    unit: 'datoshi',
    reason:
      'SQLite reaches JavaScript as numbers, exact to 2^53 - 1: 90 million GAS, above all GAS there is',
  },
  ledgerGasAccountsMax: {
    value: 100,
    unit: 'gas accounts',
    reason: 'of one book; its whole balance sheet stays one short read',
  },
  ledgerIdCharsMax: {
    value: 120,
    unit: 'characters',
    reason: 'ids of commands; `magic:txHash:index` takes at most 88',
  },
  ledgerNoteCharsMax: {
    value: 500,
    unit: 'characters',
    reason: 'words of an operator or a verdict; evidence lies elsewhere',
  },
  ledgerBudgetsMax: {
    value: 32,
    unit: 'budgets',
    reason:
      'of one command: policy, key, signer, end user, and each contract and method of a script',
  },
  ledgerHoldMsMax: {
    value: 90 * DAY_MS,
    unit: 'milliseconds',
    reason: 'a withdrawal that waits for its schedule and its approvals; longer is a mistake',
  },
  ledgerBudgetDaysKept: {
    value: 100,
    unit: 'days',
    reason:
      'a hold that ends gives back to the day it was made on, and is older than 90 days rarely',
  },
  ledgerBookBytesMax: {
    value: 8_589_934_592,
    unit: 'bytes',
    reason:
      '8 GiB of the 10 GB of an object: beyond it nothing new begins, and what is open can still end',
  },
  ledgerSizeEveryCommands: {
    value: 256,
    unit: 'commands',
    reason: 'between two looks at its size a book gains less than a MiB; each look is a query',
  },
  ledgerSumAccountsMax: {
    value: 400,
    unit: 'accounts',
    reason:
      'of the book; up to so many are summed in every turn, beyond it (suspense of a platform book) ' +
      'at every checkpoint',
  },
  ledgerSweepRowsMax: {
    value: 50,
    unit: 'rows',
    reason: 'an alarm is over in milliseconds and comes again for the rest',
  },
  ledgerMovesBatchMax: {
    value: 25,
    unit: 'moves',
    reason: 'handed over by one alarm; two calls each, far below the subrequests of one invocation',
  },
  ledgerMoveRetryMsStart: {
    value: 2_000,
    unit: 'milliseconds',
    reason: 'a move takes two calls; who has not answered by then is asked again',
  },
  ledgerMoveRetryMsMax: {
    value: 10 * MINUTE_MS,
    unit: 'milliseconds',
    reason: 'money in transit is never given up; a book that cannot be reached is an incident',
  },
  ledgerNoticesBatchMax: {
    value: 100,
    unit: 'notices',
    reason: 'handed over at once; a book has two for each checkpoint at most',
  },
  ledgerNoticeDelayMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'far below what a checkpoint waits for them; one alarm tells what came up together',
  },
  ledgerNoticeRetryMsStart: {
    value: 5_000,
    unit: 'milliseconds',
    reason: 'a hand-over is a few calls; who has not acknowledged by then is told again',
  },
  ledgerNoticeRetryMsMax: {
    value: 10 * MINUTE_MS,
    unit: 'milliseconds',
    reason: 'a checkpoint an hour still hears of every change while the catalogue is slow',
  },
  ledgerIdleAlarmMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'an alarm that found nothing to do never asks to be called again at once',
  },
  ledgerAlarmRetryMs: {
    value: 30_000,
    unit: 'milliseconds',
    reason: 'set before the work of an alarm, in case that fails',
  },
} as const satisfies Record<string, Limit>;
