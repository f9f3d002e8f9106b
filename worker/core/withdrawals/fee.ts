/**
 * What a release may cost (money rule M14): the recipient's code sets it, so it is simulated, held
 * with a margin, and refused above the cap or above what the owner allows. What is held and not
 * taken comes back.
 */
import { lesser, toFact } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';

export interface ReleaseFees {
  /** Datoshi. */
  readonly systemFee: bigint;
  readonly networkFee: bigint;
}

export const feeOf = ({ systemFee, networkFee }: ReleaseFees): bigint => systemFee + networkFee;

const CAP = BigInt(LIMITS.withdrawalFeeCap.value);
/** Of a release of one signature; what is left of the cap pays the script. */
const NETWORK_FEE_ROOM = 10_000_000n;

const withMargin = (needed: bigint): bigint =>
  needed + (needed * BigInt(LIMITS.withdrawalFeeMarginPercent.value) + 99n) / 100n;

/**
 * The most that each fee may come to. `needed` is null where no run can be simulated, as when the
 * day's cap is used up: then all of the cap is held.
 */
export function decideFees(
  needed: ReleaseFees | null,
  feeMax: bigint | null,
): Result<ReleaseFees, 'withdrawals.fee_too_high'> {
  const most = feeMax === null ? CAP : lesser(feeMax, CAP);
  if (needed === null)
    return most > NETWORK_FEE_ROOM
      ? ok({ systemFee: most - NETWORK_FEE_ROOM, networkFee: NETWORK_FEE_ROOM })
      : tooHigh(most, NETWORK_FEE_ROOM + 1n);
  if (feeOf(needed) > most) return tooHigh(most, feeOf(needed));
  const networkFee = lesser(withMargin(needed.networkFee), most - needed.systemFee);
  return ok({ systemFee: lesser(withMargin(needed.systemFee), most - networkFee), networkFee });
}

const tooHigh = (most: bigint, needed: bigint) =>
  err('withdrawals.fee_too_high', { limit: toFact(most), observed: toFact(needed) });

/** Datoshi: all that is left after the fee, if it is as much as the least that is paid. */
export function decideRest(
  { left, least }: { readonly left: bigint; readonly least: bigint },
  fee: bigint,
): Result<bigint, 'withdrawals.amount_too_small'> {
  const rest = left - fee;
  return rest >= least
    ? ok(rest)
    : err('withdrawals.amount_too_small', { limit: toFact(least + fee), observed: toFact(left) });
}
