/**
 * What binds the spending of a gas account, in the form of requests and in datoshi, and whether a
 * change lets more leave than before. Loosening needs the approvals of the account's wallet policy
 * (money rule M16); tightening needs none, so that whoever sees a theft can stop it at once.
 */
import { formatGas, parseGas, parseGasOrZero } from '../money.ts';
import { err, ok, type Result } from '../result.ts';

export interface GasTermsForm {
  readonly minimumBalance: string;
  readonly dailyLimit: string | null;
  readonly topUp: {
    readonly fromGasAccountId: string;
    readonly amount: string;
    readonly perDay: string;
  } | null;
}

export interface GasTerms {
  readonly minimumBalance: bigint;
  /** Null for no limit. */
  readonly dailyLimit: bigint | null;
  readonly topUp: {
    readonly fromGasAccountId: string;
    readonly amount: bigint;
    readonly perDay: bigint;
  } | null;
}

type Parsed<Value> = Result<Value, 'request.malformed'>;

/** Refusals name the place below `within`. */
export function parseGasTerms(form: GasTermsForm, within = ''): Parsed<GasTerms> {
  const minimumBalance = parseGasOrZero(form.minimumBalance, `${within}/minimumBalance`);
  if (!minimumBalance.ok) return minimumBalance;
  const dailyLimit =
    form.dailyLimit === null ? ok(null) : parseGasOrZero(form.dailyLimit, `${within}/dailyLimit`);
  if (!dailyLimit.ok) return dailyLimit;
  const topUp = form.topUp === null ? ok(null) : parseTopUp(form.topUp, `${within}/topUp`);
  if (!topUp.ok) return topUp;
  return ok({
    minimumBalance: minimumBalance.value,
    dailyLimit: dailyLimit.value,
    topUp: topUp.value,
  });
}

function parseTopUp(
  { fromGasAccountId, ...form }: NonNullable<GasTermsForm['topUp']>,
  within: string,
): Parsed<NonNullable<GasTerms['topUp']>> {
  const amount = parseGas(form.amount, `${within}/amount`);
  if (!amount.ok) return amount;
  const perDay = parseGas(form.perDay, `${within}/perDay`);
  if (!perDay.ok) return perDay;
  if (perDay.value < amount.value)
    return err('request.malformed', {
      fields: [{ pointer: `${within}/perDay`, detail: 'is less than one top-up' }],
    });
  return ok({ fromGasAccountId, amount: amount.value, perDay: perDay.value });
}

/** The one form of what was parsed: what is approved and what is asked for come to one digest. */
export const formatGasTerms = ({ minimumBalance, dailyLimit, topUp }: GasTerms): GasTermsForm => ({
  minimumBalance: formatGas(minimumBalance),
  dailyLimit: dailyLimit === null ? null : formatGas(dailyLimit),
  topUp: topUp && {
    fromGasAccountId: topUp.fromGasAccountId,
    amount: formatGas(topUp.amount),
    perDay: formatGas(topUp.perDay),
  },
});

/** In their order; none for a tightening. */
export function loosenedTerms(current: GasTerms, next: GasTerms): readonly (keyof GasTerms)[] {
  const loosened: Readonly<Record<keyof GasTerms, boolean>> = {
    minimumBalance: next.minimumBalance < current.minimumBalance,
    dailyLimit: isHigher(current.dailyLimit, next.dailyLimit),
    topUp: movesMore(current.topUp, next.topUp),
  };
  // The keys of the record are the parts; `keys` widens them to text.
  const parts = Object.keys(loosened) as readonly (keyof GasTerms)[];
  return parts.filter((part) => loosened[part]);
}

const isHigher = (current: bigint | null, next: bigint | null): boolean =>
  current !== null && (next === null || next > current);

function movesMore(current: GasTerms['topUp'], next: GasTerms['topUp']): boolean {
  if (next === null) return false;
  if (current === null || current.fromGasAccountId !== next.fromGasAccountId) return true;
  return next.amount > current.amount || next.perDay > current.perDay;
}
