/**
 * What an intent takes from the days of its wallet: the amounts of its script on the day it was
 * sent, its fees at their maxima, and what a replacement raised them by on the day of that. At its
 * end the fees are what they truly were, and what was never spent comes back to the day it was
 * taken from.
 */
import { assert } from '../assert.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { Spent } from '../wallets/wallet-policy.ts';
import type { Terms } from './intent.ts';
import type { Dossier } from './lifecycle.ts';

export interface Spending {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly token: ScriptHash;
  readonly part: 'amount' | 'fee';
  /** In the smallest unit. */
  readonly amount: bigint;
}

const GAS = NATIVE_CONTRACTS.GasToken.hash;

/** Of an intent as it is sent; `spends` has its fees among the GAS. */
export function spendingsOf(
  { day, amounts }: Spent,
  { systemFeeMax, networkFeeMax }: Terms,
): readonly Spending[] {
  const fee = systemFeeMax + networkFeeMax;
  const moved = new Map(amounts);
  moved.set(GAS, (moved.get(GAS) ?? 0n) - fee);
  return [
    { day, token: GAS, part: 'fee', amount: fee } as const,
    ...[...moved].map(([token, amount]) => ({ day, token, part: 'amount', amount }) as const),
  ].filter(({ amount }) => amount > 0n);
}

export const feeOf = (day: number, amount: bigint): Spending => ({
  day,
  token: GAS,
  part: 'fee',
  amount,
});

export const countedFees = (spendings: readonly Spending[]): bigint =>
  spendings.reduce((sum, { part, amount }) => (part === 'fee' ? sum + amount : sum), 0n);

/**
 * What comes back when an intent has ended, of `spendings` by their days. A fault keeps the
 * amounts: that nothing moved is the nodes' word alone (money rule M6), and opens no limit again.
 */
export function releasedBy(
  { intent, attempts }: Dossier,
  spendings: readonly Spending[],
): readonly Spending[] {
  assert(intent.endedAt !== null, 'only an end gives anything back');
  const winner = attempts.find(({ number }) => number === intent.inclusion?.attempt)?.transaction;
  const isMoved = intent.state === 'confirmed' || intent.state === 'faulted';
  let paid = winner ? winner.systemFee + winner.networkFee : 0n;
  return spendings.flatMap((spending) => {
    if (spending.part === 'amount') return isMoved ? [] : [spending];
    const kept = paid < spending.amount ? paid : spending.amount;
    paid -= kept;
    return kept === spending.amount ? [] : [{ ...spending, amount: spending.amount - kept }];
  });
}
