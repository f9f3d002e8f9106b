/**
 * A withdrawal policy as JSON, in requests and in what members approve. One policy has one form here,
 * so that an approval is found again whatever way the amounts were written.
 */
import { formatGas, parseGas } from '../money.ts';
import { encodeAddress, parseAddress } from '../neo/address.ts';
import { err, type FieldProblem, ok, type Result } from '../result.ts';
import type { PolicyWish } from './policy.ts';

export interface WithdrawalPolicyForm {
  /** Decimal GAS. */
  readonly approvalsAbove: string | null;
  readonly perDay: string | null;
  readonly destinations:
    | readonly { readonly address: string; readonly label: string | null }[]
    | null;
  readonly delayHours: number;
}

const HOUR_MS = 3_600_000;

/** `at`: where the policy stands in the body. */
export function parsePolicyForm(
  form: WithdrawalPolicyForm,
  at: '' | '/withdrawalPolicy' = '',
): Result<PolicyWish, 'request.malformed'> {
  const approvalsAbove = gasOrZero(form.approvalsAbove, `${at}/approvalsAbove`);
  if (!approvalsAbove.ok) return approvalsAbove;
  const perDay = gasOrZero(form.perDay, `${at}/perDay`);
  if (!perDay.ok) return perDay;
  const fields: FieldProblem[] = [];
  const seen = new Set<string>();
  const destinations = form.destinations?.flatMap(({ address, label }, index) => {
    const account = parseAddress(address);
    const pointer = `${at}/destinations/${String(index)}/address`;
    if (account === null) fields.push({ pointer, detail: 'is not an address of Neo N3' });
    else if (seen.has(account)) fields.push({ pointer, detail: 'stands twice' });
    if (account === null) return [];
    seen.add(account);
    return [{ account, label }];
  });
  if (fields.length > 0) return err('request.malformed', { fields });
  return ok({
    approvalsAbove: approvalsAbove.value,
    perDay: perDay.value,
    destinations: destinations ?? null,
    delayMs: form.delayHours * HOUR_MS,
  });
}

/** Zero is a bound here, and no amount elsewhere. */
function gasOrZero(
  text: string | null,
  pointer: string,
): Result<bigint | null, 'request.malformed'> {
  if (text === null) return ok(null);
  return /^0(?:\.0+)?$/.test(text) ? ok(0n) : parseGas(text, pointer);
}

const gasOrNull = (amount: bigint | null) => (amount === null ? null : formatGas(amount));

export const formatPolicyForm = (wish: PolicyWish): WithdrawalPolicyForm => ({
  approvalsAbove: gasOrNull(wish.approvalsAbove),
  perDay: gasOrNull(wish.perDay),
  destinations:
    wish.destinations?.map(({ account, label }) => ({ address: encodeAddress(account), label })) ??
    null,
  delayHours: wish.delayMs / HOUR_MS,
});
