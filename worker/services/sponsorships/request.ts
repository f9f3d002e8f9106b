/**
 * The body of `createSponsorship`, parsed, and its digest: the same wish again is the same
 * sponsorship, whatever a simulation says by then.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha256Canonical } from '../../core/canonical-json.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { encodeHex } from '../../core/neo/hex.ts';
import { decodeScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import { encodeUnsigned } from '../../core/neo/transaction/transaction.ts';
import type { WitnessScopes } from '../../core/neo/transaction/witness-scope.ts';
import { err, ok, type Result } from '../../core/result.ts';
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
  const wish = { requestId, policyId, script: script.value, scopes: scopes.value, endUser };
  const digest = digestOf({ ...wish, user: user.value });
  return ok({ ...wish, user: user.value, userSession, digest });
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

const NOBODY = decodeScriptHash(new Uint8Array(20));

/** Signers and script have one form in bytes; the account stands beside them. */
function digestOf({
  policyId,
  script,
  scopes,
  user,
  endUser,
}: Omit<Wish, 'digest' | 'requestId' | 'userSession'>): string {
  const template = encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account: NOBODY, scopes }],
    attributes: [],
    script,
  });
  const who = user.kind === 'wallet' ? user.walletId : user.account;
  return sha256Canonical({ policyId, who, endUser, template: encodeHex(sha256(template)) });
}
