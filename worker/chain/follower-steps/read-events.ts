/**
 * The events of verified blocks by the votes of endpoints. First as many endpoints are asked as the
 * quorum needs; the others only about blocks that are still open. A log that does not belong to its
 * block, or tells other fee burns than the block's transactions pay, is no vote. An endpoint that
 * is behind has none either: it did not say no.
 */
import { decideLogVerdict, digestLogs, type LogVote } from '../../core/chain-follower/digest.ts';
import type { ChainEvent } from '../../core/chain-follower/event.ts';
import {
  type BlockLogs,
  extractEvents,
  type FollowedBlock,
} from '../../core/chain-follower/extract.ts';
import type { ReadLease } from '../../core/chain-follower/reading.ts';
import type { GapReason } from '../../core/chain-follower/status.ts';
import type { ChainEndpoint } from './endpoint.ts';

export interface EventsOutcome {
  readonly events: readonly ChainEvent[] | null;
  readonly gap: GapReason | null;
}

export interface EventsQuestion {
  readonly lease: ReadLease;
  readonly standing: readonly { readonly endpoint: ChainEndpoint; readonly height: number }[];
  readonly blocks: readonly FollowedBlock[];
}

interface Ballot {
  readonly block: FollowedBlock;
  readonly votes: LogVote[];
  readonly logs: Map<string, BlockLogs>;
  isRefused: boolean;
}

/** By height. */
export async function readEvents({
  lease,
  standing,
  blocks,
}: EventsQuestion): Promise<ReadonlyMap<number, EventsOutcome>> {
  const ballots = blocks.map(
    (block): Ballot => ({ block, votes: [], logs: new Map(), isRefused: false }),
  );
  const firsts = standing.slice(0, lease.quorum);
  await Promise.all(firsts.map((one) => collect(one, ballots, lease)));
  for (const one of standing.slice(lease.quorum)) {
    const open = ballots.filter(({ votes }) => verdictOf(votes, lease).kind !== 'agreed');
    if (open.length === 0) break;
    await collect(one, open, lease);
  }
  const contracts = new Set(lease.contracts);
  return new Map(ballots.map((ballot) => [ballot.block.height, close(ballot, lease, contracts)]));
}

const verdictOf = (votes: readonly LogVote[], { quorum }: ReadLease) =>
  decideLogVerdict(votes, quorum);

async function collect(
  { endpoint, height }: EventsQuestion['standing'][number],
  ballots: readonly Ballot[],
  { magic }: ReadLease,
): Promise<void> {
  const asked = ballots.filter(({ block }) => block.height <= height);
  if (asked.length === 0) return;
  const answers = await endpoint.readLogs(asked.map(({ block }) => block));
  for (const [index, ballot] of asked.entries()) {
    const logs = answers[index] ?? null;
    if (logs === null) continue;
    const isOwn = logs !== 'malformed' && isOwnLog(ballot.block, logs, magic);
    if (logs === 'malformed' || !isOwn) {
      ballot.isRefused = true;
      continue;
    }
    const digest = digestLogs(logs);
    ballot.votes.push({ endpoint: endpoint.name, digest });
    ballot.logs.set(digest, logs);
  }
}

const isOwnLog = (block: FollowedBlock, logs: BlockLogs, magic: number): boolean =>
  extractEvents(block, logs, { magic, isContradicted: false, contracts: null }).ok;

function close(ballot: Ballot, lease: ReadLease, contracts: ReadonlySet<string>): EventsOutcome {
  const verdict = verdictOf(ballot.votes, lease);
  if (verdict.kind === 'disputed') return { events: null, gap: 'log_disputed' };
  const logs = verdict.kind === 'agreed' ? ballot.logs.get(verdict.digest) : undefined;
  if (verdict.kind === 'open' || logs === undefined)
    return { events: null, gap: openReason(ballot) };
  const { isContradicted } = verdict;
  const options = { magic: lease.magic, isContradicted, contracts };
  const extracted = extractEvents(ballot.block, logs, options);
  return extracted.ok
    ? { events: extracted.events, gap: null }
    : { events: null, gap: 'log_refused' };
}

function openReason({ votes, isRefused }: Ballot): GapReason {
  if (votes.length > 0) return 'quorum_missing';
  return isRefused ? 'log_refused' : 'log_unreadable';
}
