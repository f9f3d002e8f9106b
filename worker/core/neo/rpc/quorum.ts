/**
 * Money rule M5: what irreversible decisions about a transaction need. A vote is what an endpoint
 * says about a block that its own height has passed; a lower height or not-found-yet is no vote.
 * `required` equal votes decide, and one contradicting vote moves the matter to `disputed`, where a
 * person ends it: up to `required - 1` lying endpoints can cause a dispute, never a wrong decision.
 */
import { assert } from '../../assert.ts';
import { sha256Canonical } from '../../canonical-json.ts';
import type { Hash256 } from '../hash256.ts';
import { type Execution, effectiveNotifications, type VmState } from '../vm/execution.ts';
import { formatStackItem } from '../vm/stack-item.ts';

export type { VmState };

/** What one endpoint said; `height` is that of its last block, read before the rest. */
export type Sighting =
  | {
      readonly kind: 'included';
      readonly height: number;
      readonly blockIndex: number;
      readonly blockHash: Hash256;
      readonly vmState: VmState;
      /** Digest of the notifications in the order of the log. */
      readonly notificationsDigest: string;
    }
  | { readonly kind: 'absent'; readonly height: number };

export type Verdict =
  | {
      readonly kind: 'included';
      readonly blockIndex: number;
      readonly blockHash: Hash256;
      readonly vmState: VmState;
      readonly notificationsDigest: string;
    }
  /** Not on chain, and it cannot come any more. */
  | { readonly kind: 'expired' };

/** Null: no vote. */
export function verdictOf(sighting: Sighting, validUntilBlock: number): Verdict | null {
  if (sighting.kind === 'absent') {
    // A block of height validUntilBlock may still hold it.
    return sighting.height > validUntilBlock ? { kind: 'expired' } : null;
  }
  const { height, ...included } = sighting;
  return height >= included.blockIndex ? included : null;
}

export interface Vote<Matter> {
  readonly endpoint: string;
  readonly verdict: Matter;
}

export type QuorumDecision<Matter> =
  | { readonly kind: 'decided'; readonly verdict: Matter; readonly votes: number }
  | { readonly kind: 'disputed'; readonly votes: readonly Vote<Matter>[] }
  | { readonly kind: 'pending'; readonly votes: number };

/** `keyOf` says which verdicts are equal. An endpoint has one vote, however often it is asked. */
export function decideQuorum<Matter>(
  votes: readonly Vote<Matter>[],
  rule: { readonly required: number; readonly keyOf: (verdict: Matter) => string },
): QuorumDecision<Matter> {
  assert(Number.isInteger(rule.required) && rule.required >= 1, 'a quorum is at least one vote');
  const [first] = votes;
  if (first === undefined) return { kind: 'pending', votes: 0 };
  const key = rule.keyOf(first.verdict);
  // Before the count: a contradiction is evidence of a lie, even beside enough equal votes.
  if (votes.some(({ verdict }) => rule.keyOf(verdict) !== key)) return { kind: 'disputed', votes };
  const voters = new Set(votes.map(({ endpoint }) => endpoint)).size;
  return voters >= rule.required
    ? { kind: 'decided', verdict: first.verdict, votes: voters }
    : { kind: 'pending', votes: voters };
}

/**
 * What a transaction did, for the vote; the notifications of one that faulted did not happen, and
 * nodes of two makers need not list the same ones.
 */
export const digestNotifications = (execution: Execution): string =>
  sha256Canonical(
    effectiveNotifications(execution).map(({ contract, eventName, state }) => ({
      contract,
      eventName,
      state: state === null ? null : state.map(formatStackItem),
    })),
  );

/** Two verdicts about one transaction are equal when nothing that can move money differs. */
export function verdictKey(verdict: Verdict): string {
  if (verdict.kind === 'expired') return verdict.kind;
  const { blockIndex, blockHash, vmState, notificationsDigest } = verdict;
  return [String(blockIndex), blockHash, vmState, notificationsDigest].join(' ');
}
