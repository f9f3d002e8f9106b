/**
 * The states of a transaction as its account sees them:
 *
 *   proposed -> sending -> confirmed | faulted | expired | cancelled | rejected | disputed
 *   proposed -> expired | cancelled, before anything was sent;  disputed -> any end, by an operator
 *
 * `sending` covers all that the sender does by itself (core/neo-sender/intent.ts). An end is for
 * ever: what is told late, twice or out of order moves nothing out of it.
 */
import type { IntentReason, IntentState } from '../neo-sender/intent.ts';

/** `wallet`: built and signed here; `multisig`: each member signs the transaction itself (M19). */
export const TRANSACTION_KINDS = ['wallet', 'multisig'] as const;

export const TRANSACTION_STATUSES = [
  'proposed',
  'sending',
  'confirmed',
  'faulted',
  'expired',
  'cancelled',
  'rejected',
  'disputed',
] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** What becomes of a transaction that was sent, and what an account is told of. */
export type Outcome = Exclude<TransactionStatus, 'proposed' | 'sending'>;

export type TransactionReason =
  | IntentReason
  /** Too few approvals in time. */
  | 'proposal_expired'
  | 'wallet_retired'
  /** The sender could not take it for too long; nothing was signed. */
  | 'not_handed_over';

const ENDS: ReadonlySet<TransactionStatus> = new Set([
  'confirmed',
  'faulted',
  'expired',
  'cancelled',
  'rejected',
]);

export const isEnd = (status: TransactionStatus): boolean => ENDS.has(status);

interface SenderWord {
  readonly state: IntentState;
  readonly reason: IntentReason | null;
}

/** Null while the sender is at work. What was withdrawn before it was sent was cancelled. */
export function outcomeOf({ state, reason }: SenderWord): Outcome | null {
  switch (state) {
    case 'intended':
    case 'prepared':
    case 'live':
      return null;
    case 'rejected':
      return reason === 'withdrawn' ? 'cancelled' : 'rejected';
    default:
      return state;
  }
}

/** From where a sender's word can move a transaction to an outcome. */
export const leavesOf = (outcome: Outcome): readonly TransactionStatus[] =>
  outcome === 'disputed' ? ['sending'] : ['sending', 'disputed'];
