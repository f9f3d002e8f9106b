/**
 * What a member of a wallet policy approves: one act of one account, as a whole. The digest covers
 * everything the act is asked to do and the revision of the policy it is decided under, so an
 * approval serves no other act, and none after the policy has changed. Each of these acts changes the
 * policy or ends the account, so an approval cannot serve twice.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeCanonicalJson } from '../canonical-json.ts';
import type { Policy } from './policy.ts';

export const GOVERNED_OPERATIONS = [
  'workspaceWallets.setPolicy',
  'workspaceWallets.deleteWallet',
  'accounts.deleteAccount',
] as const;
export type GovernedOperation = (typeof GOVERNED_OPERATIONS)[number];

export type GovernedAct =
  | { readonly operation: 'workspaceWallets.setPolicy'; readonly policy: Policy }
  | { readonly operation: 'workspaceWallets.deleteWallet'; readonly walletId: string }
  | { readonly operation: 'accounts.deleteAccount' };

/** SHA-256 in hexadecimal digits; RFC 8785 gives equal acts equal bytes. */
export function digestOfAct(accountId: string, policyRevision: number, act: GovernedAct): string {
  const asked =
    act.operation === 'workspaceWallets.setPolicy'
      ? { ...act, policy: { ...act.policy, members: act.policy.members.toSorted() } }
      : act;
  return bytesToHex(sha256(encodeCanonicalJson({ accountId, policyRevision, act: asked })));
}
