/**
 * The statements of a ChainFollower about those it delivers to: subscribers, their subscriptions,
 * the contracts these keep in the index, and the outbox. Nothing is decided here.
 */
import type { Delivery } from '../../worker/core/chain-follower/delivery.ts';
import type { Subscription } from '../../worker/core/chain-follower/matching.ts';
import type { EventPlace } from '../../worker/core/chain-follower/position.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { DeliveredEvent, Unsubscribe } from './rpc.ts';
import { type EventRow, toEvent } from './sql.ts';

export type SubscriberState = 'live' | 'catching_up';

export interface Subscriber {
  readonly id: string;
  readonly state: SubscriberState;
  /** Events in its outbox. */
  readonly pending: number;
  /** The highest position it was shown. */
  readonly handedThrough: number;
}

type SubscriberRow = {
  id: string;
  state: SubscriberState;
  pending: number;
  handed_through: number;
};

type SubscriptionRow = {
  subscriber_id: string;
  contract: ScriptHash;
  is_any: number;
  name: string;
  live_from: number;
};

export type SubscriberStore = ReturnType<typeof subscriberStore>;

export const subscriberStore = (sql: BoundedSql) => ({
  ...subscribers(sql),
  ...subscriptions(sql),
  ...contracts(sql),
  ...outbox(sql),
});

const subscribers = (sql: BoundedSql) => ({
  loadSubscriber: (id: string): Subscriber | undefined => {
    const row = sql.first<SubscriberRow>(
      'SELECT id, state, pending, handed_through FROM subscribers WHERE id = ?',
      id,
    );
    return row && toSubscriber(row);
  },
  addSubscriber: (id: string, state: SubscriberState, now: number) =>
    sql.write(
      'INSERT INTO subscribers (id, state, acknowledged_at) VALUES (?, ?, ?)',
      id,
      state,
      now,
    ),
  saveState: (id: string, state: SubscriberState) =>
    sql.write('UPDATE subscribers SET state = ? WHERE id = ?', state, id),
  saveHanded: (id: string, through: number) =>
    sql.write(
      'UPDATE subscribers SET handed_through = max(handed_through, ?) WHERE id = ?',
      through,
      id,
    ),
  saveAcknowledged: (id: string, now: number, next: Delivery) =>
    sql.write(
      `UPDATE subscribers SET acknowledged_at = ?, deliver_tries = ?, deliver_after = ?
       WHERE id = ?`,
      now,
      next.tries,
      next.after,
      id,
    ),
  listWaiting: (now: number, limit: number): { readonly id: string; readonly tries: number }[] =>
    sql.all<{ id: string; tries: number }>(
      `SELECT id, deliver_tries AS tries FROM subscribers
       WHERE pending > 0 AND deliver_after <= ? ORDER BY deliver_after, id LIMIT ?`,
      now,
      limit,
    ),
  saveDelivery: (id: string, { tries, after }: Delivery) =>
    sql.write(
      'UPDATE subscribers SET deliver_tries = ?, deliver_after = ? WHERE id = ?',
      tries,
      after,
      id,
    ),
  /** Null while nothing waits for anybody. */
  nextDeliveryAt: (): number | null =>
    sql.first<{ at: number | null }>(
      'SELECT min(deliver_after) AS at FROM subscribers WHERE pending > 0',
    )?.at ?? null,
  addPending(id: string, rows: number): void {
    if (rows === 0) return;
    sql.write('UPDATE subscribers SET pending = pending + ? WHERE id = ?', rows, id);
    sql.write('UPDATE outbox_total SET rows = rows + ?', rows);
  },
  deleteSubscriber(id: string): void {
    const removed = sql.run('DELETE FROM outbox WHERE subscriber_id = ?', id);
    sql.write('UPDATE outbox_total SET rows = rows - ?', removed);
    sql.write('DELETE FROM scans WHERE subscriber_id = ?', id);
    sql.write('DELETE FROM subscriptions WHERE subscriber_id = ?', id);
    sql.write('DELETE FROM subscribers WHERE id = ?', id);
  },
  countSubscribers: (): { readonly all: number; readonly catchingUp: number } => {
    const row = sql.first<{ all_of_them: number; catching_up: number | null }>(
      `SELECT count(*) AS all_of_them, sum(state = 'catching_up') AS catching_up FROM subscribers`,
    );
    return { all: row?.all_of_them ?? 0, catchingUp: row?.catching_up ?? 0 };
  },
});

const toSubscriber = (row: SubscriberRow): Subscriber => ({
  id: row.id,
  state: row.state,
  pending: row.pending,
  handedThrough: row.handed_through,
});

const subscriptions = (sql: BoundedSql) => ({
  hasSubscription: ({ subscriberId, contract, eventName }: Unsubscribe): number | undefined =>
    sql.first<{ live_from: number }>(
      `SELECT live_from FROM subscriptions
       WHERE subscriber_id = ? AND contract = ? AND is_any = ? AND name = ?`,
      subscriberId,
      contract,
      eventName === null ? 1 : 0,
      eventName ?? '',
    )?.live_from,
  addSubscription: ({ subscriberId, contract, eventName, fromHeight }: Subscription) =>
    sql.write(
      `INSERT INTO subscriptions (subscriber_id, contract, is_any, name, live_from)
       VALUES (?, ?, ?, ?, ?)`,
      subscriberId,
      contract,
      eventName === null ? 1 : 0,
      eventName ?? '',
      fromHeight,
    ),
  removeSubscription: ({ subscriberId, contract, eventName }: Unsubscribe): number =>
    sql.run(
      `DELETE FROM subscriptions
       WHERE subscriber_id = ? AND contract = ? AND is_any = ? AND name = ?`,
      subscriberId,
      contract,
      eventName === null ? 1 : 0,
      eventName ?? '',
    ),
  listSubscriptions: (subscriberId: string): Subscription[] =>
    sql
      .all<SubscriptionRow>('SELECT * FROM subscriptions WHERE subscriber_id = ?', subscriberId)
      .map(toSubscription),
  /** Every one, for the index in memory; their number is bounded. */
  listAllSubscriptions: (): Subscription[] =>
    sql.all<SubscriptionRow>('SELECT * FROM subscriptions').map(toSubscription),
  countSubscriptions: (): number =>
    sql.first<{ n: number }>('SELECT count(*) AS n FROM subscriptions')?.n ?? 0,
  countSubscriptionsOf: (subscriberId: string): number =>
    sql.first<{ n: number }>(
      'SELECT count(*) AS n FROM subscriptions WHERE subscriber_id = ?',
      subscriberId,
    )?.n ?? 0,
});

const contracts = (sql: BoundedSql) => ({
  indexedFrom: (contract: string): number | undefined =>
    sql.first<{ indexed_from: number }>(
      'SELECT indexed_from FROM contracts WHERE contract = ?',
      contract,
    )?.indexed_from,
  addContract: (contract: string, indexedFrom: number) =>
    sql.write(
      'INSERT INTO contracts (contract, indexed_from) VALUES (?, ?)',
      contract,
      indexedFrom,
    ),
  /** Of which nobody wants anything any more. */
  removeIdleContracts: () =>
    sql.write(
      `DELETE FROM contracts WHERE NOT EXISTS
         (SELECT 1 FROM subscriptions WHERE subscriptions.contract = contracts.contract)`,
    ),
  listContracts: (): string[] =>
    sql.all<{ contract: string }>('SELECT contract FROM contracts').map(({ contract }) => contract),
  countContracts: (): number =>
    sql.first<{ n: number }>('SELECT count(*) AS n FROM contracts')?.n ?? 0,
  /** The block from which the index has all contracts of a subscriber. */
  coveredFrom: (subscriberId: string): number =>
    sql.first<{ from_height: number | null }>(
      `SELECT max(indexed_from) AS from_height FROM contracts
       WHERE contract IN (SELECT contract FROM subscriptions WHERE subscriber_id = ?)`,
      subscriberId,
    )?.from_height ?? 0,
});

const toSubscription = (row: SubscriptionRow): Subscription => ({
  subscriberId: row.subscriber_id,
  contract: row.contract,
  eventName: row.is_any === 1 ? null : row.name,
  fromHeight: row.live_from,
});

const outbox = (sql: BoundedSql) => ({
  /** False when it waits already. */
  addToOutbox: (subscriberId: string, { height, ordinal }: EventPlace): boolean =>
    sql.run(
      `INSERT INTO outbox (subscriber_id, height, ordinal) VALUES (?, ?, ?)
       ON CONFLICT DO NOTHING`,
      subscriberId,
      height,
      ordinal,
    ) > 0,
  listOutbox: (subscriberId: string, limit: number): DeliveredEvent[] =>
    sql
      .all<EventRow & { position: number }>(
        `SELECT position, events.* FROM outbox JOIN events USING (height, ordinal)
         WHERE subscriber_id = ? ORDER BY position LIMIT ?`,
        subscriberId,
        limit,
      )
      .map(({ position, ...row }) => ({ position, ...toEvent(row) })),
  /** Answers how many. */
  removeThrough(subscriberId: string, position: number): number {
    const removed = sql.run(
      'DELETE FROM outbox WHERE subscriber_id = ? AND position <= ?',
      subscriberId,
      position,
    );
    sql.write('UPDATE subscribers SET pending = pending - ? WHERE id = ?', removed, subscriberId);
    sql.write('UPDATE outbox_total SET rows = rows - ?', removed);
    return removed;
  },
  countOutbox: (): number =>
    sql.first<{ rows: number }>('SELECT rows FROM outbox_total')?.rows ?? 0,
});
