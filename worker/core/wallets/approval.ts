/**
 * What a member of a wallet policy approves: one act of one account, as a whole. The digest covers
 * everything the act is asked to do and the revision of the policy it is decided under, so an
 * approval serves no other act, and none after the policy has changed. An act that is done takes the
 * approvals of the account away, and so does any change of a wallet's policy: an approval cannot
 * serve twice, nor bring back what was tightened since.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeCanonicalJson } from '../canonical-json.ts';
import type { GasTermsForm } from '../ledger/gas-terms.ts';
import type { SponsorshipForm } from '../sponsorships/policy-form.ts';
import type { WithdrawalPolicyForm } from '../withdrawals/policy-form.ts';
import type { Policy } from './policy.ts';
import type { PolicyForm } from './policy-form.ts';

export const GOVERNED_OPERATIONS = [
  'workspaceWallets.setPolicy',
  'workspaceWallets.deleteWallet',
  'accounts.deleteAccount',
  'accounts.setRequestSignatures',
  'wallets.setPolicy',
  'wallets.retireWallet',
  'wallets.exportKey',
  'withdrawals.setPolicy',
  'gasbank.loosenGasAccount',
  'sponsorships.createPolicy',
  'sponsorships.setPolicy',
  'sponsorships.resumePolicy',
] as const;
export type GovernedOperation = (typeof GOVERNED_OPERATIONS)[number];

export type GovernedAct =
  | { readonly operation: 'workspaceWallets.setPolicy'; readonly policy: Policy }
  | { readonly operation: 'workspaceWallets.deleteWallet'; readonly walletId: string }
  | { readonly operation: 'accounts.deleteAccount' }
  /** What loosens it; to require signatures needs no approval. */
  | {
      readonly operation: 'accounts.setRequestSignatures';
      readonly requestSignatures: 'optional';
    }
  /** M16: what loosens the policy of a wallet. */
  | {
      readonly operation: 'wallets.setPolicy';
      readonly walletId: string;
      readonly policy: PolicyForm;
    }
  | { readonly operation: 'wallets.retireWallet'; readonly walletId: string }
  /** M16: the terms as they will be, of which some let more leave than before. */
  | {
      readonly operation: 'gasbank.loosenGasAccount';
      readonly gasAccountId: string;
      readonly terms: GasTermsForm;
    }
  /** M16: the wallet, and SHA-256 of the key that the export is sealed to. */
  | {
      readonly operation: 'wallets.exportKey';
      readonly walletId: string;
      readonly recipientKeySha256: string;
    }
  /** M16: what lets more leave, of all gas accounts on the network. */
  | {
      readonly operation: 'withdrawals.setPolicy';
      readonly network: string;
      readonly policy: WithdrawalPolicyForm;
    }
  /** M16: what begins to pay, or pays for more. */
  | {
      readonly operation: 'sponsorships.createPolicy';
      readonly gasAccountId: string;
      readonly terms: SponsorshipForm;
    }
  | {
      readonly operation: 'sponsorships.setPolicy';
      readonly policyId: string;
      readonly terms: SponsorshipForm;
    }
  | { readonly operation: 'sponsorships.resumePolicy'; readonly policyId: string };

/** SHA-256 in hexadecimal digits; RFC 8785 gives equal acts equal bytes. */
export function digestOfAct(accountId: string, policyRevision: number, act: GovernedAct): string {
  const asked =
    act.operation === 'workspaceWallets.setPolicy'
      ? { ...act, policy: { ...act.policy, members: act.policy.members.toSorted() } }
      : act;
  return bytesToHex(sha256(encodeCanonicalJson({ accountId, policyRevision, act: asked })));
}
