/**
 * Which steps to send out now: at most one in each lane, each with everything it needs to know. A
 * lane without work is not leased; one whose step died is leased again when its lease ends.
 */
import {
  decideTurn,
  LANES,
  type Lane,
  leaseLane,
  nextTurnAt,
  rotateEndpoints,
} from '../../worker/core/chain-follower/lanes.ts';
import { isBefore } from '../../worker/core/chain-follower/position.ts';
import type { ReadLease, ReadTask } from '../../worker/core/chain-follower/reading.ts';
import type { Scan } from './lanes-sql.ts';
import { coveredFrom, endOfScan, roomFor } from './scans.ts';
import type { Standing } from './sql.ts';
import type { Stores } from './stores.ts';

interface Work {
  readonly task: ReadTask;
  readonly contracts: readonly string[];
  readonly toHeight: number;
  readonly scan: Scan | null;
}

export interface LeasedSteps {
  readonly leases: readonly ReadLease[];
  /** When a lane has to be looked at again; null when none has work. */
  readonly nextAt: number | null;
}

export function leaseSteps(stores: Stores, standing: Standing, now: number): LeasedSteps {
  const leases: ReadLease[] = [];
  let nextAt: number | null = null;
  for (const lane of LANES) {
    const work = findWork(stores, standing, lane);
    if (work === null) continue;
    let state = stores.lanes.loadLane(lane);
    if (decideTurn(state, now) === 'lease') {
      state = { ...leaseLane(state, now), toHeight: work.toHeight, scanId: work.scan?.id ?? null };
      stores.lanes.saveLane(lane, state);
      // The position the report has to continue from.
      if (work.scan !== null) stores.lanes.saveScan(work.scan);
      leases.push({
        networkId: standing.networkId,
        magic: standing.magic,
        lane,
        leaseNumber: state.leaseNumber,
        endpoints: rotateEndpoints(standing.endpoints, state.failures),
        quorum: standing.quorum,
        contracts: work.contracts,
        task: work.task,
      });
    }
    nextAt = Math.min(nextAt ?? Number.MAX_SAFE_INTEGER, nextTurnAt(state));
  }
  return { leases, nextAt };
}

function findWork(stores: Stores, standing: Standing, lane: Lane): Work | null {
  if (lane === 'follow') return followWork(stores, standing);
  return lane === 'repair' ? repairWork(stores) : scanWork(stores, standing);
}

function followWork({ bounds, subscribers }: Stores, { verified, next }: Standing): Work | null {
  const aheadMax = next.height - 1 + bounds.aheadBlocks;
  const toHeight = Math.min(verified.height + bounds.readBlocks, aheadMax);
  // Too much is read and not handed out: a gap is open, and all strength goes into closing it.
  if (toHeight <= verified.height) return null;
  const fromHeight = verified.height + 1;
  return {
    task: { kind: 'forward', after: verified, fromHeight, toHeight },
    contracts: subscribers.listContracts(),
    toHeight,
    scan: null,
  };
}

function repairWork({ bounds, chain, subscribers }: Stores): Work | null {
  const blocks = chain.listGapBlocks(bounds.readBlocks);
  if (blocks.length === 0) return null;
  const task: ReadTask = { kind: 'logs', blocks };
  return { task, contracts: subscribers.listContracts(), toHeight: 0, scan: null };
}

/** The next scan that needs the chain; those served by the index are no work of this lane. */
function scanWork(stores: Stores, standing: Standing): Work | null {
  for (const scan of stores.lanes.listScans(stores.bounds.scansPerTurn)) {
    const covered = coveredFrom(stores, standing, scan);
    // Only blocks that the stream has passed as a whole.
    const lastHeight = Math.min(endOfScan(scan, standing).height - 1, covered - 1);
    const isDue = isBefore(scan.next, { height: lastHeight + 1, ordinal: 0 });
    if (!isDue || roomFor(stores, scan) === 0) continue;
    const after =
      scan.anchor ?? stores.chain.loadAnchor(scan.next.height - 1) ?? standing.checkpoint;
    const toHeight = Math.min(lastHeight, after.height + stores.bounds.readBlocks);
    const { hash, nextConsensus } = after;
    const anchor = { height: after.height, hash, nextConsensus };
    return {
      task: { kind: 'forward', after: anchor, fromHeight: scan.next.height, toHeight },
      contracts: contractsOf(stores, scan),
      toHeight,
      scan: { ...scan, anchor },
    };
  }
  return null;
}

function contractsOf({ subscribers }: Stores, scan: Scan): readonly string[] {
  if (scan.only !== null) return [scan.only.contract];
  const own = subscribers.listSubscriptions(scan.subscriberId);
  return [...new Set(own.map(({ contract }) => contract))];
}
