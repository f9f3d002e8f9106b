/**
 * A call of a node's JSON-RPC as a value: what is asked, and how the answer is read. Reading is
 * strict and knows the question: an answer about another block or transaction than the one asked
 * for is of the wrong form, and with that the endpoint's failure and never a result.
 */
import type { Parsed } from '../json-reader.ts';

export interface RpcCall<Value> {
  readonly method: string;
  /** JSON. */
  readonly params: readonly unknown[];
  readonly parse: (result: unknown) => Parsed<Value>;
  /**
   * Less than any answer may have, where a stranger chooses the length. It holds for a call that
   * travels alone; those of a batch share one bound.
   */
  readonly answerBytesMax?: number;
}

/** What an answer must be about. */
export function about<Value>(
  parsed: Parsed<Value>,
  isAsked: (value: Value) => boolean,
): Parsed<Value> {
  if (!parsed.ok || isAsked(parsed.value)) return parsed;
  return { ok: false, misshapen: { pointer: '', reason: 'an answer to another question' } };
}
