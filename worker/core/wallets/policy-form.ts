/**
 * A wallet's policy as JSON: in requests, in answers and in the store. What contradicts itself is
 * refused, since the reader of a policy would go by one half of it and the decision by the other.
 */
import { parseScriptHash, type ScriptHash } from '../neo/script-hash.ts';
import { err, type FieldProblem, ok, type Result } from '../result.ts';
import type { ContractRule, ScopeName, WalletPolicy } from './wallet-policy.ts';
import { permits } from './wallet-policy.ts';

/** Hashes in display form, amounts in decimal digits; the schema of the contract checks both. */
export interface PolicyForm {
  readonly contracts: readonly {
    readonly contract: string;
    readonly methods: readonly string[] | null;
  }[];
  readonly tokens: readonly { readonly token: string; readonly perDay: string }[];
  readonly scopes: readonly ScopeName[];
  readonly customContracts: readonly string[];
  readonly systemFeeMax: string;
  readonly networkFeeMax: string;
  readonly approvals: number | null;
}

/** Nothing is free: whatever the wallet signs is approved by one wallet at least. */
export const policyWithNothingFree = (fees: {
  readonly systemFeeMax: number;
  readonly networkFeeMax: number;
}): WalletPolicy => ({
  contracts: [],
  tokens: [],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: BigInt(fees.systemFeeMax),
  networkFeeMax: BigInt(fees.networkFeeMax),
  approvals: 1,
});

/** `at`: where the policy stands in the body. */
export function parsePolicy(
  form: PolicyForm,
  at: '' | '/policy' | '/moneyPolicy' = '',
): Result<WalletPolicy, 'request.malformed'> {
  const fields: FieldProblem[] = [];
  const hash = (text: string, pointer: string): ScriptHash[] => {
    const parsed = parseScriptHash(text);
    if (parsed === null) fields.push({ pointer, detail: 'is no script hash' });
    return parsed === null ? [] : [parsed];
  };
  const policy: WalletPolicy = {
    contracts: form.contracts.flatMap(({ contract, methods }, index): ContractRule[] =>
      hash(contract, `/contracts/${index}/contract`).map((one) => ({ contract: one, methods })),
    ),
    tokens: form.tokens.flatMap(({ token, perDay }, index) =>
      hash(token, `/tokens/${index}/token`).map((one) => ({ token: one, perDay: BigInt(perDay) })),
    ),
    scopes: form.scopes,
    customContracts: form.customContracts.flatMap((text, index) =>
      hash(text, `/customContracts/${index}`),
    ),
    systemFeeMax: BigInt(form.systemFeeMax),
    networkFeeMax: BigInt(form.networkFeeMax),
    approvals: form.approvals,
  };
  if (fields.length === 0) fields.push(...contradictionsOf(policy));
  if (fields.length === 0) return ok(policy);
  return err('request.malformed', {
    fields: fields.map(({ pointer, detail }) => ({ pointer: `${at}${pointer}`, detail })),
  });
}

export const formatPolicy = (policy: WalletPolicy): PolicyForm => ({
  ...policy,
  tokens: policy.tokens.map(({ token, perDay }) => ({ token, perDay: perDay.toString() })),
  systemFeeMax: policy.systemFeeMax.toString(),
  networkFeeMax: policy.networkFeeMax.toString(),
});

function* contradictionsOf(policy: WalletPolicy): Generator<FieldProblem> {
  yield* repeated(
    policy.contracts.map(({ contract }) => contract),
    '/contracts',
  );
  for (const [index, { methods }] of policy.contracts.entries())
    yield* repeated(methods ?? [], `/contracts/${index}/methods`);
  const tokens = policy.tokens.map(({ token }) => token);
  yield* repeated(tokens, '/tokens');
  yield* repeated(policy.scopes, '/scopes');
  yield* repeated(policy.customContracts, '/customContracts');
  for (const [index, token] of tokens.entries())
    if (permits(policy, token, 'transfer'))
      yield { pointer: `/tokens/${index}`, detail: 'has a limit here and none in `contracts`' };
}

function* repeated(items: readonly string[], pointer: string): Generator<FieldProblem> {
  for (const [index, item] of items.entries())
    if (items.indexOf(item) < index)
      yield { pointer: `${pointer}/${index}`, detail: 'stands twice' };
}
