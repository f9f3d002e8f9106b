/**
 * Whether an attempt may be built from what the outside quoted, and its bytes. Checked here, in the
 * turn that stores them: the fees against what the intent allows, the fee of a replacement against
 * the sum of those it displaces, and the wallet's free GAS (M8) against everything it owes already.
 */
import { hash256Of } from '../neo/hash256.ts';
import { draftAttempt } from './draft.ts';
import { type Balance, costOf, decideBalance, fitsBalance } from './free-gas.ts';
import {
  type Attempt,
  type Intent,
  type IntentReason,
  mayBeIncluded,
  type PreparedTransaction,
  type SenderIdentity,
} from './intent.ts';
import type { StepOutcome } from './steps.ts';

export type Quote = StepOutcome & { readonly kind: 'quoted' };

export interface PrepareQuestion {
  readonly sender: SenderIdentity;
  readonly intent: Intent;
  /** All of the intent. */
  readonly attempts: readonly Attempt[];
  readonly attempt: Attempt;
  readonly template: Uint8Array;
  readonly quote: Quote;
  readonly required: number;
  /** What all other intents reserve that is not in a balance of this height. */
  readonly reservedAt: (height: number) => bigint;
  /** Random; makes the hash this attempt's own. */
  readonly nonce: number;
  readonly now: number;
}

export type PrepareDecision =
  | {
      readonly kind: 'prepared';
      readonly transaction: PreparedTransaction;
      readonly unsigned: Uint8Array;
    }
  /** Asked again later; `reason` is shown meanwhile. */
  | { readonly kind: 'wait'; readonly reason: IntentReason | null }
  | { readonly kind: 'refused'; readonly reason: IntentReason };

/** What a replacement has to exceed strictly: the sum of the network fees of those it displaces. */
export function networkFeeAbove(attempts: readonly Attempt[]): bigint | null {
  const displaced = attempts.filter(mayBeIncluded);
  if (displaced.length === 0) return null;
  return displaced.reduce((sum, { transaction }) => sum + transaction.networkFee, 0n);
}

export function decidePrepared(question: PrepareQuestion): PrepareDecision {
  const { intent, attempt, attempts, quote } = question;
  const systemFeeMax = attempt.kind === 'cancel' ? 0n : intent.terms.systemFeeMax;
  const above = networkFeeAbove(attempts);
  const networkFee = above !== null && quote.networkFee <= above ? above + 1n : quote.networkFee;
  const isTooDear = quote.systemFee > systemFeeMax || networkFee > attempt.networkFeeMax;
  if (isTooDear || quote.systemFee < 0n || quote.networkFee < 0n)
    return { kind: 'refused', reason: 'fee_above_maximum' };
  const balance = decideBalance(quote.balances, question.required);
  if (balance === null) return { kind: 'wait', reason: null };
  const fees = { systemFee: quote.systemFee, networkFee };
  if (!fits(question, balance, fees)) return { kind: 'wait', reason: 'insufficient_gas' };
  return build(question, balance.height, fees);
}

interface Fees {
  readonly systemFee: bigint;
  readonly networkFee: bigint;
}

/** Only one attempt of an intent can be included, so the dearest is what it owes. */
function fits({ intent, attempt, reservedAt }: PrepareQuestion, balance: Balance, fees: Fees) {
  const own = costOf({ ...fees, gasSent: gasSentBy(attempt, intent) });
  const cost = own > intent.reserved ? own : intent.reserved;
  return fitsBalance(balance, reservedAt(balance.height), cost);
}

function build(
  { sender, intent, attempts, attempt, template, nonce, now }: PrepareQuestion,
  height: number,
  fees: Fees,
): PrepareDecision {
  const validUntilBlock = height + intent.terms.windowBlocks;
  const conflicts = attempts.filter(mayBeIncluded).map(({ transaction }) => transaction.hash);
  const unsigned = draftAttempt(
    { sender, kind: attempt.kind, template, conflicts },
    { nonce, ...fees, validUntilBlock },
  );
  if (unsigned === null) return { kind: 'refused', reason: 'transaction_malformed' };
  const transaction: PreparedTransaction = {
    hash: hash256Of(unsigned),
    ...fees,
    validUntilBlock,
    preparedHeight: height,
    preparedAt: now,
  };
  return { kind: 'prepared', transaction, unsigned };
}

/** A cancelling transaction moves nothing. */
export const gasSentBy = ({ kind }: Attempt, { terms }: Intent): bigint =>
  kind === 'cancel' ? 0n : terms.gasSent;
