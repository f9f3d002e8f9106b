/**
 * Hands events out, in chain order and never past a gap: the cursor and the outbox rows of what it
 * passes are written in one transaction, so a death leaves both or neither. A turn ends at its
 * bound even within a block; the cursor names the next event, not the next block.
 *
 * A subscriber whose outbox is full holds nobody (delivery rule D9): from the event that found no
 * room on it is catching up, at its own pace, and the cursor goes on.
 */
import type { EventPlace } from '../../worker/core/chain-follower/position.ts';
import type { LoadIndex, Stores } from './stores.ts';
import type { SubscriberState } from './subscribers-sql.ts';

/** True when there may be more to hand out at once. */
export function fanOut(stores: Stores, loadIndex: LoadIndex): boolean {
  const { bounds, chain } = stores;
  const standing = chain.loadStanding();
  if (standing === undefined) return false;
  const firstGap = chain.firstGap() ?? Number.MAX_SAFE_INTEGER;
  const lastHeight = Math.min(standing.verified.height, firstGap - 1);
  if (standing.next.height > lastHeight) return false;
  const limit = bounds.fanOutEvents;
  const events = chain.listMatchable(standing.next, lastHeight, limit);
  const delivery = new Delivery(stores);
  let next: EventPlace | null = null;
  for (const event of events) {
    for (const subscriberId of loadIndex().match(event)) delivery.offer(subscriberId, event);
    next = { height: event.height, ordinal: event.ordinal + 1 };
    if (delivery.rows >= bounds.fanOutRows) break;
  }
  const last = events.at(-1);
  const isWhole =
    last === undefined || (next?.height === last.height && next.ordinal > last.ordinal);
  if (isWhole && events.length < limit) next = { height: lastHeight + 1, ordinal: 0 };
  delivery.close();
  if (next !== null) chain.saveNext(next);
  return next !== null && next.height <= lastHeight;
}

interface Waiting {
  state: SubscriberState;
  pending: number;
  added: number;
}

class Delivery {
  rows = 0;
  readonly #stores: Stores;
  readonly #waiting = new Map<string, Waiting>();
  #room: number;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#room = stores.bounds.outboxRowsTotal - stores.subscribers.countOutbox();
  }

  offer(subscriberId: string, place: EventPlace): void {
    const waiting = this.#load(subscriberId);
    if (waiting?.state !== 'live') return;
    const isFull = waiting.pending + waiting.added >= this.#stores.bounds.outboxRows;
    if (isFull || this.#room <= 0) {
      waiting.state = 'catching_up';
      this.#fallBehind(subscriberId, place);
      return;
    }
    // Only a re-scan of the same block can have put it there before.
    if (!this.#stores.subscribers.addToOutbox(subscriberId, place)) return;
    waiting.added += 1;
    this.rows += 1;
    this.#room -= 1;
  }

  close(): void {
    for (const [id, { added }] of this.#waiting) this.#stores.subscribers.addPending(id, added);
  }

  #fallBehind(subscriberId: string, { height, ordinal }: EventPlace): void {
    this.#stores.subscribers.saveState(subscriberId, 'catching_up');
    const next = { height, ordinal };
    this.#stores.lanes.addScan({
      subscriberId,
      kind: 'catch_up',
      only: null,
      next,
      toHeight: null,
    });
    this.rows += 1;
  }

  #load(id: string): Waiting | undefined {
    const known = this.#waiting.get(id);
    if (known) return known;
    const stored = this.#stores.subscribers.loadSubscriber(id);
    if (!stored) return undefined;
    const waiting = { state: stored.state, pending: stored.pending, added: 0 };
    this.#waiting.set(id, waiting);
    return waiting;
  }
}
