/**
 * What a run leaves behind while it runs: log lines and queued actions. Both are taken from the
 * guest the moment it makes them and bounded here, on the host's side, where user code cannot
 * reach.
 */

import type { JsonValue } from './json-text.ts';
import { parseJsonText, utf8Length } from './json-text.ts';
import { LIMITS } from './limits.ts';
import {
  ACTION_MODULES,
  type ActionType,
  isActionType,
  isKnownAction,
  type RunRights,
} from './permissions.ts';

export type LogLevel = 'log' | 'info' | 'warn' | 'error' | 'debug';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
}

export interface QueuedAction {
  /** `action_1`, `action_2` ... in the order of the calls. */
  readonly id: string;
  readonly type: ActionType;
  readonly params: { readonly [name: string]: JsonValue };
}

/** A line costs this beside its text, so that empty lines end as well. */
const LINE_BYTES = 16;
const LEVELS: readonly LogLevel[] = ['log', 'info', 'warn', 'error', 'debug'];

export const refusal = (code: string, message: string): string => `!${code} ${message}`;

export class Recorder {
  readonly logs: LogLine[] = [];
  readonly actions: QueuedAction[] = [];
  logsTruncated = false;
  private readonly rights: RunRights;
  private logBytes = 0;
  private actionBytes = 0;

  constructor(rights: RunRights) {
    this.rights = rights;
  }

  /**
   * Answers the empty string as long as more lines are welcome. The line that does not fit is cut.
   */
  log(levelText: string, message: string | undefined): string {
    if (this.logsTruncated) return 'full';
    const level = LEVELS.find((known) => known === levelText) ?? 'log';
    const room = LIMITS.logBytesMax.value - this.logBytes - LINE_BYTES;
    const whole = message ?? '';
    const kept = cutToBytes(whole, room);
    if (room > 0 && (kept !== '' || whole === '')) this.logs.push({ level, message: kept });
    this.logsTruncated = message === undefined || kept !== whole || room <= 0;
    this.logBytes += LINE_BYTES + utf8Length(kept);
    return this.logsTruncated ? 'full' : '';
  }

  /** Answers the action's id, or a refusal that is thrown where the code stands. */
  queue(type: string, paramsText: string | undefined): string {
    const { permissions, hostVersion } = this.rights;
    if (!isActionType(type) || !isKnownAction(type, hostVersion))
      return refusal('functions.call_invalid', `unsupported action type "${type}"`);
    const module = ACTION_MODULES[type];
    if (!permissions.modules.includes(module)) {
      return refusal('functions.permission_denied', `The function may not use Devpack.${module}`);
    }
    if (this.actions.length >= LIMITS.actionsMax.value) {
      return refusal(
        'functions.action_limit',
        `A run queues at most ${LIMITS.actionsMax.value} actions`,
      );
    }
    const bytes = utf8Length(paramsText ?? '');
    if (paramsText === undefined || this.actionBytes + bytes > LIMITS.actionBytesMax.value) {
      return refusal(
        'functions.action_limit',
        `The params of a run's actions take at most ${LIMITS.actionBytesMax.value} bytes`,
      );
    }
    const reading = parseJsonText(paramsText, LIMITS.jsonDepthMax.value);
    if (!reading.ok) return refusal('functions.call_invalid', `The params are ${reading.reason}`);
    if (!isRecord(reading.value))
      return refusal('functions.call_invalid', 'The params are no object');
    this.actionBytes += bytes;
    const id = `action_${this.actions.length + 1}`;
    this.actions.push({ id, type, params: reading.value });
    return id;
  }
}

const isRecord = (value: JsonValue): value is { readonly [name: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The longest beginning of at most `bytesMax` bytes that splits no character. */
function cutToBytes(text: string, bytesMax: number): string {
  if (bytesMax <= 0) return '';
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  const cut = new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true });
  return cut;
}
