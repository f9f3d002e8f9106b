/**
 * Bounds of one run of a function. A function may ask for less; only memory and fuel may be asked
 * for at all.
 */
import type { Limit } from '../limits.ts';

const MIB = 1_048_576;

export const LIMITS = {
  sourceBytesMax: { value: 262_144, unit: 'bytes', reason: 'bundled functions stay far below' },
  sourceHostsMax: {
    value: 50,
    unit: 'hosts',
    reason: 'listed of those a source names; more than twice what its permissions can name',
  },
  fuelDefault: {
    value: 3_000_000_000,
    unit: 'fuel',
    reason: 'one unit is one WebAssembly instruction: 0.2 to 0.5 s of a processor core',
  },
  fuelMax: { value: 10_000_000_000, unit: 'fuel', reason: 'about a second of a processor core' },
  compileFuel: {
    value: 3_000_000_000,
    unit: 'fuel',
    reason: 'a source that takes more to parse could not run on the default',
  },
  memoryBytesDefault: { value: 16 * MIB, unit: 'bytes', reason: 'eight runs fit in one isolate' },
  memoryBytesMin: { value: 4 * MIB, unit: 'bytes', reason: 'the empty interpreter takes 1.5 MiB' },
  memoryBytesMax: {
    value: 32 * MIB,
    unit: 'bytes',
    reason: 'written into the WASM as its maximum',
  },
  awaitMs: { value: 30_000, unit: 'milliseconds', reason: 'bounds waiting; fuel bounds computing' },
  resultBytesMax: { value: 65_536, unit: 'bytes', reason: 'fits in one row beside logs' },
  logBytesMax: { value: 65_536, unit: 'bytes', reason: 'fits in one row beside the result' },
  actionsMax: { value: 100, unit: 'actions', reason: 'each is a work item with its own result' },
  actionBytesMax: { value: 262_144, unit: 'bytes', reason: 'params of all actions of a run' },
  httpCallsMax: { value: 5, unit: 'calls', reason: 'a function is no crawler' },
  httpBytesMax: { value: 4_000_000, unit: 'bytes', reason: 'requests and answers of one run' },
  chainReadsMax: {
    value: 20,
    unit: 'reads',
    reason: 'a dozen balances and what led to them; they go to nodes that all tenants share',
  },
  chainAnswerBytesMax: {
    value: 262_144,
    unit: 'bytes',
    reason: 'of a node, for one read: a contract of anybody chooses its length; counts in 4 MB too',
  },
  jsonDepthMax: {
    value: 200,
    unit: 'levels',
    reason: 'deeper JSON overflows the stack of recursive readers',
  },
  errorCharsMax: { value: 4_096, unit: 'characters', reason: 'messages and stacks, each' },
  runtimesKept: { value: 3, unit: 'runtimes', reason: 'replay of executions from before upgrades' },
} as const satisfies Record<string, Limit>;

/** What one run may use; recorded in entry 0 of its journal. */
export interface RunLimits {
  readonly fuel: number;
  readonly memoryBytes: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = {
  fuel: LIMITS.fuelDefault.value,
  memoryBytes: LIMITS.memoryBytesDefault.value,
};

/**
 * Host work in fuel: entering the host costs about a microsecond, moving and reading a byte about
 * one nanosecond.
 */
export const HOST_FUEL = { call: 5_000, byte: 5, clock: 200 } as const;
