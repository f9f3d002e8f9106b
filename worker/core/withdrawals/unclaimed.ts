/**
 * What is paid out of GAS that a deleted account has left, and to whom (money rule M17). While wallets
 * are remembered that the owner had verified, one of them is paid and nobody else.
 */
import type { ScriptHash } from '../neo/script-hash.ts';
import { err, ok, type Result } from '../result.ts';
import { decideRest } from './fee.ts';
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
export const decidePayout = (
  { wanted, left }: { readonly wanted: bigint | null; readonly left: bigint },
  fee: bigint,
): Result<bigint, 'withdrawals.amount_too_small'> =>
  wanted === null
    ? decideRest({ left, least: LEAST }, fee)
    : decideRest({ left: wanted, least: LEAST }, 0n);
