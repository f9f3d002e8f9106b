/**
 * The reading side of a subscriber's stream, and the call that there is something to read. What was
 * read is shown again until it is acknowledged, and only what was shown can be acknowledged: a
 * position that was guessed would drop events that nobody has seen.
 */
import { afterAcknowledged, deliverAgain } from '../../worker/core/chain-follower/delivery.ts';
import { LIMITS } from '../../worker/core/chain-follower/limits.ts';
import type { ChainDelivery } from '../../worker/core/ports.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { DeliveredEvent, EventPage } from './rpc.ts';
import type { Standing } from './sql.ts';
import type { Stores } from './stores.ts';

export function readEvents(
  { subscribers }: Stores,
  { subscriberId, limit }: { readonly subscriberId: string; readonly limit: number },
): Result<EventPage, 'request.not_found'> {
  const subscriber = subscribers.loadSubscriber(subscriberId);
  if (subscriber === undefined) return err('request.not_found');
  const most = Math.max(1, Math.min(limit, LIMITS.followerPageEventsMax.value));
  const found = subscribers.listOutbox(subscriberId, most + 1);
  const events = found.slice(0, countFitting(found.slice(0, most)));
  const through = events.at(-1)?.position ?? 0;
  if (through > subscriber.handedThrough) subscribers.saveHanded(subscriberId, through);
  return ok({ events, hasMore: found.length > events.length });
}

/** Always at least one, whatever its size. */
function countFitting(events: readonly DeliveredEvent[]): number {
  let bytes = 0;
  for (const [index, { state }] of events.entries()) {
    bytes += 500 + (state?.length ?? 0);
    if (bytes > LIMITS.followerPageBytesMax.value) return Math.max(1, index);
  }
  return events.length;
}

export function acknowledge(
  { subscribers }: Stores,
  { subscriberId, position }: { readonly subscriberId: string; readonly position: number },
  now: number,
): Result<{ readonly pending: number }, 'request.not_found' | 'follower.position_unknown'> {
  const subscriber = subscribers.loadSubscriber(subscriberId);
  if (subscriber === undefined) return err('request.not_found');
  if (position > subscriber.handedThrough) return err('follower.position_unknown');
  const removed = subscribers.removeThrough(subscriberId, position);
  const pending = subscriber.pending - removed;
  subscribers.saveAcknowledged(subscriberId, now, afterAcknowledged(pending, now));
  return ok({ pending });
}

export interface Deliveries {
  readonly deliveries: readonly ChainDelivery[];
  /** When somebody's events are to be handed over next; null while nobody has any. */
  readonly nextAt: number | null;
}

/** Whose events are to be handed over now; each again later, until he acknowledges some. */
export function leaseDeliveries(
  { subscribers }: Stores,
  { networkId }: Standing,
  now: number,
): Deliveries {
  const due = subscribers.listWaiting(now, LIMITS.followerDeliveriesPerTurn.value);
  for (const { id, tries } of due) subscribers.saveDelivery(id, deliverAgain(tries, now));
  return {
    deliveries: due.map(({ id: subscriberId }) => ({ networkId, subscriberId })),
    nextAt: subscribers.nextDeliveryAt(),
  };
}
