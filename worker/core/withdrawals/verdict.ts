/**
 * What becomes of a payout by what its sender told and what the chain shows (money rules M3, M4,
 * M7). Pure choice in documented order: nobody's error text frees money. A run that HALTed is judged
 * by its event; one that faulted, expired or was displaced by what the vault has under the id, since
 * an earlier attempt may have paid. `wait` where the evidence is not there yet.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { VmState } from '../neo/vm/execution.ts';
import type { PayoutReason } from './status.ts';

/** The sender's word about one attempt. */
export type Heard =
  | { readonly kind: 'working' }
  /** Ended before anything was prepared: nothing was signed. */
  | { readonly kind: 'rejected'; readonly why: string }
  | {
      readonly kind: 'included';
      readonly hash: Hash256;
      readonly blockIndex: number;
      readonly vmState: VmState;
      /** Datoshi, both fees. */
      readonly fee: bigint;
    }
  /** It can never be included; `height` is the last block that could have had it. */
  | { readonly kind: 'gone'; readonly height: number }
  | { readonly kind: 'disputed' };

/** Read by a quorum; null while it cannot be read. */
export interface Evidence {
  readonly event: 'equal' | 'differs' | null;
  /** Of endpoints whose own height has passed the attempt's last block. */
  readonly paidUnder:
    | { readonly kind: 'none' }
    | { readonly kind: 'paid'; readonly to: ScriptHash; readonly amount: bigint }
    | null;
}

export interface Payee {
  readonly to: ScriptHash;
  readonly amount: bigint;
}

export type Becomes =
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'paid' | 'faulted';
      readonly fee: bigint;
      readonly verdict: string;
      readonly reason: PayoutReason;
    }
  | { readonly kind: 'returned'; readonly verdict: string; readonly reason: PayoutReason }
  /** Another attempt under the same id. */
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'operator'; readonly reason: PayoutReason };

const WAIT = { kind: 'wait' } as const;

/** What has to be read before `decideBecomes` can say anything. */
export function evidenceNeeded(heard: Heard): 'event' | 'paidUnder' | null {
  if (heard.kind === 'included') return heard.vmState === 'HALT' ? 'event' : 'paidUnder';
  return heard.kind === 'gone' || heard.kind === 'rejected' ? 'paidUnder' : null;
}

export function decideBecomes(heard: Heard, evidence: Evidence, payee: Payee): Becomes {
  if (heard.kind === 'working') return WAIT;
  if (heard.kind === 'disputed') return { kind: 'operator', reason: 'disputed' };
  if (heard.kind === 'included' && heard.vmState === 'HALT') {
    if (evidence.event === null) return WAIT;
    if (evidence.event === 'differs') return { kind: 'operator', reason: 'release_differs' };
    const verdict = `halt:${heard.hash}`;
    return { kind: 'paid', fee: heard.fee, verdict, reason: 'released' };
  }
  const { paidUnder } = evidence;
  if (paidUnder === null) return WAIT;
  if (paidUnder.kind === 'paid') return paidBefore(heard, paidUnder, payee);
  switch (heard.kind) {
    case 'included':
      return {
        kind: 'faulted',
        fee: heard.fee,
        verdict: `fault:${heard.hash}`,
        reason: 'faulted',
      };
    case 'gone':
      return { kind: 'returned', verdict: `absent:${String(heard.height)}`, reason: 'expired' };
    default:
      return { kind: 'again', why: heard.why };
  }
}

/** `id used` is no failure: somebody was paid under it, and the vault says who. */
function paidBefore(heard: Heard, paid: Payee, payee: Payee): Becomes {
  if (paid.to !== payee.to || paid.amount !== payee.amount)
    return { kind: 'operator', reason: 'release_differs' };
  const fee = heard.kind === 'included' ? heard.fee : 0n;
  const verdict = heard.kind === 'included' ? `paid-before:${heard.hash}` : 'paid-before';
  return { kind: 'paid', fee, verdict, reason: 'paid_elsewhere' };
}
