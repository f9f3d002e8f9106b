/**
 * The envelope of JSON-RPC 2.0 around a node's answers. An answer is taken only under the id that
 * asked for it, in whatever order a batch comes back; an envelope of any other form is the
 * endpoint's failure (null), never a result.
 */
import { parseRpcError, type RpcError } from './errors.ts';

export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: RpcError };

/** Null when the body answers nothing that was asked under `id`. */
export function parseAnswer(body: unknown, id: number): RpcAnswer | null {
  const envelope = parseEnvelope(body);
  // A node that could not read the request does not know its id.
  const nameless = envelope?.id === null && envelope.answer.kind === 'error';
  return envelope && (envelope.id === id || nameless) ? envelope.answer : null;
}

export type BatchAnswer =
  | { readonly kind: 'answers'; readonly answers: readonly RpcAnswer[] }
  /** One object for all: the node refused the batch as such (too long, or none are taken). */
  | { readonly kind: 'refused'; readonly error: RpcError };

/**
 * The answers to calls 0 to `count - 1`, in that order; null unless each is answered exactly once.
 */
export function parseBatchAnswer(body: unknown, count: number): BatchAnswer | null {
  if (!Array.isArray(body)) {
    const whole = parseEnvelope(body);
    return whole?.answer.kind === 'error' ? { kind: 'refused', error: whole.answer.error } : null;
  }
  const byId = new Map<unknown, RpcAnswer>();
  for (const item of body) {
    const envelope = parseEnvelope(item);
    if (!envelope) return null;
    byId.set(envelope.id, envelope.answer);
  }
  if (body.length !== count || byId.size !== count) return null;
  const answers = Array.from({ length: count }, (_, id) => byId.get(id));
  return answers.every((answer) => answer !== undefined) ? { kind: 'answers', answers } : null;
}

interface Envelope {
  readonly id: unknown;
  readonly answer: RpcAnswer;
}

function parseEnvelope(value: unknown): Envelope | null {
  if (typeof value !== 'object' || value === null) return null;
  const { jsonrpc, id, result, error } = value as Readonly<Record<string, unknown>>; // An object.
  if (jsonrpc !== '2.0') return null;
  if (error === undefined || error === null) {
    return result === undefined ? null : { id, answer: { kind: 'result', result } };
  }
  // Both at once is no answer: which of them would be true?
  const parsed = result === undefined || result === null ? parseRpcError(error) : null;
  return parsed && { id, answer: { kind: 'error', error: parsed } };
}
