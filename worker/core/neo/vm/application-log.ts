/**
 * `getapplicationlog` of a transaction or a block. A log is evidence only for the container it
 * names, so the asker compares that first. Each trigger stands at most once, since notifications
 * are known by container, trigger and place: a log with two Application executions could otherwise
 * give one deposit two identities, or two deposits one.
 */
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import {
  type Execution,
  effectiveNotifications,
  readExecution,
  type Trigger,
} from './execution.ts';
import { LIMITS } from './limits.ts';
import type { Notification } from './notification.ts';

export interface ApplicationLog {
  readonly kind: 'transaction' | 'block';
  /** Hash of the transaction or the block. */
  readonly container: Hash256;
  /** Empty when the node was asked for a trigger that this container does not have. */
  readonly executions: readonly Execution[];
}

/** A notification that happened, with its place among all of its execution. */
export interface LoggedNotification extends Notification {
  readonly trigger: Trigger;
  readonly index: number;
}

const TRIGGERS_OF = {
  transaction: ['Application'],
  block: ['OnPersist', 'PostPersist'],
} as const satisfies Record<ApplicationLog['kind'], readonly Trigger[]>;

export const parseApplicationLog = (json: unknown): Parsed<ApplicationLog> =>
  parseWhole(json, (reader) => {
    const transaction = reader.optional('txid');
    const kind = transaction === null ? 'block' : 'transaction';
    const container = (transaction ?? reader.field('blockhash')).parsed(parseHash256, 'a hash');
    return { kind, container, executions: readExecutions(reader.field('executions'), kind) };
  });

function readExecutions(reader: JsonReader, kind: ApplicationLog['kind']): readonly Execution[] {
  const executions = reader.list(LIMITS.executionsMax.value, readExecution);
  const triggers = executions.map(({ trigger }) => trigger);
  const allowed: readonly Trigger[] = TRIGGERS_OF[kind];
  if (triggers.some((trigger) => !allowed.includes(trigger)))
    reader.refuse(`a trigger that no ${kind} has`);
  if (new Set(triggers).size !== triggers.length) reader.refuse('a trigger stands twice');
  return executions;
}

/**
 * The notifications that happened, those of HALTed executions only. The index counts within the
 * execution and is the same whatever else is filtered later: `magic:txHash:index` for a
 * transaction, `magic:blockHash:trigger:index` for a block.
 */
export const loggedNotifications = (log: ApplicationLog): readonly LoggedNotification[] =>
  log.executions.flatMap((execution) =>
    effectiveNotifications(execution).map((notification, index) => ({
      ...notification,
      trigger: execution.trigger,
      index,
    })),
  );
