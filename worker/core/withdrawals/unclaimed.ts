/**
 * What is paid out of GAS that a deleted account has left, and to whom (money rule M17). While wallets
 * are remembered that the owner had verified, one of them is paid and nobody else.
 */
import { toFact } from '../money.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';

const LEAST = BigInt(LIMITS.withdrawalMin.value);

export const decidePayee = (
  to: ScriptHash,
  verified: readonly ScriptHash[],
): Result<null, 'withdrawals.destination_refused'> =>
  verified.length === 0 || verified.includes(to)
    ? ok(null)
    : err('withdrawals.destination_refused', {
        detail: 'the account had verified wallets, and this is none of them',
      });

/** Datoshi: what is wanted, or all that is left after the fee. */
export function decidePayout(
  { wanted, left }: { readonly wanted: bigint | null; readonly left: bigint },
  fee: bigint,
): Result<bigint, 'withdrawals.amount_too_small'> {
  const amount = wanted ?? left - fee;
  if (amount >= LEAST) return ok(amount);
  const [limit, observed] = wanted === null ? [LEAST + fee, left] : [LEAST, wanted];
  return err('withdrawals.amount_too_small', { limit: toFact(limit), observed: toFact(observed) });
}
