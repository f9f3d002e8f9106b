/**
 * One RPC endpoint: its health, and what it replies. It notes by itself what the transport did and
 * what its own probes showed. An error or an unreadable reply to a call of somebody else is not
 * held against it here: one caller could provoke that everywhere, so the client decides, who sees
 * what the other endpoints replied.
 */
import type { Parsed } from '../core/neo/json-reader.ts';
import { parseAnswer, parseBatchAnswer, type RpcAnswer } from '../core/neo/rpc/answer.ts';
import type { RpcCall } from '../core/neo/rpc/call.ts';
import { getBlockCount, getBlockStamp } from '../core/neo/rpc/chain-calls.ts';
import type { RpcError } from '../core/neo/rpc/errors.ts';
import { type Health, type Observation, observe, UNKNOWN_HEALTH } from '../core/neo/rpc/health.ts';
import { LIMITS } from '../core/neo/rpc/limits.ts';
import { getVersion } from '../core/neo/rpc/protocol-settings.ts';
import { splitCalls } from './batches.ts';
import { exchange, type Fetch, type TransportFailure } from './http-exchange.ts';

export interface EndpointDeps {
  /** The network it must be on. */
  readonly magic: number;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

export type Reply<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'refused'; readonly error: RpcError }
  /** Of another form than the call asks for. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: TransportFailure }
  /** It was not asked: it is on another network, or could not show on which. */
  | { readonly kind: 'not ours'; readonly reason: string };

export class Endpoint {
  /** For people and votes; the address itself may hold a key in its path. */
  readonly id: string;
  readonly #url: string;
  readonly #deps: EndpointDeps;
  #health: Health = UNKNOWN_HEALTH;

  constructor(place: { readonly id: string; readonly url: string }, deps: EndpointDeps) {
    this.id = place.id;
    this.#url = place.url;
    this.#deps = deps;
  }

  get health(): Health {
    return this.#health;
  }

  async ask<Value>(call: RpcCall<Value>): Promise<Reply<Value>> {
    if (!(await this.#isOurs())) return NOT_OURS;
    const reply = await this.#ask(call, CALL_BOUNDS);
    if (isProper(reply)) this.note({ kind: 'answered' });
    return reply;
  }

  /** One reply for each call, in their order, from as few requests as the node allows. */
  async askMany<Value>(calls: readonly RpcCall<Value>[]): Promise<readonly Reply<Value>[]> {
    if (!(await this.#isOurs())) return calls.map(() => NOT_OURS);
    const replies: Reply<Value>[] = [];
    for (const batch of splitCalls(calls)) {
      const some = await this.#askBatch(batch);
      replies.push(...some);
      const last = some.at(-1);
      // Whoever does not answer now is not asked for the rest of it.
      if (last?.kind === 'failed' && last.reason !== 'too large')
        return [...replies, ...calls.slice(replies.length).map(() => last)];
    }
    return replies;
  }

  /** Which network it is on, how high it stands, and how old its last block is. */
  async probe(): Promise<void> {
    this.note({ kind: 'probing' });
    const startedMs = this.#deps.now();
    const [version, count] = await Promise.all([
      this.#probeAsk(getVersion()),
      this.#probeAsk(getBlockCount()),
    ]);
    const latencyMs = this.#deps.now() - startedMs;
    if (version === null || count === null) return;
    const { magic, msPerBlock } = version.protocol;
    if (magic !== this.#deps.magic) {
      this.note({ kind: 'foreign', magic });
      return;
    }
    const stamp = await this.#probeAsk(getBlockStamp(count - 1));
    if (stamp === null) return;
    const tip = { height: stamp.index, blockTimeMs: stamp.timeMs, msPerBlock };
    this.note({ kind: 'probed', magic, tip, latencyMs });
  }

  note(seen: Observation): void {
    this.#health = observe(this.#health, seen, this.#deps.now());
  }

  noteFailure(): void {
    this.note({ kind: 'failed', random: this.#deps.random() });
  }

  /** Nothing is said to an endpoint that is on another network, not even a question. */
  async #isOurs(): Promise<boolean> {
    if (this.#health.network === 'unproven') await this.probe();
    return this.#health.network === 'ours';
  }

  /** Null when the probe has failed, which has been noted: its questions are nobody's but ours. */
  async #probeAsk<Value>(call: RpcCall<Value>): Promise<Value | null> {
    const reply = await this.#ask(call, PROBE_BOUNDS);
    if (reply.kind === 'value') return reply.value;
    if (reply.kind !== 'failed' || reply.reason === 'too large') this.noteFailure();
    return null;
  }

  async #askBatch<Value>(calls: readonly RpcCall<Value>[]): Promise<readonly Reply<Value>[]> {
    const [first] = calls;
    if (first !== undefined && calls.length === 1) return [await this.ask(first)];
    const requests = calls.map((call, id) => requestOf(call, id));
    const sent = await this.#exchange(JSON.stringify(requests), CALL_BOUNDS);
    if (sent.kind === 'failed')
      return sent.reason === 'too large' ? this.#askHalves(calls) : calls.map(() => sent);
    const batch = parseBatchAnswer(sent.body, calls.length);
    if (batch === null) return calls.map(() => NO_ANSWER);
    if (batch.kind === 'refused') return this.#askHalves(calls);
    const replies = calls.map((call, index) => readAnswer(call, batch.answers[index]));
    if (replies.every(isProper)) this.note({ kind: 'answered' });
    return replies;
  }

  /** Too much at once, for the node or for our own bound: halves may pass, down to single calls. */
  async #askHalves<Value>(calls: readonly RpcCall<Value>[]): Promise<readonly Reply<Value>[]> {
    const half = Math.ceil(calls.length / 2);
    const first = await this.#askBatch(calls.slice(0, half));
    return [...first, ...(await this.#askBatch(calls.slice(half)))];
  }

  async #ask<Value>(call: RpcCall<Value>, bounds: Bounds): Promise<Reply<Value>> {
    const { timeoutMs } = bounds;
    const answerBytesMax = Math.min(bounds.answerBytesMax, call.answerBytesMax ?? Infinity);
    const alone = { timeoutMs, answerBytesMax };
    const sent = await this.#exchange(JSON.stringify(requestOf(call, 0)), alone);
    return sent.kind === 'body' ? readAnswer(call, parseAnswer(sent.body, 0)) : sent;
  }

  async #exchange(body: string, bounds: Bounds): Promise<Sent> {
    const { fetch, now } = this.#deps;
    const sent = await exchange(this.#url, body, { fetch, nowMs: now(), ...bounds });
    if (sent.kind === 'limited') {
      this.note(sent);
      return { kind: 'failed', reason: 'rate limited' };
    }
    // How large an answer is may be the caller's doing.
    if (sent.kind === 'failed' && sent.reason !== 'too large') this.noteFailure();
    return sent;
  }
}

interface Bounds {
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
}

const CALL_BOUNDS: Bounds = {
  timeoutMs: LIMITS.rpcTimeoutMs.value,
  answerBytesMax: LIMITS.rpcAnswerBytesMax.value,
};
const PROBE_BOUNDS: Bounds = {
  timeoutMs: LIMITS.rpcProbeTimeoutMs.value,
  answerBytesMax: LIMITS.rpcProbeAnswerBytesMax.value,
};

const NOT_OURS = { kind: 'not ours', reason: 'not known to be on this network' } as const;

const NO_ANSWER = { kind: 'unreadable', reason: 'no answer to what was asked' } as const;

const isProper = ({ kind }: Reply<unknown>): boolean => kind === 'value' || kind === 'refused';

type Sent =
  | { readonly kind: 'body'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly reason: TransportFailure };

const requestOf = ({ method, params }: RpcCall<unknown>, id: number) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

function readAnswer<Value>(
  call: RpcCall<Value>,
  answer: RpcAnswer | null | undefined,
): Reply<Value> {
  if (!answer) return NO_ANSWER;
  if (answer.kind === 'error') return { kind: 'refused', error: answer.error };
  const parsed: Parsed<Value> = call.parse(answer.result);
  if (parsed.ok) return { kind: 'value', value: parsed.value };
  const { pointer, reason } = parsed.misshapen;
  return { kind: 'unreadable', reason: `${call.method} ${pointer}: ${reason}` };
}
