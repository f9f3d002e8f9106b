/**
 * Of what somebody asked to be sponsored under an id of his own: the same wish again has the same
 * digest, whatever a simulation says by then, and another one is refused.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha256Canonical } from '../canonical-json.ts';
import { encodeHex } from '../neo/hex.ts';
import { decodeScriptHash } from '../neo/script-hash.ts';
import { encodeUnsigned } from '../neo/transaction/transaction.ts';
import type { WitnessScopes } from '../neo/transaction/witness-scope.ts';

export interface SponsorshipWish {
  readonly policyId: string;
  readonly script: Uint8Array;
  readonly scopes: WitnessScopes;
  /** A wallet of the account, or the address that signs. */
  readonly user: string;
  readonly endUser: string | null;
}

const NOBODY = decodeScriptHash(new Uint8Array(20));

/** Signers and script have one form in bytes; who the user is stands beside them. */
export function digestOfWish({ policyId, script, scopes, user, endUser }: SponsorshipWish): string {
  const template = encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account: NOBODY, scopes }],
    attributes: [],
    script,
  });
  return sha256Canonical({ policyId, user, endUser, template: encodeHex(sha256(template)) });
}
