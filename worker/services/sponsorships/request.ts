/**
 * The body of `createSponsorship`, parsed, and its digest: the same wish again is the same
 * sponsorship, whatever a simulation says by then.
 */
import { parseAddress } from '../../core/neo/address.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { WitnessScopes } from '../../core/neo/transaction/witness-scope.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { digestOfWish } from '../../core/sponsorships/wish-digest.ts';
import { parseScopes, parseScript, type ScopesRequest } from '../transactions/index.ts';

export interface CreateRequest extends ScopesRequest {
  readonly id: string;
  readonly policyId: string;
  readonly script?: string | undefined;
  readonly calls?: Parameters<typeof parseScript>[0]['calls'];
  /** The address that will sign. */
  readonly signer?: string | undefined;
  /** Or a wallet of the account, which signs at once. */
  readonly walletId?: string | undefined;
  readonly endUser?: string | undefined;
  readonly userSession?: string | undefined;
}

export interface Wish {
  readonly requestId: string;
  readonly digest: string;
  readonly policyId: string;
  readonly script: Uint8Array;
  readonly scopes: WitnessScopes;
  readonly user:
    | { readonly kind: 'signer'; readonly account: ScriptHash }
    | { readonly kind: 'wallet'; readonly walletId: string };
  readonly endUser: string | null;
  readonly userSession: string | null;
}

export function parseWish(
  request: CreateRequest,
): Result<Wish, 'request.malformed' | 'transactions.script_refused'> {
  const { id: requestId, policyId, endUser = null, userSession = null } = request;
  const script = parseScript({ script: request.script, calls: request.calls });
  if (!script.ok) return script;
  const { scopes: text, allowedContracts, allowedGroups, rules } = request;
  const scopes = parseScopes({ scopes: text, allowedContracts, allowedGroups, rules });
  if (!scopes.ok) return scopes;
  const user = parseUser(request);
  if (!user.ok) return user;
  const wish = { policyId, script: script.value, scopes: scopes.value, endUser };
  const { value } = user;
  const who = value.kind === 'wallet' ? value.walletId : value.account;
  const digest = digestOfWish({ ...wish, user: who });
  return ok({ ...wish, requestId, user: value, userSession, digest });
}

function parseUser({ signer, walletId }: CreateRequest): Result<Wish['user'], 'request.malformed'> {
  if ((signer === undefined) === (walletId === undefined))
    return malformed('/signer', 'give either signer or walletId');
  if (walletId !== undefined) return ok({ kind: 'wallet', walletId });
  const account = parseAddress(signer ?? '');
  return account === null ? malformed('/signer', 'is no address') : ok({ kind: 'signer', account });
}

export const malformed = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });
