/**
 * What a sender knows of one transaction that somebody wants on the chain. The wish is the intent;
 * the transactions made for it are its attempts, of which the chain can take one at most.
 *
 *   intended -> prepared -> live -> confirmed | faulted | expired | cancelled
 *   intended -> rejected, while nothing was prepared;  prepared | live -> disputed -> an operator
 *
 * From `prepared` on the bridge may have signed, so the intent is bound to the chain (money rules
 * M4, M7): inclusion seen by a quorum, or expiry with absence proven by one, ends it; nothing else.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { VmState } from '../neo/vm/execution.ts';
import { type Lease, UNLEASED } from './lease.ts';
import { LIMITS } from './limits.ts';

export type IntentState =
  /** Stored; nothing was prepared. */
  | 'intended'
  /** The unsigned transaction is stored; the bridge is asked to sign it. */
  | 'prepared'
  /** The signed bytes are stored and broadcast. */
  | 'live'
  /** Included, HALT. */
  | 'confirmed'
  /** Included, FAULT; its fees are gone. */
  | 'faulted'
  /** It can not come any more, and a quorum does not have it. */
  | 'expired'
  /** A cancelling attempt was included in its place. */
  | 'cancelled'
  /** Ended before anything was prepared. */
  | 'rejected'
  /** Endpoints contradict each other, or nothing could be read for too long; ended by an operator. */
  | 'disputed';

export type IntentReason =
  | 'simulation_fault'
  | 'fee_above_maximum'
  | 'insufficient_gas'
  | 'not_prepared_in_time'
  | 'transaction_malformed'
  /** The wallet's policy does not let it be signed, or did not until it expired. */
  | 'policy_refused'
  | 'withdrawn'
  | 'contradicting_votes'
  | 'unresolved'
  | 'resolved_by_operator';

/** One sender on one network; a transaction hash does not contain the magic (money rule M1). */
export interface SenderIdentity {
  readonly magic: number;
  readonly account: ScriptHash;
}

/** What let it out: who may loosen nothing, and what is asked before it is signed. */
export type Authority =
  /** Of the key, for wallets of the platform. */
  | 'purpose'
  | 'policy'
  /** For what the policy does not let pass by itself. */
  | 'approvals'
  /** It came with its signatures. */
  | 'elsewhere';

export interface Terms {
  readonly systemFeeMax: bigint;
  readonly networkFeeMax: bigint;
  /** GAS that the script moves away from the sender. */
  readonly gasSent: bigint;
  readonly windowBlocks: number;
}

export interface Inclusion {
  readonly attempt: number;
  readonly blockIndex: number;
  readonly blockHash: Hash256;
  readonly vmState: VmState;
  readonly notificationsDigest: string;
}

export interface Intent {
  readonly id: string;
  /** Words of the service that wants it; comes back in events. */
  readonly purpose: string;
  readonly terms: Terms;
  readonly authority: Authority;
  readonly state: IntentState;
  readonly stateSince: number;
  readonly createdAt: number;
  /** Changes of state so far; makes ids of events. */
  readonly changes: number;
  readonly reason: IntentReason | null;
  /** For people: a simulation's exception, an operator's reason. */
  readonly detail: string | null;
  /** The chain is read for it under this lease. */
  readonly observe: Lease;
  /** When its state has lasted too long; null in states that end it and in `disputed`. */
  readonly deadlineAt: number | null;
  /** What it may still cost the wallet at most (M8); after its inclusion, what it cost at most. */
  readonly reserved: bigint;
  readonly inclusion: Inclusion | null;
  readonly endedAt: number | null;
}

/** What the chain may take, as far as it was fixed before it was signed. */
export interface PreparedTransaction {
  readonly hash: Hash256;
  readonly systemFee: bigint;
  readonly networkFee: bigint;
  readonly validUntilBlock: number;
  /** The height the window counts from; no block up to it can hold the transaction. */
  readonly preparedHeight: number;
  readonly preparedAt: number;
}

export type AttemptKind = 'original' | 'replacement' | 'cancel';

export type AttemptState =
  /** To be prepared. */
  | 'planned'
  | 'prepared'
  | 'live'
  | 'included'
  /** Another attempt was included, or it was never prepared. */
  | 'void'
  | 'expired';

export interface Attempt {
  readonly intentId: string;
  /** Counted from 1. */
  readonly number: number;
  readonly kind: AttemptKind;
  readonly state: AttemptState;
  readonly networkFeeMax: bigint;
  /** Null exactly while it is planned or when it never was more. */
  readonly transaction: PreparedTransaction | null;
  /** Prepare, sign or broadcast, by its state. */
  readonly work: Lease;
}

export interface MakeIntent {
  readonly id: string;
  readonly purpose: string;
  readonly terms: Terms;
  readonly authority: Authority;
  readonly now: number;
}

export const makeIntent = ({ now, ...fixed }: MakeIntent): Intent => ({
  ...fixed,
  state: 'intended',
  stateSince: now,
  createdAt: now,
  changes: 0,
  reason: null,
  detail: null,
  observe: UNLEASED,
  deadlineAt: now + LIMITS.senderIntendedMaxMs.value,
  reserved: 0n,
  inclusion: null,
  endedAt: null,
});

export interface PlanAttempt {
  readonly intentId: string;
  readonly number: number;
  readonly kind: AttemptKind;
  readonly networkFeeMax: bigint;
  readonly now: number;
}

export const planAttempt = ({ now, ...fixed }: PlanAttempt): Attempt => ({
  ...fixed,
  state: 'planned',
  transaction: null,
  work: { ...UNLEASED, dueAt: now },
});

/** Bound to the chain and followed by the sender itself. */
export const isFollowed = ({ state }: Intent): boolean => state === 'prepared' || state === 'live';

export type PreparedAttempt = Attempt & { readonly transaction: PreparedTransaction };

/** May have been signed, and its expiry is not proven. */
export const mayBeIncluded = (attempt: Attempt): attempt is PreparedAttempt =>
  attempt.transaction !== null && (attempt.state === 'prepared' || attempt.state === 'live');
