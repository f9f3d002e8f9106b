/**
 * Several RPC endpoints as one. A call goes to the healthiest endpoint and, when that one fails or
 * cannot know, to the next. It guarantees: no endpoint is asked anything before it has shown to be
 * on the configured network; what a caller asks cannot lower the health of endpoints (an error or
 * an unreadable reply counts only against an endpoint whose neighbour answered the same call); a
 * broadcast reaches every endpoint; and nothing an endpoint says ends a transaction (money rule
 * M4). Health is a cache in memory: losing it costs one probe.
 */
import { assert } from '../core/assert.ts';
import type { Hash256 } from '../core/neo/hash256.ts';
import {
  type BroadcastOutcome,
  decideBroadcast,
  type EndpointSend,
  type SendAnswer,
} from '../core/neo/rpc/broadcast.ts';
import type { RpcCall } from '../core/neo/rpc/call.ts';
import { nextStepAfter } from '../core/neo/rpc/errors.ts';
import {
  decideOrder,
  decideProbes,
  decideStanding,
  type HealthView,
  type Ranked,
  type Standing,
} from '../core/neo/rpc/health.ts';
import { sendRawTransaction } from '../core/neo/rpc/transaction-calls.ts';
import type { Transaction } from '../core/neo/transaction/transaction.ts';
import { type Answer, Attempts, convict } from './attempts.ts';
import { Endpoint, type EndpointDeps, type Reply } from './endpoint.ts';

export interface RpcClientOptions extends EndpointDeps {
  readonly urls: readonly string[];
  /** Equal votes an irreversible decision needs; fewer than this many endpoints may lie. */
  readonly quorum: number;
  /** Keeps work alive that nobody waits for (`waitUntil`). */
  readonly defer: (work: Promise<void>) => void;
}

export interface OwnReply<Value> {
  readonly endpoint: string;
  readonly reply: Reply<Value>;
}

export interface Broadcast {
  readonly outcome: BroadcastOutcome;
  readonly sends: readonly EndpointSend[];
}

export interface EndpointStatus {
  readonly endpoint: string;
  readonly standing: Standing;
  /** Of the network it said it is on. */
  readonly magic: number | null;
  readonly height: number | null;
  readonly blockTimeMs: number | null;
  readonly latencyMs: number | null;
}

export class RpcClient {
  readonly #endpoints: readonly Endpoint[];
  readonly #options: RpcClientOptions;

  constructor(options: RpcClientOptions) {
    this.#options = options;
    this.#endpoints = namedEndpoints(options);
  }

  get endpoints(): readonly string[] {
    return this.#endpoints.map(({ id }) => id);
  }

  async ask<Value>(call: RpcCall<Value>): Promise<Answer<Value>> {
    const [answer] = await this.askMany([call]);
    assert(answer, 'one answer for one call');
    return answer;
  }

  /** One answer for each call, in their order; each from the first endpoint that could give it. */
  async askMany<Value>(calls: readonly RpcCall<Value>[]): Promise<readonly Answer<Value>[]> {
    const all = calls.map((call) => ({ call, attempts: new Attempts<Value>() }));
    let open = all;
    for (const endpoint of await this.#inOrder()) {
      const replies = await endpoint.askMany(open.map(({ call }) => call));
      const left = open.filter(({ attempts }, index) => {
        const reply = replies[index];
        if (reply) attempts.note(endpoint, reply);
        return !reply || !isLast(reply);
      });
      open = left;
      if (open.length === 0) break;
    }
    const attempts = all.map((one) => one.attempts);
    convict(attempts);
    return attempts.map(({ answer }) => answer);
  }

  /** What each endpoint says for itself, where several have to agree. */
  async askEach<Value>(call: RpcCall<Value>): Promise<readonly OwnReply<Value>[]> {
    const asked = await this.#inOrder();
    return Promise.all(
      asked.map(async (endpoint) => ({
        endpoint: endpoint.id,
        reply: await endpoint.ask(call),
      })),
    );
  }

  /**
   * The one endpoint that holds what is asked for, such as a session, or whose own word is wanted.
   * One that asked for a pause, or failed a moment ago, is left alone all the same.
   */
  async askAt<Value>(endpointId: string, call: RpcCall<Value>): Promise<Reply<Value>> {
    const at = this.#at(endpointId);
    return at instanceof Endpoint ? at.ask(call) : at;
  }

  /** One reply for each call, all of this endpoint. */
  async askManyAt<Value>(
    endpointId: string,
    calls: readonly RpcCall<Value>[],
  ): Promise<readonly Reply<Value>[]> {
    const at = this.#at(endpointId);
    return at instanceof Endpoint ? at.askMany(calls) : calls.map(() => at);
  }

  /** To every endpoint at once; those that failed lately only when there is no other. */
  async broadcast(transaction: Transaction): Promise<Broadcast> {
    const call = sendRawTransaction(transaction);
    const ranked = await this.#ranked();
    const well = ranked.filter(({ standing }) => standing !== 'failing');
    const receivers = well.length > 0 ? well : ranked;
    const endpoints = receivers.flatMap(({ id }) => this.#find(id) ?? []);
    const sends = await Promise.all(endpoints.map((endpoint) => this.#send(endpoint, call)));
    return { outcome: decideBroadcast(sends), sends };
  }

  /**
   * Asks every endpoint whose turn it is for network and height. An endpoint is marked before
   * anything is awaited, so that callers who come together do not ask it twice. They cannot wait
   * for one promise: in Workers it would belong to the request that made it.
   */
  async probe(): Promise<void> {
    const due = new Set(decideProbes(this.#endpoints, this.#options.now()));
    const asked = this.#endpoints.filter(({ id }) => due.has(id));
    await Promise.all(asked.map((endpoint) => endpoint.probe()));
  }

  /** As the best endpoint said when it was probed; null while none is known to be well. */
  msPerBlock(): number | null {
    const [best] = this.#rankNow();
    if (best?.standing !== 'healthy') return null;
    return this.#find(best.id)?.health.tip?.msPerBlock ?? null;
  }

  status(): readonly EndpointStatus[] {
    return this.#endpoints.map((endpoint) => ({
      endpoint: endpoint.id,
      standing: this.#standingOf(endpoint),
      ...toStatus(endpoint),
    }));
  }
  async #send(endpoint: Endpoint, call: RpcCall<Hash256>): Promise<EndpointSend> {
    const reply = await endpoint.ask(call);
    // The answer to a transaction is its hash or an error: nothing a transaction could bend.
    if (reply.kind === 'unreadable') endpoint.noteFailure();
    const healthy = this.#standingOf(endpoint) === 'healthy';
    return { endpoint: endpoint.id, healthy, answer: toSendAnswer(reply) };
  }

  /** The endpoint, or why it is not asked. */
  #at(id: string): Endpoint | Exclude<Reply<never>, { kind: 'value' }> {
    this.#options.defer(this.probe());
    const endpoint = this.#find(id);
    if (endpoint === undefined) return { kind: 'not ours', reason: 'no such endpoint' };
    const standing = this.#standingOf(endpoint);
    if (standing === 'cooling') return { kind: 'failed', reason: 'rate limited' };
    return standing === 'failing' ? { kind: 'failed', reason: 'backing off' } : endpoint;
  }

  async #inOrder(): Promise<readonly Endpoint[]> {
    const ranked = await this.#ranked();
    return ranked.flatMap(({ id }) => this.#find(id) ?? []);
  }

  /** Probes that are due delay the call only when no endpoint is known to be well. */
  async #ranked(): Promise<readonly Ranked[]> {
    const probes = this.probe();
    if (this.#rankNow()[0]?.standing === 'healthy') this.#options.defer(probes);
    else await probes;
    return this.#rankNow();
  }

  #rankNow(): readonly Ranked[] {
    return decideOrder(this.#endpoints, this.#view());
  }

  #standingOf(endpoint: Endpoint): Standing {
    return decideStanding(endpoint, this.#endpoints, this.#view());
  }

  #view(): HealthView {
    return { nowMs: this.#options.now(), liarsMax: this.#options.quorum - 1 };
  }

  #find(id: string): Endpoint | undefined {
    return this.#endpoints.find((endpoint) => endpoint.id === id);
  }
}

const toStatus = ({ health }: Endpoint) => ({
  magic: health.magic,
  height: health.tip?.height ?? null,
  blockTimeMs: health.tip?.blockTimeMs ?? null,
  latencyMs: health.latencyMs,
});

/** A value, or a refusal that every sound endpoint would repeat. */
const isLast = (reply: Reply<unknown>): boolean =>
  reply.kind === 'value' ||
  (reply.kind === 'refused' && nextStepAfter(reply.error.meaning) !== 'another');

function toSendAnswer(reply: Reply<Hash256>): SendAnswer {
  if (reply.kind === 'value') return { kind: 'accepted' };
  if (reply.kind === 'refused') return reply;
  return { kind: 'unreachable', reason: reply.reason };
}

function namedEndpoints(options: RpcClientOptions): readonly Endpoint[] {
  const hosts = options.urls.map((url) => new URL(url).host);
  return options.urls.map((url, index) => {
    const host = hosts[index] ?? '';
    const alone = hosts.indexOf(host) === hosts.lastIndexOf(host);
    return new Endpoint({ id: alone ? host : `${host} #${String(index + 1)}`, url }, options);
  });
}
