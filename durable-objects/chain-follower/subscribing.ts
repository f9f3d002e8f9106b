/** Subscriptions and re-scans as they are asked for; the ranges are decided in the core. */
import { LIMITS } from '../../worker/core/chain-follower/limits.ts';
import { wholeBlockAfter } from '../../worker/core/chain-follower/position.ts';
import { decideSubscribe } from '../../worker/core/chain-follower/subscribe.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Rescan, Subscribe } from './rpc.ts';
import type { Standing } from './sql.ts';
import type { Stores } from './stores.ts';

export interface Added {
  /** Where the stream has it from. */
  readonly liveFrom: number;
  /** The first block that will be delivered, by the stream or by a scan. */
  readonly fromHeight: number;
}

export function addSubscription(
  stores: Stores,
  command: Subscribe,
  now: number,
): Result<
  Added,
  'follower.not_configured' | 'follower.height_out_of_range' | 'follower.limit_reached'
> {
  const { chain, lanes, subscribers } = stores;
  const standing = chain.loadStanding();
  if (standing === undefined) return err('follower.not_configured');
  const standsFrom = subscribers.hasSubscription(command);
  if (standsFrom !== undefined) return ok({ liveFrom: standsFrom, fromHeight: standsFrom });
  const { subscriberId, contract, eventName } = command;
  const known = subscribers.indexedFrom(contract);
  if (!hasRoom(stores, subscriberId, known === undefined)) return err('follower.limit_reached');
  const indexedFrom = known ?? firstUnread(stores, standing);
  const state = loadPlace(stores, subscriberId);
  const plan = decideSubscribe({
    fromHeight: command.fromHeight,
    checkpointHeight: standing.checkpoint.height,
    cursor: standing.next,
    indexedFrom,
    subscriber: state,
  });
  if (!plan.ok) return plan;
  const { liveFrom, rescan, catchUpFrom } = plan.value;
  if (known === undefined) subscribers.addContract(contract, indexedFrom);
  recallScan(stores, subscriberId);
  if (state === null)
    subscribers.addSubscriber(subscriberId, catchUpFrom === null ? 'live' : 'catching_up', now);
  subscribers.addSubscription({ subscriberId, contract, eventName, fromHeight: liveFrom });
  if (catchUpFrom !== null)
    lanes.addScan({
      subscriberId,
      kind: 'catch_up',
      only: null,
      next: { height: catchUpFrom, ordinal: 0 },
      toHeight: null,
    });
  if (rescan !== null)
    lanes.addScan({
      subscriberId,
      kind: 'rescan',
      only: { contract, eventName },
      next: { height: rescan.fromHeight, ordinal: 0 },
      toHeight: rescan.toHeight,
    });
  return ok({ liveFrom, fromHeight: rescan?.fromHeight ?? catchUpFrom ?? liveFrom });
}

function hasRoom({ subscribers, lanes }: Stores, subscriberId: string, isNewContract: boolean) {
  return (
    subscribers.countSubscriptions() < LIMITS.followerSubscriptionsMax.value &&
    subscribers.countSubscriptionsOf(subscriberId) <
      LIMITS.followerSubscriberSubscriptionsMax.value &&
    lanes.countScansOf(subscriberId) < LIMITS.followerScansMax.value &&
    (!isNewContract || subscribers.countContracts() < LIMITS.followerContractsMax.value)
  );
}

/**
 * The first block that no step has read or is reading: what is out there was sent without this
 * contract in its list.
 */
function firstUnread({ lanes }: Stores, { verified }: Standing): number {
  const follow = lanes.loadLane('follow');
  return Math.max(verified.height, follow.leaseUntil === null ? 0 : follow.toHeight) + 1;
}

/**
 * A step that reads for this subscriber now was sent without this contract in its list: what it
 * brings would move the catch-up past events of it. Its report is refused and the piece read again.
 */
function recallScan({ lanes }: Stores, subscriberId: string): void {
  const lane = lanes.loadLane('scan');
  const scan = lane.scanId === null ? undefined : lanes.loadScan(lane.scanId);
  if (scan?.subscriberId === subscriberId)
    lanes.saveLane('scan', { ...lane, leaseUntil: null, scanId: null });
}

function loadPlace({ subscribers, lanes }: Stores, subscriberId: string) {
  const subscriber = subscribers.loadSubscriber(subscriberId);
  if (subscriber === undefined) return null;
  const catchUp = lanes.loadCatchUp(subscriberId);
  return catchUp === undefined
    ? ({ state: 'live' } as const)
    : ({ state: 'catching_up', next: catchUp.next } as const);
}

export function addRescan(
  { chain, lanes, subscribers }: Stores,
  { subscriberId, fromHeight, toHeight }: Rescan,
): Result<
  null,
  | 'follower.not_configured'
  | 'request.not_found'
  | 'follower.height_out_of_range'
  | 'follower.limit_reached'
> {
  const standing = chain.loadStanding();
  if (standing === undefined) return err('follower.not_configured');
  if (subscribers.loadSubscriber(subscriberId) === undefined) return err('request.not_found');
  const lowest = standing.checkpoint.height + 1;
  const highest = wholeBlockAfter(standing.next) - 1;
  if (fromHeight < lowest || fromHeight > toHeight)
    return err('follower.height_out_of_range', { limit: lowest, observed: fromHeight });
  if (toHeight > highest)
    return err('follower.height_out_of_range', { limit: highest, observed: toHeight });
  if (lanes.countScansOf(subscriberId) >= LIMITS.followerScansMax.value)
    return err('follower.limit_reached', { limit: LIMITS.followerScansMax.value });
  const next = { height: fromHeight, ordinal: 0 };
  lanes.addScan({ subscriberId, kind: 'rescan', only: null, next, toHeight });
  return ok(null);
}
