/**
 * The life of GAS on its way out, as its account sees it:
 *
 *   opening -> awaiting_approval | scheduled | ready      once the book holds it
 *   awaiting_approval -> scheduled | ready                with the last approval
 *   ready -> sending -> settling                          by a verdict alone
 *   sending -> ready | dead_letter                        what was never signed is tried again
 *   sending -> unresolved                                 an operator closes it, or looks again
 *   any -> settling -> completed | failed | cancelled | rejected
 *
 * `sending` begins before anything can be signed, so from there nothing but a verdict gives the
 * money back (money rules M4, M7). What is decided is stored as `settling` before the book is told,
 * so two who decide at once cannot both be right. An end is for ever.
 */

/**
 * `return`: of a deposit in suspense; `refill`: of a sponsor wallet, which no book pays; `unclaimed`:
 * of what a deleted account has left.
 */
export const PAYOUT_KINDS = ['withdrawal', 'return', 'refill', 'unclaimed'] as const;
export type PayoutKind = (typeof PAYOUT_KINDS)[number];

export const PAYOUT_STATUSES = [
  'opening',
  'awaiting_approval',
  'scheduled',
  'ready',
  'sending',
  'settling',
  'completed',
  'failed',
  'cancelled',
  'rejected',
  'unresolved',
  'dead_letter',
] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

export type PayoutReason =
  /** Why it waits. */
  | 'proof_paused'
  | 'vault_paused'
  | 'vault_missing'
  | 'day_cap'
  | 'chain_unreadable'
  | 'resolver_paused'
  | 'resolver_missing'
  | 'not_sent_yet'
  /** Why it ended, or needs an operator. */
  | 'approvals_missing'
  | 'hold_expired'
  | 'withdrawn'
  | 'destination_suspended'
  | 'policy_tightened'
  | 'attempts_used_up'
  | 'released'
  | 'faulted'
  | 'expired'
  | 'release_differs'
  | 'disputed'
  | 'paid_elsewhere'
  | 'resolver_paid'
  | 'resolver_failed'
  | 'resolver_silent'
  | 'resolver_differs'
  | 'resolved_by_operator';

const UNSENT: ReadonlySet<PayoutStatus> = new Set(['awaiting_approval', 'scheduled', 'ready']);
const OPERATORS: ReadonlySet<PayoutStatus> = new Set(['unresolved', 'dead_letter']);

/** Its owner may take it back, if the book agrees. */
export const isUnsent = (status: PayoutStatus): boolean => UNSENT.has(status);
/** Nothing moves it by itself. */
export const needsOperator = (status: PayoutStatus): boolean => OPERATORS.has(status);
