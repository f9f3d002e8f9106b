/**
 * What one run of a script did: the executions of an application log, the `transaction_executed`
 * stream, and test invocations. `vmState` decides everything: an execution that did not HALT lists
 * the notifications raised before the fault all the same, and none of them happened.
 */
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { LIMITS } from './limits.ts';
import { type Notification, readNotifications } from './notification.ts';
import { readStackItem, type StackItem } from './stack-item.ts';

const TRIGGERS = ['OnPersist', 'PostPersist', 'Verification', 'Application'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** NONE and BREAK are of debuggers; no finished execution has them. */
export const VM_STATES = ['HALT', 'FAULT'] as const;
export type VmState = (typeof VM_STATES)[number];

/** What every report of a run has, whoever asked for it. */
export interface RunOutcome {
  readonly vmState: VmState;
  /** The VM's message; null after HALT. */
  readonly exception: string | null;
  readonly gasConsumedDatoshi: bigint;
  /**
   * Null when the node could not print it, or when it is larger or deeper than the bounds: anybody
   * may leave anything there, and must not keep others from reading the notifications.
   */
  readonly stack: readonly StackItem[] | null;
  /** Everything that was raised, void or not; see `effectiveNotifications`. */
  readonly notifications: readonly Notification[];
}

export interface Execution extends RunOutcome {
  readonly trigger: Trigger;
}

export interface ContainedExecution extends Execution {
  readonly container: Hash256;
}

const I64_MAX = (1n << 63n) - 1n;

export function readRunOutcome(reader: JsonReader, stateField: 'vmstate' | 'state'): RunOutcome {
  return {
    vmState: reader.field(stateField).choice(VM_STATES),
    exception: readException(reader.optional('exception')),
    gasConsumedDatoshi: reader.field('gasconsumed').decimal(0n, I64_MAX),
    stack: readStack(reader.field('stack')),
    notifications: readMaybeNotifications(reader.optional('notifications')),
  };
}

export const readExecution = (reader: JsonReader): Execution => ({
  trigger: reader.field('trigger').choice(TRIGGERS),
  ...readRunOutcome(reader, 'vmstate'),
});

/** `transaction_executed`, sent for faulted transactions too. */
export const parseContainedExecution = (json: unknown): Parsed<ContainedExecution> =>
  parseWhole(json, (reader) => ({
    container: reader.field('container').parsed(parseHash256, 'a hash'),
    ...readExecution(reader),
  }));

/** The notifications that happened: all of a HALTed run, none of any other. */
export const effectiveNotifications = (outcome: RunOutcome): readonly Notification[] =>
  outcome.vmState === 'HALT' ? outcome.notifications : [];

function readException(reader: JsonReader | null): string | null {
  if (reader === null || reader.isNull) return null;
  return reader.text(LIMITS.exceptionCharsMax.value);
}

/** The stream says null where there are none. */
function readMaybeNotifications(reader: JsonReader | null): readonly Notification[] {
  return reader === null || reader.isNull ? [] : readNotifications(reader);
}

function readStack(reader: JsonReader): readonly StackItem[] | null {
  const stack = parseWhole(reader.raw, (inner) =>
    inner.list(LIMITS.stackDepthMax.value, readStackItem),
  );
  return stack.ok ? stack.value : null;
}
