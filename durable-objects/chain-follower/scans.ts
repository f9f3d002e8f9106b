/**
 * Ranges that one subscriber gets apart from the stream: what a re-scan asks for again, and what a
 * subscriber that fell behind or began in the past has to catch up with. From the index where it
 * has all contracts of the subscriber; older ranges are read from the chain in a lane of their own
 * (leases.ts), a bounded piece at a time. A catch-up ends in the transaction in which it stands
 * exactly where the stream stands, so nothing falls between the two.
 */
import { SubscriptionIndex } from '../../worker/core/chain-follower/matching.ts';
import {
  countContiguous,
  type EventPlace,
  isBefore,
} from '../../worker/core/chain-follower/position.ts';
import type { ReportedBlock } from '../../worker/core/chain-follower/reading.ts';
import type { Scan } from './lanes-sql.ts';
import type { Standing } from './sql.ts';
import type { Stores } from './stores.ts';

/** True when a scan moved and may move again at once. */
export function runScans(stores: Stores, standing: Standing): boolean {
  let hasMoved = false;
  for (const scan of stores.lanes.listScans(stores.bounds.scansPerTurn)) {
    // Whether it moves or not, else twenty that wait would keep all others from their turn.
    stores.lanes.passTurn(scan.id);
    const moved = scanIndex(stores, standing, scan);
    if (closeScan(stores, standing, moved)) hasMoved = true;
    else if (isBefore(scan.next, moved.next)) hasMoved = true;
  }
  return hasMoved;
}

/** The first place that a scan must not take: its own end, or where the stream stands. */
export function endOfScan({ toHeight }: Scan, { next }: Standing): EventPlace {
  const end = { height: (toHeight ?? Number.MAX_SAFE_INTEGER - 1) + 1, ordinal: 0 };
  return isBefore(end, next) ? end : next;
}

/** From which block on the index has everything the scan looks for. */
export function coveredFrom({ subscribers }: Stores, standing: Standing, scan: Scan): number {
  const contracts =
    scan.only === null
      ? subscribers.coveredFrom(scan.subscriberId)
      : (subscribers.indexedFrom(scan.only.contract) ?? 0);
  return Math.max(standing.indexFloor, contracts);
}

/**
 * Rows the outbox still takes. A catch-up begins again only when half of it is free, else a slow
 * subscriber would be woken for one row at a time.
 */
export function roomFor({ bounds, subscribers }: Stores, { subscriberId }: Scan): number {
  const pending = subscribers.loadSubscriber(subscriberId)?.pending ?? Number.MAX_SAFE_INTEGER;
  const free = bounds.outboxRows - pending;
  const total = bounds.outboxRowsTotal - subscribers.countOutbox();
  return free * 2 < bounds.outboxRows ? 0 : Math.max(0, Math.min(free, total));
}

function scanIndex(stores: Stores, standing: Standing, scan: Scan): Scan {
  const end = endOfScan(scan, standing);
  const room = Math.min(roomFor(stores, scan), stores.bounds.scanEvents);
  const isCovered = scan.next.height >= coveredFrom(stores, standing, scan);
  if (room === 0 || !isCovered || !isBefore(scan.next, end)) return scan;
  const piece = { height: scan.next.height + stores.bounds.scanBlocks, ordinal: 0 };
  const before = isBefore(piece, end) ? piece : end;
  const wanted = stores.lanes.listWanted(scan, before, room);
  let added = 0;
  for (const place of wanted)
    if (stores.subscribers.addToOutbox(scan.subscriberId, place)) added += 1;
  stores.subscribers.addPending(scan.subscriberId, added);
  const last = wanted.at(-1);
  const isFull = wanted.length === room && last !== undefined;
  const next = isFull ? { height: last.height, ordinal: last.ordinal + 1 } : before;
  const moved = { ...scan, next, anchor: null };
  stores.lanes.saveScan(moved);
  return moved;
}

/** True when the scan is over. */
function closeScan(stores: Stores, standing: Standing, scan: Scan): boolean {
  if (scan.toHeight !== null) {
    if (scan.next.height <= scan.toHeight) return false;
  } else {
    const isCovered = scan.next.height >= coveredFrom(stores, standing, scan);
    if (!isCovered || isBefore(scan.next, standing.next)) return false;
    stores.subscribers.saveState(scan.subscriberId, 'live');
  }
  stores.lanes.removeScan(scan.id);
  return true;
}

/** Blocks read from the chain for one scan; true when they brought it forward. */
export function takeScanned(stores: Stores, scan: Scan, blocks: readonly ReportedBlock[]): boolean {
  if (scan.anchor === null) return false;
  const own = ownSubscriptions(stores, scan);
  const headers = blocks.map(({ header }) => header);
  const contiguous = blocks.slice(0, countContiguous(scan.anchor, headers));
  let { next, anchor } = scan;
  let room = roomFor(stores, scan);
  let added = 0;
  let isOpen = true;
  for (const { header, events } of contiguous) {
    if (header.height >= next.height && events === null) break;
    for (const event of events ?? []) {
      if (isBefore(event, next) || !own.match(event).includes(scan.subscriberId)) continue;
      if (room === 0) {
        next = { height: event.height, ordinal: event.ordinal };
        isOpen = false;
        break;
      }
      stores.chain.addEvent(event);
      if (!stores.subscribers.addToOutbox(scan.subscriberId, event)) continue;
      added += 1;
      room -= 1;
    }
    if (!isOpen) break;
    if (header.height >= next.height) next = { height: header.height + 1, ordinal: 0 };
    anchor = { height: header.height, hash: header.hash, nextConsensus: header.nextConsensus };
  }
  stores.subscribers.addPending(scan.subscriberId, added);
  stores.lanes.saveScan({ ...scan, next, anchor });
  return anchor.height > scan.anchor.height || isBefore(scan.next, next);
}

function ownSubscriptions({ subscribers }: Stores, scan: Scan): SubscriptionIndex {
  const index = new SubscriptionIndex();
  for (const subscription of subscribers.listSubscriptions(scan.subscriberId)) {
    const { contract, eventName } = subscription;
    const isMeant =
      scan.only === null || (scan.only.contract === contract && scan.only.eventName === eventName);
    const fromHeight = scan.kind === 'rescan' ? 0 : subscription.fromHeight;
    if (isMeant) index.add({ ...subscription, fromHeight });
  }
  return index;
}
