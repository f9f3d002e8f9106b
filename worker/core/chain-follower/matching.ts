/**
 * Who wants an event. Two look-ups by hash, then one step per subscriber that matches: the cost
 * grows with matches, never with subscriptions. A subscriber with several subscriptions that match
 * gets the event once.
 *
 * Filters on values are not for here (delivery rule D9): they would spend the follower's time on
 * one subscriber's wishes and hold all the others.
 */
import type { ScriptHash } from '../neo/script-hash.ts';

export interface Subscription {
  readonly subscriberId: string;
  readonly contract: ScriptHash;
  /** Null for every event of the contract. */
  readonly eventName: string | null;
  /** The first block it applies to. */
  readonly fromHeight: number;
}

export interface Matchable {
  readonly height: number;
  readonly contract: string;
  readonly eventName: string;
}

interface ContractEntry {
  readonly any: Map<string, number>;
  readonly byName: Map<string, Map<string, number>>;
}

export class SubscriptionIndex {
  readonly #contracts = new Map<string, ContractEntry>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The same subscription again replaces the height it applies from. */
  add({ subscriberId, contract, eventName, fromHeight }: Subscription): void {
    const entry = this.#contracts.get(contract) ?? { any: new Map(), byName: new Map() };
    this.#contracts.set(contract, entry);
    const wanting = eventName === null ? entry.any : (entry.byName.get(eventName) ?? new Map());
    if (eventName !== null) entry.byName.set(eventName, wanting);
    if (!wanting.has(subscriberId)) this.#size += 1;
    wanting.set(subscriberId, fromHeight);
  }

  remove({ subscriberId, contract, eventName }: Omit<Subscription, 'fromHeight'>): void {
    const entry = this.#contracts.get(contract);
    const wanting = eventName === null ? entry?.any : entry?.byName.get(eventName);
    if (!entry || !wanting?.delete(subscriberId)) return;
    this.#size -= 1;
    if (eventName !== null && wanting.size === 0) entry.byName.delete(eventName);
    if (entry.any.size === 0 && entry.byName.size === 0) this.#contracts.delete(contract);
  }

  /** Subscribers, each once, in no order that means anything. */
  match({ height, contract, eventName }: Matchable): readonly string[] {
    const entry = this.#contracts.get(contract);
    if (!entry) return [];
    const named = entry.byName.get(eventName);
    const matched: string[] = [];
    for (const [subscriberId, fromHeight] of entry.any)
      if (fromHeight <= height) matched.push(subscriberId);
    if (named)
      for (const [subscriberId, fromHeight] of named) {
        const isListed = (entry.any.get(subscriberId) ?? Number.POSITIVE_INFINITY) <= height;
        if (fromHeight <= height && !isListed) matched.push(subscriberId);
      }
    return matched;
  }
}
