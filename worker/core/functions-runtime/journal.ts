/**
 * The journal of one run: entry 0 holds everything the run depended on beside source, params and
 * secret values; then one entry per host call, in the order in which the calls were completed. It
 * is enough to run again without any I/O. Secrets stand in it by version id; values of 8 bytes or
 * more inside requests are written as `[secret:NAME]`.
 */
import type { ErrorCode } from '../errors.ts';
import type { JsonValue } from './json-text.ts';
import type { RunLimits } from './limits.ts';
import type { Permissions } from './permissions.ts';

/**
 * How the source becomes an entry point. `end` cuts a trailing `;` and comments, which no
 * expression can hold.
 */
export type EntryForm =
  | { readonly kind: 'expression'; readonly end: number }
  | { readonly kind: 'module' };

export interface DevpackContext {
  readonly functionId: string;
  readonly accountId: string;
}

export interface StartEntry {
  readonly type: 'start';
  readonly runtimeVersion: string;
  /** 32 bytes in hex. */
  readonly seed: string;
  readonly clockMs: number;
  readonly limits: RunLimits;
  readonly permissions: Permissions;
  readonly entryForm: EntryForm;
  readonly context: DevpackContext;
  readonly secretVersionIds: readonly string[];
}

export type HostAnswer =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

export interface CallEntry {
  readonly type: 'call';
  /** The place of the call in the order in which the code made its calls. */
  readonly index: number;
  readonly kind: string;
  readonly request: JsonValue;
  /** Null when the run ended before the answer came. */
  readonly answer: HostAnswer | null;
}

/** The run was stopped while it waited. */
export interface InterruptEntry {
  readonly type: 'interrupt';
  readonly reason: InterruptReason;
}

export type InterruptReason = 'timed_out' | 'cancelled';
export type Journal = readonly [StartEntry, ...(CallEntry | InterruptEntry)[]];
