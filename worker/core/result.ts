/**
 * Expected outcomes are values. A function that can be refused answers `Result`, so that the
 * refusal is part of its type and survives RPC between Workers and Durable Objects, where own
 * properties of thrown errors are lost. Broken invariants assert instead (assert.ts); the outside
 * failing is an `upstream.*` failure.
 */
import type { ErrorCode } from './errors.ts';

/**
 * One wrong place in a request. `pointer` is an RFC 6901 JSON Pointer into the body, or
 * `query/limit`, `path/id`.
 */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A refusal: the code decides status and title (errors.ts); the rest are facts a caller can act on.
 */
export interface Failure<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  /**
   * Public text; the catalogue's title stands in when it is absent. Never holds internals or
   * secrets.
   */
  readonly detail?: string;
  readonly fields?: readonly FieldProblem[];
  /** The bound that was passed and what was seen, in the bound's own unit. */
  readonly limit?: number;
  readonly observed?: number;
  readonly retryAfterSeconds?: number;
}

export type Result<Value, Code extends ErrorCode = ErrorCode> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure<Code> };

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({
  ok: true,
  value,
});

export const err = <Code extends ErrorCode>(
  code: Code,
  facts: Omit<Failure<Code>, 'code'> = {},
): { readonly ok: false; readonly failure: Failure<Code> } => ({
  ok: false,
  failure: { ...facts, code },
});
