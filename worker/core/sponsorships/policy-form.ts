/**
 * The terms of a sponsorship policy as JSON: in requests, in answers, in the store and in what is
 * approved. Amounts are decimal GAS; a written form has one reading and formatting gives one form,
 * so that equal terms have one digest.
 */
import { formatGas, parseGas } from '../money.ts';
import { parseScriptHash } from '../neo/script-hash.ts';
import { err, type FieldProblem, ok, type Result } from '../result.ts';
import type { SponsoredContract, SponsorshipTerms } from './policy.ts';

export interface SponsorshipForm {
  readonly contracts: readonly { readonly contract: string; readonly methods: readonly string[] }[];
  readonly feeMax: string;
  readonly perDay: string;
  readonly perAccountPerDay: string;
  readonly perSignerPerDay: string;
  readonly perKeyPerDay: string | null;
  readonly perContractPerDay: string | null;
  readonly perMethodPerDay: string | null;
  readonly perEndUserPerDay: string | null;
  readonly faultsPerDay: number;
  readonly faultsPerSignerPerDay: number;
  readonly openMax: number;
  readonly openPerSignerMax: number;
  readonly windowBlocksMax: number | null;
  readonly requiresUserSession: boolean;
}

/** `at`: where the terms stand in the body. */
export function parseTerms(
  form: SponsorshipForm,
  at: '' | '/sponsorshipTerms' = '',
): Result<SponsorshipTerms, 'request.malformed'> {
  const fields: FieldProblem[] = [];
  const gas = (name: keyof SponsorshipForm): bigint => {
    const parsed = parseGas(form[name], `${at}/${name}`);
    if (parsed.ok) return parsed.value;
    fields.push(...(parsed.failure.fields ?? []));
    return 0n;
  };
  const gasOrNull = (name: keyof SponsorshipForm) => (form[name] === null ? null : gas(name));
  const terms: SponsorshipTerms = {
    contracts: readContracts(form, at, fields),
    feeMax: gas('feeMax'),
    perDay: gas('perDay'),
    perAccountPerDay: gas('perAccountPerDay'),
    perSignerPerDay: gas('perSignerPerDay'),
    perKeyPerDay: gasOrNull('perKeyPerDay'),
    perContractPerDay: gasOrNull('perContractPerDay'),
    perMethodPerDay: gasOrNull('perMethodPerDay'),
    perEndUserPerDay: gasOrNull('perEndUserPerDay'),
    faultsPerDay: form.faultsPerDay,
    faultsPerSignerPerDay: form.faultsPerSignerPerDay,
    openMax: form.openMax,
    openPerSignerMax: form.openPerSignerMax,
    windowBlocksMax: form.windowBlocksMax,
    requiresUserSession: form.requiresUserSession,
  };
  return fields.length === 0 ? ok(terms) : err('request.malformed', { fields });
}

/** What stands twice is refused: a reader would go by one half of it and a decision by the other. */
function readContracts(
  { contracts }: SponsorshipForm,
  at: string,
  fields: FieldProblem[],
): readonly SponsoredContract[] {
  const seen = new Set<string>();
  return contracts.flatMap(({ contract, methods }, index) => {
    const pointer = `${at}/contracts/${String(index)}`;
    const hash = parseScriptHash(contract);
    if (hash === null || seen.has(hash)) {
      const detail = hash === null ? 'is no script hash' : 'stands twice';
      fields.push({ pointer: `${pointer}/contract`, detail });
      return [];
    }
    seen.add(hash);
    if (new Set(methods).size < methods.length)
      fields.push({ pointer: `${pointer}/methods`, detail: 'name a method twice' });
    return [{ contract: hash, methods }];
  });
}

const gasOrNull = (amount: bigint | null) => (amount === null ? null : formatGas(amount));

export const formatTerms = (terms: SponsorshipTerms): SponsorshipForm => ({
  ...terms,
  feeMax: formatGas(terms.feeMax),
  perDay: formatGas(terms.perDay),
  perAccountPerDay: formatGas(terms.perAccountPerDay),
  perSignerPerDay: formatGas(terms.perSignerPerDay),
  perKeyPerDay: gasOrNull(terms.perKeyPerDay),
  perContractPerDay: gasOrNull(terms.perContractPerDay),
  perMethodPerDay: gasOrNull(terms.perMethodPerDay),
  perEndUserPerDay: gasOrNull(terms.perEndUserPerDay),
});
