/**
 * Takes what a step has read. A report under a lease that is not the lane's present one changes
 * nothing. Blocks continue the verified chain hash by hash, or are ignored from the first that does
 * not; one without logs leaves a gap behind, which is written in the same transaction as the block.
 */
import {
  endLease,
  isCurrent,
  pollMs,
  type StepOutcome,
} from '../../worker/core/chain-follower/lanes.ts';
import { countContiguous } from '../../worker/core/chain-follower/position.ts';
import type { ReadReport, ReportedBlock } from '../../worker/core/chain-follower/reading.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { StoredLane } from './lanes-sql.ts';
import { takeScanned } from './scans.ts';
import type { Standing } from './sql.ts';
import type { Moment, Stores } from './stores.ts';

export function takeReport(
  stores: Stores,
  report: ReadReport,
  moment: Moment,
): Result<null, 'follower.lease_stale'> {
  const standing = stores.chain.loadStanding();
  const lane = stores.lanes.loadLane(report.lane);
  if (standing === undefined || !isCurrent(lane, report.leaseNumber))
    return err('follower.lease_stale');
  for (const rejected of report.rejected) stores.chain.saveEndpointFault(rejected, moment.now);
  if (report.networkHeight !== null) stores.chain.saveNetworkHeight(report.networkHeight);
  const outcome = takeBlocks({ stores, standing, lane, report, moment });
  const idleMs = pollMs(standing.msPerBlock);
  stores.lanes.saveLane(report.lane, {
    ...lane,
    ...endLease(lane, outcome, { ...moment, idleMs }),
    scanId: null,
  });
  return ok(null);
}

interface Taking {
  readonly stores: Stores;
  readonly standing: Standing;
  readonly lane: StoredLane;
  readonly report: ReadReport;
  readonly moment: Moment;
}

function takeBlocks(taking: Taking): StepOutcome {
  switch (taking.report.lane) {
    case 'follow':
      return takeFollowed(taking);
    case 'repair':
      return takeRepaired(taking);
    default:
      return takeForScan(taking);
  }
}

function takeFollowed({ stores, standing, report, moment }: Taking): StepOutcome {
  const headers = report.blocks.map(({ header }) => header);
  const blocks = report.blocks.slice(0, countContiguous(standing.verified, headers));
  for (const block of blocks) {
    stores.chain.addBlock(block.header);
    takeLogs(stores, block, moment.now);
  }
  const last = blocks.at(-1);
  // One that answers "nothing more" is believed as far as asking again at the usual pace: a liar
  // beside it that claims a higher block must not make the lane wait longer and longer.
  if (last === undefined) return report.isAtTip ? 'idle' : 'failed';
  stores.chain.saveVerified(last.header, moment.now);
  return report.networkHeight === last.header.height ? 'idle' : 'more';
}

function takeLogs({ chain }: Stores, { header, events, gap }: ReportedBlock, now: number): void {
  if (events === null) chain.saveGap(header.height, gap ?? 'log_unreadable', now);
  else for (const event of events) chain.addEvent(event);
}

function takeRepaired({ stores, report, moment }: Taking): StepOutcome {
  let filled = 0;
  for (const block of report.blocks) {
    const { height, hash } = block.header;
    const isKnown = stores.chain.loadBlock(height)?.hash === hash;
    if (!isKnown || !stores.chain.hasGap(height)) continue;
    if (block.events !== null) filled += stores.chain.removeGap(height);
    takeLogs(stores, block, moment.now);
  }
  return filled > 0 ? 'more' : 'failed';
}

function takeForScan({ stores, lane, report }: Taking): StepOutcome {
  const scan = lane.scanId === null ? undefined : stores.lanes.loadScan(lane.scanId);
  // It was cancelled meanwhile; the lane is free for the next.
  if (scan === undefined) return 'more';
  return takeScanned(stores, scan, report.blocks) ? 'more' : 'failed';
}
