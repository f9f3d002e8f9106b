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
    value: 67_108_864,
    unit: 'bytes',
    reason: '64 MiB: with the code it stays below the 128 MiB at which production ends an isolate',
  },
  runPassOverMs: {
    value: 50,
    unit: 'milliseconds',
    reason: 'whoever is in line asks every millisecond; one silent for longer is dead or asleep',
  },
  runBatchMs: {
    value: 10,
    unit: 'milliseconds',
    reason: 'several small runs between two looks at the sockets, but one large one',
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
