/**
 * What became of one call at the endpoints asked so far. It decides which of several unsuccessful
 * replies is told, and against which endpoints the call counts: only against those whose neighbour
 * answered it, since otherwise it may have been the call (peers' experience: one transaction with a
 * strange error took every provider out).
 */
import { isSuspect, type RpcError } from '../core/neo/rpc/errors.ts';
import type { Endpoint, Reply } from './endpoint.ts';

export type Answer<Value> =
  | { readonly kind: 'value'; readonly value: Value; readonly endpoint: string }
  | { readonly kind: 'refused'; readonly error: RpcError; readonly endpoint: string }
  | { readonly kind: 'unreachable'; readonly attempts: readonly Attempt[] };

/** Why an endpoint gave nothing; for logs. */
export interface Attempt {
  readonly endpoint: string;
  readonly reason: string;
}

export class Attempts<Value> {
  readonly #failed: Attempt[] = [];
  readonly #suspects = new Set<Endpoint>();
  #value: Extract<Answer<Value>, { kind: 'value' }> | null = null;
  #refusal: Extract<Answer<Value>, { kind: 'refused' }> | null = null;

  note(endpoint: Endpoint, reply: Reply<Value>): void {
    switch (reply.kind) {
      case 'value':
        this.#value = { ...reply, endpoint: endpoint.id };
        return;
      case 'refused':
        this.#noteRefusal(endpoint, reply.error);
        return;
      case 'unreadable':
        this.#suspects.add(endpoint);
        break;
      case 'failed':
        // How large an answer is may be the caller's doing; the rest has been noted already.
        if (reply.reason === 'too large') this.#suspects.add(endpoint);
        break;
      case 'not ours':
        break;
    }
    this.#failed.push({ endpoint: endpoint.id, reason: reply.reason });
  }

  get answer(): Answer<Value> {
    return this.#value ?? this.#refusal ?? { kind: 'unreachable', attempts: this.#failed };
  }

  /** Those that could not do what another could. */
  get convicted(): ReadonlySet<Endpoint> {
    return this.#value === null ? new Set() : this.#suspects;
  }

  #noteRefusal(endpoint: Endpoint, error: RpcError): void {
    const suspect = isSuspect(error.meaning);
    if (suspect) this.#suspects.add(endpoint);
    // The first says it, unless it may be the endpoint's own trouble and a later one says more.
    if (this.#refusal === null || (isSuspect(this.#refusal.error.meaning) && !suspect))
      this.#refusal = { kind: 'refused', error, endpoint: endpoint.id };
  }
}

/** Once for each endpoint, however many calls of a batch convict it. */
export function convict(calls: readonly Attempts<unknown>[]): void {
  const convicted = new Set(calls.flatMap((call) => [...call.convicted]));
  for (const endpoint of convicted) endpoint.noteFailure();
}
