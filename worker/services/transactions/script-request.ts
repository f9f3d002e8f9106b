/**
 * Script and signers as a caller asks for them, parsed: every wrong place is named by its pointer
 * into the body, and what comes out can be run and signed.
 */
import { base64 } from '@scure/base';
import { parseAddress } from '../../core/neo/address.ts';
import { parseCallFlags } from '../../core/neo/call-flags.ts';
import { encodeCalls } from '../../core/neo/contract-calls.ts';
import { parseContractParameters } from '../../core/neo/contract-parameter.ts';
import { parseScriptHash } from '../../core/neo/script-hash.ts';
import { checkScript } from '../../core/neo/script-reader.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { LIMITS as TRANSACTION_LIMITS } from '../../core/neo/transaction/limits.ts';
import type { Signer } from '../../core/neo/transaction/signer.ts';
import { parseSigner } from '../../core/neo/transaction/signer-json.ts';
import type { WitnessScopes } from '../../core/neo/transaction/witness-scope.ts';
import { err, type FieldProblem, ok, type Result } from '../../core/result.ts';

export interface CallRequest {
  readonly contract: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly flags: string;
  readonly result: ContractCall['result'];
}

export interface ScriptRequest {
  readonly script?: string | undefined;
  readonly calls?: readonly CallRequest[] | undefined;
}

type Refusal = 'request.malformed' | 'transactions.script_refused';

export function parseScript({ script, calls }: ScriptRequest): Result<Uint8Array, Refusal> {
  if ((script === undefined) === (calls === undefined))
    return malformed({ pointer: '/script', detail: 'give either script or calls' });
  const built = calls ? buildScript(calls) : decodeScript(script ?? '');
  if (!built.ok) return built;
  const limit = TRANSACTION_LIMITS.ownScriptBytesMax.value;
  const observed = built.value.length;
  if (observed === 0 || observed > limit)
    return err('transactions.script_refused', { limit, observed });
  const fault = checkScript(built.value);
  if (fault === null) return built;
  const detail = `${fault.reason}, at byte ${String(fault.at)}`;
  return err('transactions.script_refused', { detail });
}

function decodeScript(text: string): Result<Uint8Array, 'request.malformed'> {
  try {
    return ok(base64.decode(text));
  } catch {
    // The library throws for what is no base64: the caller's mistake.
    return malformed({ pointer: '/script', detail: 'is not base64' });
  }
}

function buildScript(calls: readonly CallRequest[]): Result<Uint8Array, 'request.malformed'> {
  const parsed: ContractCall[] = [];
  for (const [index, call] of calls.entries()) {
    const one = parseCall(call, `/calls/${String(index)}`);
    if (!one.ok) return one;
    parsed.push(one.value);
  }
  return ok(encodeCalls(parsed));
}

function parseCall(call: CallRequest, pointer: string): Result<ContractCall, 'request.malformed'> {
  const contract = parseScriptHash(call.contract);
  if (!contract)
    return malformed({ pointer: `${pointer}/contract`, detail: 'is not 0x and 40 digits' });
  const flags = parseCallFlags(call.flags);
  if (flags === null)
    return malformed({ pointer: `${pointer}/flags`, detail: 'names no call flags' });
  const args = parseContractParameters(call.args, `${pointer}/args`);
  if (!args.ok) return args;
  return ok({ contract, method: call.method, args: args.value, flags, result: call.result });
}

export interface SignerRequest {
  readonly account: string;
  readonly scopes: string;
  readonly allowedContracts?: readonly string[] | undefined;
  readonly allowedGroups?: readonly string[] | undefined;
  readonly rules?: readonly unknown[] | undefined;
}

export function parseSigners(
  requests: readonly SignerRequest[],
): Result<readonly Signer[], 'request.malformed'> {
  const signers: Signer[] = [];
  for (const [index, request] of requests.entries()) {
    const pointer = `/signers/${String(index)}`;
    const parsed = parseSigner(toNodesForm(request));
    if (!parsed.ok) {
      const { pointer: within, reason } = parsed.misshapen;
      return malformed({ pointer: pointer + toOurNames(within), detail: reason });
    }
    if (signers.some(({ account }) => account === parsed.value.account))
      return malformed({ pointer: `${pointer}/account`, detail: 'is named twice' });
    signers.push(parsed.value);
  }
  return ok(signers);
}

export interface ScopesRequest extends Omit<SignerRequest, 'account' | 'scopes'> {
  readonly scopes?: string | undefined;
}

/** Of a witness whose account is known; the pointers are those of the body itself. */
export function parseScopes({
  scopes = 'CalledByEntry',
  ...rest
}: ScopesRequest): Result<WitnessScopes, 'request.malformed'> {
  const parsed = parseSigner(toNodesForm({ ...rest, account: NOBODY, scopes }));
  if (parsed.ok) return ok(parsed.value.scopes);
  const { pointer, reason } = parsed.misshapen;
  return malformed({ pointer: toOurNames(pointer), detail: reason });
}

const NOBODY = `0x${'00'.repeat(20)}`;

const toNodesForm = ({
  account,
  scopes,
  allowedContracts,
  allowedGroups,
  rules,
}: SignerRequest) => ({
  account: parseAddress(account) ?? account,
  scopes,
  ...(allowedContracts && { allowedcontracts: allowedContracts }),
  ...(allowedGroups && { allowedgroups: allowedGroups }),
  ...(rules && { rules }),
});

const toOurNames = (pointer: string): string =>
  pointer
    .replace(/^\/allowedcontracts/, '/allowedContracts')
    .replace(/^\/allowedgroups/, '/allowedGroups');

const malformed = (problem: FieldProblem) => err('request.malformed', { fields: [problem] });

/** Of the form that the schema asks for. */
export const toFee = (text: string | undefined) => (text === undefined ? undefined : BigInt(text));

/** The script, and the scopes of whoever sends it. */
export function parseScopedScript(request: ScriptRequest & ScopesRequest) {
  const script = parseScript(request);
  if (!script.ok) return script;
  const scopes = parseScopes(request);
  return scopes.ok ? ok({ script: script.value, scopes: scopes.value }) : scopes;
}
