/**
 * What the votes of endpoints say about an intent (money rules M4, M5). Votes are kept: the chain
 * is final, so what an endpoint said once it has said for ever, and one that says two things is a
 * contradiction as two endpoints are. Claims that no chain can make true are no votes.
 */
import {
  decideQuorum,
  type Sighting,
  type Verdict,
  type Vote,
  verdictKey,
  verdictOf,
} from '../neo/rpc/quorum.ts';
import type { Inclusion, PreparedTransaction } from './intent.ts';
import type { EndpointSighting } from './steps.ts';

export interface AttemptVote extends Vote<Verdict> {
  readonly attempt: number;
}

export interface Candidate {
  readonly number: number;
  readonly transaction: PreparedTransaction;
}

export type Outcome =
  /** `expired`: the attempts among them whose absence is proven. */
  | { readonly kind: 'open'; readonly expired: readonly number[] }
  | { readonly kind: 'included'; readonly inclusion: Inclusion }
  | { readonly kind: 'disputed'; readonly attempts: readonly number[] };

/** The votes among what was seen. */
export function toVotes(
  sightings: readonly EndpointSighting[],
  candidates: readonly Candidate[],
): readonly AttemptVote[] {
  return sightings.flatMap(({ endpoint, attempt, sighting }) => {
    const transaction = candidates.find(({ number }) => number === attempt)?.transaction;
    if (transaction === undefined || !isPossible(sighting, transaction)) return [];
    const verdict = verdictOf(sighting, transaction.validUntilBlock);
    return verdict === null ? [] : [{ endpoint, attempt, verdict }];
  });
}

/** No block up to the height it was prepared at, and none past its validUntilBlock, can hold it. */
const isPossible = (
  sighting: Sighting,
  { preparedHeight, validUntilBlock }: PreparedTransaction,
): boolean =>
  sighting.kind === 'absent' ||
  (sighting.blockIndex > preparedHeight && sighting.blockIndex <= validUntilBlock);

/** `candidates` are all attempts that were ever prepared; `votes` all votes about them. */
export function decideOutcome(
  candidates: readonly Candidate[],
  votes: readonly AttemptVote[],
  required: number,
): Outcome {
  const decisions = candidates.map(({ number }) => {
    const own = votes.filter(({ attempt }) => attempt === number);
    return { number, own, decision: decideQuorum(own, { required, keyOf: verdictKey }) };
  });
  const disputed = decisions.filter(({ decision }) => decision.kind === 'disputed');
  // Each attempt names all before it in Conflicts, so the chain holds one of them at most.
  const claimed = decisions.filter(({ own }) =>
    own.some(({ verdict }) => verdict.kind === 'included'),
  );
  const contradicting = claimed.length > 1 ? claimed : disputed;
  if (contradicting.length > 0)
    return { kind: 'disputed', attempts: contradicting.map(({ number }) => number) };
  const expired: number[] = [];
  for (const { number, decision } of decisions) {
    if (decision.kind !== 'decided') continue;
    if (decision.verdict.kind === 'expired') expired.push(number);
    else return { kind: 'included', inclusion: toInclusion(number, decision.verdict) };
  }
  return { kind: 'open', expired };
}

const toInclusion = (
  attempt: number,
  { blockIndex, blockHash, vmState, notificationsDigest }: Verdict & { readonly kind: 'included' },
): Inclusion => ({ attempt, blockIndex, blockHash, vmState, notificationsDigest });
