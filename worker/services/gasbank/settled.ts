/** What a request says of a gas account, parsed as a whole, and as its row has it. */
import { type GasTerms, type GasTermsForm, parseGasTerms } from '../../core/ledger/gas-terms.ts';
import { parseGas, toStored } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';

export interface Settled {
  readonly terms: GasTerms;
  readonly lowBalance: bigint | null;
}

/** A rule acts below the threshold, so it needs one. */
export function parseSettled(
  form: GasTermsForm,
  lowBalance: string | null,
): Result<Settled, 'request.malformed'> {
  const terms = parseGasTerms(form);
  if (!terms.ok) return terms;
  const low = lowBalance === null ? ok(null) : parseGas(lowBalance, '/lowBalance');
  if (!low.ok) return low;
  if (terms.value.topUp !== null && low.value === null)
    return err('request.malformed', {
      fields: [{ pointer: '/lowBalance', detail: 'is needed for a top-up' }],
    });
  return ok({ terms: terms.value, lowBalance: low.value });
}

export const columnsOf = ({ terms, lowBalance }: Settled, now: number) => ({
  minimumBalance: toStored(terms.minimumBalance),
  dailyLimit: terms.dailyLimit === null ? null : toStored(terms.dailyLimit),
  topUp: terms.topUp && {
    fromGasAccountId: terms.topUp.fromGasAccountId,
    amount: terms.topUp.amount.toString(),
    perDay: terms.topUp.perDay.toString(),
  },
  lowBalance: lowBalance === null ? null : toStored(lowBalance),
  dueAt: lowBalance === null ? null : now,
});
