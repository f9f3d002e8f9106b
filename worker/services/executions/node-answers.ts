/** How nodes are asked for a function, and what becomes of what they answer. */
import type { Answer } from '../../chain/attempts.ts';
import { LIMITS } from '../../core/functions-runtime/limits.ts';
import type { RpcCall } from '../../core/neo/rpc/call.ts';
import { nextStepAfter } from '../../core/neo/rpc/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';

export type ReadFailure =
  | 'functions.call_invalid'
  | 'request.not_found'
  | 'chain.unavailable'
  | 'chain.call_faulted'
  | 'chain.answer_unexpected'
  | 'chain.answer_too_large';

/** A longer answer is not held: a contract of anybody chooses the length. */
export const bounded = <Value>(call: RpcCall<Value>): RpcCall<Value> => ({
  ...call,
  answerBytesMax: LIMITS.chainAnswerBytesMax.value,
});

const UNKNOWN = ['unknownTransaction', 'unknownLog'];

export function valueOf<Value>(
  answer: Answer<Value>,
): Result<{ readonly value: Value; readonly endpoint: string }, ReadFailure> {
  if (answer.kind === 'value') return ok(answer);
  if (answer.kind === 'unreachable')
    return answer.attempts.some(({ reason }) => reason === 'too large')
      ? err('chain.answer_too_large')
      : err('chain.unavailable');
  const { meaning, message } = answer.error;
  if (UNKNOWN.includes(meaning)) return err('request.not_found');
  return nextStepAfter(meaning) === 'nothing'
    ? err('functions.call_invalid', { detail: message })
    : err('chain.unavailable');
}
