/** Bounds of what runs may hold of one isolate. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  runsLiveMax: {
    value: 32,
    unit: 'runs',
    reason: 'started and not ended; most of them wait for host calls and hold 2 MiB each',
  },
  runsWaitingMax: {
    value: 64,
    unit: 'runs',
    reason: 'two seconds of work at 30 ms a run; more would only wait to be refused',
  },
  runMemoryBytesMax: {
    value: 75_497_472,
    unit: 'bytes',
    reason: '72 MiB: with the code it stays below the 128 MiB at which production ends an isolate',
  },
  runAskAgainMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'longer than the longest turn of another run; whoever is silent for longer is dead',
  },
  runAwayMs: {
    value: 90_000,
    unit: 'milliseconds',
    reason: 'as long as the lease of a run: after it the execution has ended in any case',
  },
  runSlotWaitMs: {
    value: 2_000,
    unit: 'milliseconds',
    reason: 'a caller would rather be told than hang; the queue of `mode: async` waits longer',
  },
} as const satisfies Record<string, Limit>;
