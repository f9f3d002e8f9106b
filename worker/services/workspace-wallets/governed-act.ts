/**
 * The act that an approval is asked for, said in full: each operation has parts that it needs, and
 * the parts of others have no place in it. What is approved is in the form in which the operation
 * itself will have it, so that both come to one digest.
 */
import { assert, assertNever } from '../../core/assert.ts';
import { formatGasTerms, type GasTermsForm, parseGasTerms } from '../../core/ledger/gas-terms.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  formatTerms,
  parseTerms,
  type SponsorshipForm,
} from '../../core/sponsorships/policy-form.ts';
import type { GovernedAct, GovernedOperation } from '../../core/wallets/approval.ts';
import type { Policy } from '../../core/wallets/policy.ts';
import { formatPolicy, type PolicyForm, parsePolicy } from '../../core/wallets/policy-form.ts';
import {
  formatPolicyForm,
  parsePolicyForm,
  type WithdrawalPolicyForm,
} from '../../core/withdrawals/policy-form.ts';

export interface ActRequest {
  readonly operation: GovernedOperation;
  readonly policy?: Policy | undefined;
  readonly removedWalletId?: string | undefined;
  readonly chainWalletId?: string | undefined;
  readonly moneyPolicy?: PolicyForm | undefined;
  readonly recipientKeySha256?: string | undefined;
  readonly withdrawalNetwork?: string | undefined;
  readonly withdrawalPolicy?: WithdrawalPolicyForm | undefined;
  readonly sponsorshipPolicyId?: string | undefined;
  readonly sponsorshipGasAccountId?: string | undefined;
  readonly sponsorshipTerms?: SponsorshipForm | undefined;
  readonly gasAccountId?: string | undefined;
  readonly gasAccountTerms?: GasTermsForm | undefined;
}
type Part = Exclude<keyof ActRequest, 'operation'>;

const PARTS: Readonly<Record<GovernedOperation, readonly Part[]>> = {
  'workspaceWallets.setPolicy': ['policy'],
  'workspaceWallets.deleteWallet': ['removedWalletId'],
  'accounts.deleteAccount': [],
  'accounts.setRequestSignatures': [],
  'wallets.setPolicy': ['chainWalletId', 'moneyPolicy'],
  'wallets.retireWallet': ['chainWalletId'],
  'wallets.exportKey': ['chainWalletId', 'recipientKeySha256'],
  'withdrawals.setPolicy': ['withdrawalNetwork', 'withdrawalPolicy'],
  'sponsorships.createPolicy': ['sponsorshipGasAccountId', 'sponsorshipTerms'],
  'sponsorships.setPolicy': ['sponsorshipPolicyId', 'sponsorshipTerms'],
  'sponsorships.resumePolicy': ['sponsorshipPolicyId'],
  'gasbank.loosenGasAccount': ['gasAccountId', 'gasAccountTerms'],
};
const ALL_PARTS = [...new Set(Object.values(PARTS).flat())];

export function parseAct(request: ActRequest): Result<GovernedAct, 'request.malformed'> {
  const needed = PARTS[request.operation];
  const fields = ALL_PARTS.flatMap((part) => {
    const isNeeded = needed.includes(part);
    if (isNeeded === (request[part] !== undefined)) return [];
    return [
      {
        pointer: `/${part}`,
        detail: isNeeded ? 'is needed' : 'has no place in this operation',
      },
    ];
  });
  return fields.length === 0 ? toAct(request) : err('request.malformed', { fields });
}

function toAct(request: ActRequest): Result<GovernedAct, 'request.malformed'> {
  const { operation } = request;
  switch (operation) {
    case 'accounts.deleteAccount':
      return ok({ operation });
    case 'accounts.setRequestSignatures':
      return ok({ operation, requestSignatures: 'optional' });
    case 'workspaceWallets.setPolicy':
      return ok({ operation, policy: given(request.policy) });
    case 'workspaceWallets.deleteWallet':
      return ok({ operation, walletId: given(request.removedWalletId) });
    case 'wallets.retireWallet':
      return ok({ operation, walletId: given(request.chainWalletId) });
    case 'wallets.exportKey': {
      const recipientKeySha256 = given(request.recipientKeySha256);
      return ok({ operation, walletId: given(request.chainWalletId), recipientKeySha256 });
    }
    case 'gasbank.loosenGasAccount': {
      const terms = parseGasTerms(given(request.gasAccountTerms), '/gasAccountTerms');
      if (!terms.ok) return terms;
      const gasAccountId = given(request.gasAccountId);
      return ok({ operation, gasAccountId, terms: formatGasTerms(terms.value) });
    }
    case 'wallets.setPolicy': {
      const policy = parsePolicy(given(request.moneyPolicy), '/moneyPolicy');
      if (!policy.ok) return policy;
      const walletId = given(request.chainWalletId);
      return ok({ operation, walletId, policy: formatPolicy(policy.value) });
    }
    case 'withdrawals.setPolicy': {
      const wish = parsePolicyForm(given(request.withdrawalPolicy), '/withdrawalPolicy');
      if (!wish.ok) return wish;
      const network = given(request.withdrawalNetwork);
      return ok({ operation, network, policy: formatPolicyForm(wish.value) });
    }
    case 'sponsorships.createPolicy': {
      const terms = parseTerms(given(request.sponsorshipTerms), '/sponsorshipTerms');
      if (!terms.ok) return terms;
      const gasAccountId = given(request.sponsorshipGasAccountId);
      return ok({ operation, gasAccountId, terms: formatTerms(terms.value) });
    }
    case 'sponsorships.setPolicy': {
      const terms = parseTerms(given(request.sponsorshipTerms), '/sponsorshipTerms');
      if (!terms.ok) return terms;
      const policyId = given(request.sponsorshipPolicyId);
      return ok({ operation, policyId, terms: formatTerms(terms.value) });
    }
    case 'sponsorships.resumePolicy':
      return ok({ operation, policyId: given(request.sponsorshipPolicyId) });
    default:
      return assertNever(operation);
  }
}

function given<Value>(part: Value | undefined): Value {
  assert(part !== undefined, 'a part that was checked to be there');
  return part;
}
