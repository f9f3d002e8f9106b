/** What a follower says of itself: for `/metrics`, `/readyz`, and the owner of a subscription. */

import type { GapReason } from '../../worker/core/chain-follower/status.ts';
import { decideAlert, toRanges } from '../../worker/core/chain-follower/status.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { FollowerStatus, SubscriberView } from './rpc.ts';
import type { Stores } from './stores.ts';

/** More are counted in the ranges of a page like this only when something is broken for long. */
const GAPS_SHOWN = 1_000;

export function readStatus(
  { chain, subscribers }: Stores,
  now: number,
): Result<FollowerStatus, 'follower.not_configured'> {
  const standing = chain.loadStanding();
  if (standing === undefined) return err('follower.not_configured');
  const { verified, next, networkHeight, verifiedTimeMs } = standing;
  const gaps = chain.listGaps(GAPS_SHOWN);
  const reasons = [...new Set(gaps.map(({ reason }) => reason))];
  const faults = chain.listEndpointFaults();
  const deliveredHeight = next.height - 1;
  const { all, catchingUp } = subscribers.countSubscribers();
  return ok({
    verifiedHeight: verified.height,
    deliveredHeight,
    networkHeight,
    behindBlocks: Math.max(0, Math.max(networkHeight ?? 0, verified.height) - deliveredHeight),
    lastBlockAgeMs: verifiedTimeMs === null ? null : Math.max(0, now - verifiedTimeMs),
    alert: decideAlert({ ...standing, faults, gapReasons: reasons }, now),
    gaps: reasons.flatMap((reason) => rangesOf(gaps, reason)),
    faults,
    subscribers: all,
    catchingUp,
    subscriptions: subscribers.countSubscriptions(),
    pendingEvents: subscribers.countOutbox(),
    lastFault: standing.fault,
  });
}

function rangesOf(
  gaps: readonly { readonly height: number; readonly reason: GapReason }[],
  reason: GapReason,
) {
  const heights = gaps.filter((gap) => gap.reason === reason).map(({ height }) => height);
  return toRanges(heights).map((range) => ({ ...range, reason }));
}

export function readSubscriber(
  { subscribers, lanes }: Stores,
  id: string,
): Result<SubscriberView, 'request.not_found'> {
  const subscriber = subscribers.loadSubscriber(id);
  if (subscriber === undefined) return err('request.not_found');
  return ok({
    state: subscriber.state,
    pending: subscriber.pending,
    catchUpHeight: lanes.loadCatchUp(id)?.next.height ?? null,
    openScans: lanes.countScansOf(id),
  });
}
