/**
 * From which block a subscription is served, and how. Three things stand between a wish and the
 * stream: blocks that were delivered already, blocks that were read before the contract was
 * indexed, and the block whose events are being handed out right now. A subscription joins the
 * stream behind all three; what it wished for before that is a range to be scanned. The two ranges
 * meet and do not overlap, so nothing is missed and nothing comes twice.
 */
import { err, ok, type Result } from '../result.ts';
import { type EventPlace, wholeBlockAfter } from './position.ts';

export interface SubscribeFacts {
  /** Wanted from this block on; null from the next one. */
  readonly fromHeight: number | null;
  /** Blocks at or below were never verified here. */
  readonly checkpointHeight: number;
  /** The next event to hand out; all before it are in the streams. */
  readonly cursor: EventPlace;
  /** The contract's events are in the index from this block on. */
  readonly indexedFrom: number;
  /** Null when the subscriber has no subscription yet. */
  readonly subscriber: SubscriberPlace | null;
}

export type SubscriberPlace =
  | { readonly state: 'live' }
  | { readonly state: 'catching_up'; readonly next: EventPlace };

export interface SubscribePlan {
  /** The stream of the subscriber has it from this block on. */
  readonly liveFrom: number;
  /** To be scanned on the side, both ends included; null when nothing lies before. */
  readonly rescan: { readonly fromHeight: number; readonly toHeight: number } | null;
  /** Where a subscriber without a stream begins; null to be live at once. */
  readonly catchUpFrom: number | null;
}

export function decideSubscribe(
  facts: SubscribeFacts,
): Result<SubscribePlan, 'follower.height_out_of_range'> {
  const { cursor, checkpointHeight, indexedFrom, subscriber } = facts;
  const nextWhole = wholeBlockAfter(cursor);
  const wanted = facts.fromHeight ?? nextWhole;
  if (wanted <= checkpointHeight || wanted > nextWhole)
    return err('follower.height_out_of_range', {
      limit: wanted <= checkpointHeight ? checkpointHeight + 1 : nextWhole,
      observed: wanted,
    });
  const joinsAt = Math.max(nextWhole, indexedFrom);
  // The first subscription has no earlier stream to stay in order with: all of it is one stream.
  if (subscriber === null)
    return ok({
      liveFrom: wanted,
      rescan: null,
      catchUpFrom: wanted < joinsAt ? wanted : null,
    });
  const liveFrom = subscriber.state === 'live' ? joinsAt : wholeBlockAfter(subscriber.next);
  if (wanted >= liveFrom) return ok({ liveFrom: wanted, rescan: null, catchUpFrom: null });
  const rescan = { fromHeight: wanted, toHeight: liveFrom - 1 };
  return ok({ liveFrom, rescan, catchUpFrom: null });
}
