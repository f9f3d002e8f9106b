/**
 * A follower without its object: commands and turns over one SQLite, each in one transaction. The
 * Durable Object adds the alarm and the way out; the simulation runs the same class on node:sqlite
 * and kills it anywhere. All that is kept in memory is the index of subscriptions, which is loaded
 * again when it is gone.
 */

import { assert } from '../../worker/core/assert.ts';
import { SubscriptionIndex } from '../../worker/core/chain-follower/matching.ts';
import type { ReadLease, ReadReport } from '../../worker/core/chain-follower/reading.ts';
import type { ErrorCode } from '../../worker/core/errors.ts';
import type { ChainDelivery } from '../../worker/core/ports.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import { acknowledge, leaseDeliveries, readEvents } from './delivery.ts';
import { fanOut } from './fan-out.ts';
import { leaseSteps } from './leases.ts';
import { takeReport } from './reports.ts';
import { sweep } from './retention.ts';
import type { ChainFollowerRpc, Configure, Rescan, Subscribe, Unsubscribe } from './rpc.ts';
import { runScans } from './scans.ts';
import { readStatus, readSubscriber } from './status.ts';
import { BOUNDS, type Bounds, type Moment, type Stores, storesOf } from './stores.ts';
import { addRescan, addSubscription } from './subscribing.ts';

export interface FollowerHost {
  readonly sql: BoundedSql;
  /** Everything in `work` is kept or nothing. */
  readonly transaction: <Value>(work: () => Value) => Value;
  readonly bounds?: Bounds;
}

export interface Turn {
  readonly leases: readonly ReadLease[];
  /** Whom to call for their events. */
  readonly deliveries: readonly ChainDelivery[];
  /** When to come again; null when nothing is followed. */
  readonly nextAt: number | null;
}

const NO_TURN: Turn = { leases: [], deliveries: [], nextAt: null };

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

type Answer<Method extends keyof ChainFollowerRpc> = Awaited<ReturnType<ChainFollowerRpc[Method]>>;

export class Follower {
  readonly stores: Stores;
  readonly #transaction: FollowerHost['transaction'];
  #index: SubscriptionIndex | undefined;
  #isSweepOpen = false;

  constructor({ sql, transaction, bounds }: FollowerHost) {
    this.stores = storesOf(sql, bounds ?? BOUNDS);
    this.#transaction = transaction;
  }

  configure(command: Configure, now: number): Answer<'configure'> {
    return this.#commit(() => {
      const { chain } = this.stores;
      const standing = chain.loadStanding();
      if (standing === undefined) {
        chain.addStanding(command, now);
        return ok(null);
      }
      const { magic, networkId, checkpoint } = standing;
      const given = command.checkpoint;
      const known = given.height === checkpoint.height ? checkpoint : chain.loadBlock(given.height);
      const isSame =
        known === undefined ||
        (known.hash === given.hash && known.nextConsensus === given.nextConsensus);
      if (magic !== command.magic || networkId !== command.networkId || !isSame)
        return err('follower.config_conflict');
      chain.saveReading(command);
      chain.keepFaultsOf(command.endpoints);
      return ok(null);
    });
  }

  subscribe(command: Subscribe, now: number): Answer<'subscribe'> {
    const added = this.#commit(() => addSubscription(this.stores, command, now));
    if (!added.ok) return added;
    const { liveFrom, fromHeight } = added.value;
    this.#index?.add({ ...command, fromHeight: liveFrom });
    return ok({ fromHeight });
  }

  unsubscribe(command: Unsubscribe): Answer<'unsubscribe'> {
    const { subscriberId, contract, eventName } = command;
    this.#transaction(() => {
      this.stores.subscribers.removeSubscription(command);
      this.stores.lanes.removeScansOf(subscriberId, contract, eventName);
      this.stores.subscribers.removeIdleContracts();
    });
    this.#index?.remove(command);
    return ok(null);
  }

  removeSubscriber(subscriberId: string): Answer<'removeSubscriber'> {
    const { subscribers } = this.stores;
    const held = this.#transaction(() => {
      const subscriptions = subscribers.listSubscriptions(subscriberId);
      subscribers.deleteSubscriber(subscriberId);
      subscribers.removeIdleContracts();
      return subscriptions;
    });
    for (const subscription of held) this.#index?.remove(subscription);
    return ok(null);
  }

  readEvents(query: { readonly subscriberId: string; readonly limit: number }) {
    return this.#commit(() => readEvents(this.stores, query));
  }

  acknowledge(
    command: { readonly subscriberId: string; readonly position: number },
    now: number,
  ): Answer<'acknowledge'> {
    return this.#commit(() => acknowledge(this.stores, command, now));
  }

  rescan(command: Rescan): Answer<'rescan'> {
    return this.#commit(() => addRescan(this.stores, command));
  }

  subscriber(id: string): Answer<'subscriber'> {
    return readSubscriber(this.stores, id);
  }

  header(height: number): Answer<'header'> {
    const header = this.stores.chain.loadBlock(height);
    return header === undefined ? err('request.not_found') : ok(header);
  }

  status(now: number): Answer<'status'> {
    return readStatus(this.stores, now);
  }

  report(report: ReadReport, moment: Moment): Answer<'reportRead'> {
    return this.#commit(() => takeReport(this.stores, report, moment));
  }

  /**
   * One bounded turn: hand out, scan, call subscribers, sweep, and lease what is to be read next.
   * Each part in its own transaction, since each leaves a state from which the next begins.
   */
  takeTurn(now: number): Turn {
    if (this.stores.chain.loadStanding() === undefined) return NO_TURN;
    const loadIndex = () => this.#loadIndex();
    let isBusy = this.#transaction(() => fanOut(this.stores, loadIndex));
    isBusy = this.#inStanding((standing) => runScans(this.stores, standing)) || isBusy;
    const isSweepOpen = this.#isSweepOpen;
    this.#isSweepOpen = this.#inStanding((standing) => sweep(this.stores, standing, isSweepOpen));
    const calls = this.#inStanding((standing) => leaseDeliveries(this.stores, standing, now));
    const steps = this.#inStanding((standing) => leaseSteps(this.stores, standing, now));
    const { deliveries } = calls;
    const { leases } = steps;
    if (isBusy || this.#isSweepOpen) return { leases, deliveries, nextAt: now };
    return { leases, deliveries, nextAt: earlier(calls.nextAt, steps.nextAt) };
  }

  #inStanding<Value>(
    work: (standing: NonNullable<ReturnType<Stores['chain']['loadStanding']>>) => Value,
  ): Value {
    return this.#transaction(() => {
      const standing = this.stores.chain.loadStanding();
      assert(standing !== undefined, 'a follower that was configured stays so');
      return work(standing);
    });
  }

  #loadIndex(): SubscriptionIndex {
    if (this.#index !== undefined) return this.#index;
    const index = new SubscriptionIndex();
    for (const subscription of this.stores.subscribers.listAllSubscriptions())
      index.add(subscription);
    this.#index = index;
    return index;
  }

  #commit<Value, Code extends ErrorCode>(work: () => Result<Value, Code>): Result<Value, Code> {
    return this.#transaction(work);
  }
}
