/**
 * What a sender asks of the outside and what it hears back; plain data on both ways. The outside
 * never builds a transaction: it quotes fees and reads balances, the sender writes the bytes, and
 * what is signed and broadcast comes from its store. So whatever the outside answers, however often
 * and however late, one attempt is one transaction.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { BroadcastOutcome } from '../neo/rpc/broadcast.ts';
import type { Sighting } from '../neo/rpc/quorum.ts';
import type { BalanceReading } from './free-gas.ts';
import type { SenderIdentity } from './intent.ts';

interface StepOf<Kind extends string> {
  readonly kind: Kind;
  readonly sender: SenderIdentity;
  readonly intentId: string;
  /** Names the lease in the report. */
  readonly leaseNumber: number;
}

export interface PrepareStep extends StepOf<'prepare'> {
  readonly attempt: number;
  /** The unsigned transaction with nonce, fees and validUntilBlock 0, its Conflicts included. */
  readonly draft: Uint8Array;
  /** What the network fee has to exceed: the sum of those it replaces. */
  readonly networkFeeAbove: bigint | null;
}

export interface SignStep extends StepOf<'sign'> {
  readonly attempt: number;
  readonly unsigned: Uint8Array;
  /** What the policy of the wallet is asked with, once more. */
  readonly isApproved: boolean;
  readonly isCancel: boolean;
  /** Hashes of the intent's other attempts, the only ones it may displace. */
  readonly replaces: readonly Hash256[];
}

export interface BroadcastStep extends StepOf<'broadcast'> {
  readonly attempt: number;
  readonly signed: Uint8Array;
}

export interface ObserveStep extends StepOf<'observe'> {
  readonly attempts: readonly { readonly number: number; readonly hash: Hash256 }[];
}

export type SenderStep = PrepareStep | SignStep | BroadcastStep | ObserveStep;

export interface EndpointSighting {
  readonly endpoint: string;
  readonly attempt: number;
  readonly sighting: Sighting;
}

export interface EndpointHeight {
  readonly endpoint: string;
  readonly height: number;
}

export type StepOutcome =
  | {
      readonly kind: 'quoted';
      readonly systemFee: bigint;
      readonly networkFee: bigint;
      readonly balances: readonly BalanceReading[];
    }
  /** A quorum of endpoints says that the script faults. Ends nothing that was ever prepared. */
  | { readonly kind: 'simulated_fault'; readonly detail: string }
  | { readonly kind: 'signed'; readonly signed: Uint8Array }
  /** The policy of the wallet does not let it be signed now; it may again before it expires. */
  | { readonly kind: 'withheld'; readonly detail: string }
  | { readonly kind: 'broadcast'; readonly outcome: BroadcastOutcome }
  | {
      readonly kind: 'observed';
      readonly heights: readonly EndpointHeight[];
      readonly sightings: readonly EndpointSighting[];
    }
  /** Nothing could be learnt or done; `detail` is for people and changes nothing. */
  | { readonly kind: 'failed'; readonly detail: string };

export interface StepReport {
  readonly intentId: string;
  /** Null for what is observed, which is for all attempts. */
  readonly attempt: number | null;
  readonly leaseNumber: number;
  readonly outcome: StepOutcome;
}
