/** Bounds of trial balances and of the trees that prove what is in them. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  checkpointEveryMinutes: {
    value: 60,
    unit: 'minutes',
    reason: 'what is wrong is found within the hour; each costs a call for every changed book',
  },
  checkpointStaleMinutes: {
    value: 180,
    unit: 'minutes',
    reason: 'two checkpoints missed; without a younger proof releases and refills pause',
  },
  checkpointSettleSeconds: {
    value: 3,
    unit: 'seconds',
    reason: 'from the cut to the first question: books tell of a change within a second or two',
  },
  checkpointBooksPerStep: {
    value: 200,
    unit: 'books',
    reason: 'asked in one step, far below the subrequests of one invocation',
  },
  checkpointStepsPerSweep: {
    value: 20,
    unit: 'steps',
    reason: '4,000 books a minute; the rest waits for the next sweep',
  },
  checkpointRetrySeconds: {
    value: 30,
    unit: 'seconds',
    reason: 'until a step that could not be done, or whose doer died, is tried again',
  },
  checkpointReadsMax: {
    value: 20,
    unit: 'readings',
    reason: 'of the chain for one checkpoint, ten minutes and more; then it cannot be proven',
  },
  checkpointAddressesPerRead: {
    value: 50,
    unit: 'addresses',
    reason: 'one script of a node; 1,024 items is the most a stack may have',
  },
  checkpointBooksMax: {
    value: 50_000,
    unit: 'books',
    reason: 'of one network in one tree, about 175,000 leaves: a few seconds of hashing',
  },
  checkpointsKept: {
    value: 10_000,
    unit: 'checkpoints',
    reason: 'of a network, more than a year of hourly statements of some 2 KB',
  },
  checkpointTreesKept: {
    value: 168,
    unit: 'trees',
    reason: 'of a network: for a week anyone can ask for the proof of an hour',
  },
  anchorAttemptsMax: {
    value: 6,
    unit: 'attempts',
    reason: 'over some three hours; the next checkpoint says more than a root that is older still',
  },
  anchorRetryMinutes: {
    value: 10,
    unit: 'minutes',
    reason: 'before the second attempt, and each later one waits so much longer',
  },
  anchorCheckMinutes: {
    value: 10,
    unit: 'minutes',
    reason: 'until the sender of an anchor is asked, if it does not tell by itself',
  },
  anchorHandOverSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'until an anchor whose handing over died is handed over again',
  },
  anchorWindowBlocks: {
    value: 100,
    unit: 'blocks',
    reason: '25 minutes on the main network, far below the hour to the next one',
  },
  anchorsPerSweep: {
    value: 20,
    unit: 'anchors',
    reason: 'one an hour for each network, and those that are tried again',
  },
  bookUnheardMinutes: {
    value: 1_440,
    unit: 'minutes',
    reason: 'a book that was not heard of for a day is woken and asked: its alarm may be lost',
  },
  bookWakesPerSweep: {
    value: 100,
    unit: 'books',
    reason: '144,000 books a day; a wake is one call',
  },
} as const satisfies Record<string, Limit>;
