/**
 * One step of reading a chain, outside of the object that follows it. What it reports is verified:
 * headers by their witnesses from the lease's position on (money rule M6), inclusion by the merkle
 * root, logs by the votes of as many endpoints as the lease asks for (M5). An endpoint that serves
 * a block that does not verify is named, and the next one is asked.
 *
 * A step holds nothing. Dying anywhere, it costs the time of its lease and no block.
 */

import type { ChainEvent } from '../../core/chain-follower/event.ts';
import { LIMITS } from '../../core/chain-follower/limits.ts';
import type {
  ReadLease,
  ReadReport,
  RejectedHeader,
  ReportedBlock,
} from '../../core/chain-follower/reading.ts';
import type { BlockChecker, ChainEndpoint, CheckedBlock, Predecessor } from './endpoint.ts';
import { readEvents } from './read-events.ts';

export interface StepDeps {
  readonly endpoints: readonly ChainEndpoint[];
  readonly checker: BlockChecker;
}

export async function readStep(lease: ReadLease, deps: StepDeps): Promise<ReadReport> {
  const endpoints = lease.endpoints.flatMap(
    (name) => deps.endpoints.find((endpoint) => endpoint.name === name) ?? [],
  );
  const heights = await Promise.all(endpoints.map((endpoint) => endpoint.readHeight()));
  const standing = endpoints.map((endpoint, index) => ({ endpoint, height: heights[index] ?? -1 }));
  const step: Step = { lease, checker: deps.checker, standing, rejected: [] };
  const checked = await readBlocks(step);
  const blocks = await withEvents(step, checked);
  return {
    lane: lease.lane,
    leaseNumber: lease.leaseNumber,
    isAtTip: heights.some((height) => height !== null && height < firstOf(lease)),
    networkHeight: claimedHeight(heights, lease.quorum),
    blocks,
    rejected: step.rejected,
  };
}

interface Standing {
  readonly endpoint: ChainEndpoint;
  readonly height: number;
}

interface Step {
  readonly lease: ReadLease;
  readonly checker: BlockChecker;
  readonly standing: readonly Standing[];
  readonly rejected: RejectedHeader[];
}

/** At least `quorum` endpoints claim it or more. */
function claimedHeight(heights: readonly (number | null)[], quorum: number): number | null {
  const claimed = heights.filter((height) => height !== null).sort((one, two) => two - one);
  return claimed[Math.min(quorum, claimed.length) - 1] ?? null;
}

const firstOf = ({ task }: ReadLease): number =>
  task.kind === 'forward' ? task.after.height + 1 : (task.blocks[0]?.height ?? 0);

/** From the first endpoint that has any; what the others have is read by the next step. */
async function readBlocks(step: Step): Promise<readonly CheckedBlock[]> {
  const { task } = step.lease;
  const first = firstOf(step.lease);
  for (const standing of step.standing) {
    if (standing.height < first) continue;
    const checked = await (task.kind === 'forward'
      ? readForward(step, standing, task)
      : readKnown(step, standing, task.blocks));
    if (checked.length > 0) return checked;
  }
  return [];
}

async function readForward(
  { checker, rejected }: Step,
  { endpoint, height: endpointHeight }: Standing,
  { after, toHeight }: Extract<ReadLease['task'], { kind: 'forward' }>,
): Promise<readonly CheckedBlock[]> {
  const last = Math.min(
    toHeight,
    endpointHeight,
    after.height + LIMITS.followerReadBlocksMax.value,
  );
  const heights = Array.from(
    { length: last - after.height },
    (_, index) => after.height + 1 + index,
  );
  const fetched = await endpoint.readBlocks(heights);
  const checked: CheckedBlock[] = [];
  let position: Predecessor = after;
  for (const one of fetched) {
    if (one === null) break;
    const check = await checker.checkNext(one, position);
    if (!check.ok) {
      const { hash, reason } = check;
      rejected.push({ endpoint: endpoint.name, height: position.height + 1, hash, reason });
      break;
    }
    checked.push(check);
    position = check.header;
  }
  return checked;
}

async function readKnown(
  { checker, rejected }: Step,
  { endpoint }: Standing,
  known: readonly { readonly height: number; readonly hash: CheckedBlock['header']['hash'] }[],
): Promise<readonly CheckedBlock[]> {
  const fetched = await endpoint.readBlocks(known.map(({ height }) => height));
  const checked: CheckedBlock[] = [];
  for (const [index, { height, hash }] of known.entries()) {
    const one = fetched[index] ?? null;
    if (one === null) continue;
    const check = await checker.checkKnown(one, hash);
    if (check.ok) checked.push(check);
    else rejected.push({ endpoint: endpoint.name, height, hash: check.hash, reason: check.reason });
  }
  return checked;
}

async function withEvents(
  { lease, standing }: Step,
  checked: readonly CheckedBlock[],
): Promise<readonly ReportedBlock[]> {
  const fromHeight = lease.task.kind === 'forward' ? lease.task.fromHeight : 0;
  const wanted = checked.filter(({ header }) => header.height >= fromHeight);
  const read = await readEvents({ lease, standing, blocks: wanted.map(({ block }) => block) });
  const reported: ReportedBlock[] = [];
  let bytes = 0;
  for (const { header } of checked) {
    const outcome = read.get(header.height) ?? { events: null, gap: null };
    const ownBytes = bytesOf(outcome.events ?? []);
    const isTooMuch = ownBytes > LIMITS.followerBlockBytesMax.value;
    const gap = isTooMuch ? 'events_too_many' : outcome.gap;
    reported.push({ header, events: isTooMuch ? null : outcome.events, gap });
    bytes += isTooMuch ? 0 : ownBytes;
    // The rest is read again by the next step: a report must fit one message.
    if (bytes > LIMITS.followerReportBytesMax.value) break;
  }
  return reported;
}

/** With what surrounds the state of each. */
const bytesOf = (events: readonly ChainEvent[]): number =>
  events.reduce((sum, { state }) => sum + 400 + (state?.length ?? 0), 0);
