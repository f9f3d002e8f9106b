/**
 * The wallet policy of an account, k of n: once active, k of its members must approve a change of
 * the policy, the removal of a member and the deletion of the account. Only verified wallets count,
 * on both sides: without that a policy could name mistyped addresses nobody can sign for and lock
 * the account for ever, or be outvoted by addresses nobody proved. Checking signatures is not done
 * here: an approval is a wallet id whose signature over this very request was verified.
 */
import { err, ok, type Result } from '../result.ts';

export interface Policy {
  /** k. */
  readonly threshold: number;
  /** Wallet ids; n of them. */
  readonly members: readonly string[];
}

/** The wallets of the account that are named by the current policy or by the request, and exist. */
export interface MemberWallet {
  readonly walletId: string;
  readonly status: 'unverified' | 'verified';
}

export interface PolicyChange {
  /** Null while no policy is active. */
  readonly current: Policy | null;
  readonly wallets: readonly MemberWallet[];
  readonly request: Policy;
  /** Wallet ids whose approval signatures were verified. */
  readonly approvals: readonly string[];
}

type PolicyRefusal =
  | 'request.malformed'
  | 'wallets.member_unknown'
  | 'wallets.policy_unverified'
  | 'wallets.approvals_required';

/**
 * The order of refusals is the contract: form, membership, verification, approvals. What changes
 * nothing needs no approval, so a repeated request is answered as before.
 */
export function decidePolicyChange(
  change: PolicyChange,
): Result<{ readonly changed: boolean }, PolicyRefusal> {
  const { current, wallets, request, approvals } = change;
  const form = checkForm(request);
  if (!form.ok) return form;
  const known = checkMembers(request, wallets);
  if (!known.ok) return known;
  const verified = countVerified(request.members, wallets);
  if (verified < request.threshold)
    return err('wallets.policy_unverified', { limit: request.threshold, observed: verified });
  if (current !== null && equalPolicies(current, request)) return ok({ changed: false });
  const approved = decideApproval({ current, wallets, approvals });
  return approved.ok ? ok({ changed: true }) : approved;
}

/**
 * Whether an act the policy governs may be done. One wallet approves once, however often it signs.
 */
export function decideApproval({
  current,
  wallets,
  approvals,
}: Pick<PolicyChange, 'current' | 'wallets' | 'approvals'>): Result<
  null,
  'wallets.approvals_required'
> {
  if (current === null) return ok(null);
  const approving = current.members.filter((member) => approvals.includes(member));
  const observed = countVerified(approving, wallets);
  return observed >= current.threshold
    ? ok(null)
    : err('wallets.approvals_required', { limit: current.threshold, observed });
}

/**
 * A threshold of 0 would be a policy that approves everything; a wallet named twice would count
 * twice.
 */
function checkForm({ threshold, members }: Policy): Result<null, 'request.malformed'> {
  if (!Number.isInteger(threshold) || threshold < 1)
    return err('request.malformed', {
      fields: [{ pointer: '/threshold', detail: 'must be a whole number of at least 1' }],
    });
  const fields = members.flatMap((member, index) =>
    members.indexOf(member) < index
      ? [{ pointer: `/members/${index}`, detail: 'is named twice' }]
      : [],
  );
  return fields.length === 0 ? ok(null) : err('request.malformed', { fields });
}

function checkMembers(
  { members }: Policy,
  wallets: readonly MemberWallet[],
): Result<null, 'wallets.member_unknown'> {
  const known = new Set(wallets.map(({ walletId }) => walletId));
  const fields = members.flatMap((member, index) =>
    known.has(member)
      ? []
      : [{ pointer: `/members/${index}`, detail: 'is not a wallet of this account' }],
  );
  return fields.length === 0 ? ok(null) : err('wallets.member_unknown', { fields });
}

function countVerified(members: readonly string[], wallets: readonly MemberWallet[]): number {
  const verified = wallets.filter(({ status }) => status === 'verified');
  return verified.filter(({ walletId }) => members.includes(walletId)).length;
}

/** The order of members means nothing. */
const equalPolicies = (left: Policy, right: Policy): boolean =>
  left.threshold === right.threshold &&
  left.members.length === right.members.length &&
  left.members.every((member) => right.members.includes(member));
