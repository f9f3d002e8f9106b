/**
 * The wallet policy of an account. A decision is made on what was read, and the batch is guarded by
 * conditions on the same: a change in between fails the whole batch instead of slipping past the
 * decision.
 */
import type { SQL } from 'drizzle-orm';
import { err, ok, type Result } from '../../core/result.ts';
import { decidePolicyChange, type Policy } from '../../core/wallets/policy.ts';
import type { Database } from '../../db/connect.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { approversOf, decideFor } from './approvals.ts';
import {
  deleteApprovals,
  listMembers,
  listVerified,
  loadPolicy,
  membersWhole,
  type PolicyRow,
  policyUnchanged,
  savePolicy,
} from './store.ts';
import { policyAnswer } from './views.ts';

export const getPolicy = async (context: RequestContext, accountId: string) =>
  ok(policyAnswer(await loadPolicy(context.db, accountId)));

export async function setPolicy(context: RequestContext, accountId: string, request: Policy) {
  const { db, now } = context;
  const current = await loadPolicy(db, accountId);
  const revision = current?.revision ?? 0;
  const matched = checkIfMatch(context.ifMatch, revision);
  if (!matched.ok) return matched;
  const act = { operation: 'workspaceWallets.setPolicy', policy: request } as const;
  const named = [...request.members, ...(current?.members ?? [])];
  const decision = decidePolicyChange({
    current: current ?? null,
    wallets: await listMembers(db, accountId, named),
    request,
    approvals: current ? await approversOf(context, current, act) : [],
  });
  if (!decision.ok) return decision;
  if (!decision.value.changed) return ok(policyAnswer(current));
  const row: PolicyRow = {
    accountId,
    ...request,
    revision: revision + 1,
    createdAt: current?.createdAt ?? now,
    updatedAt: now,
  };
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('revision', policyUnchanged(accountId, revision)),
      guard('member', membersWhole(accountId, request)),
      savePolicy(db, row),
      deleteApprovals(accountId),
    ],
    accountId,
    target: { kind: 'walletPolicy', id: accountId },
    details: { threshold: request.threshold, members: request.members },
    guards: {
      state: { code: 'request.not_found' },
      revision: { code: 'request.precondition_failed' },
      member: { code: 'wallets.member_unknown' },
    },
    answer: policyAnswer(row),
  });
}

/** The statements that take an approved member out of the policy, which must stay one that can be met. */
export async function leavePolicy(
  context: RequestContext,
  policy: PolicyRow,
  walletId: string,
): Promise<Result<readonly SQL[], 'wallets.approvals_required' | 'wallets.policy_unverified'>> {
  const { accountId, revision, threshold } = policy;
  const act = { operation: 'workspaceWallets.deleteWallet', walletId } as const;
  const approved = await decideFor(context, policy, act);
  if (!approved.ok) return approved;
  const members = policy.members.filter((member) => member !== walletId);
  const wallets = await listMembers(context.db, accountId, members);
  const observed = wallets.filter(({ status }) => status === 'verified').length;
  if (observed < threshold) return err('wallets.policy_unverified', { limit: threshold, observed });
  const row = { ...policy, members, revision: revision + 1, updatedAt: context.now };
  return ok([
    guard('revision', policyUnchanged(accountId, revision)),
    savePolicy(context.db, row).getSQL(),
    deleteApprovals(accountId),
  ]);
}

export interface Approvers {
  readonly walletIds: readonly string[];
  /** Of the policy; null without one. */
  readonly threshold: number | null;
  /** Still the policy they were chosen by. */
  readonly still: SQL;
}

/** Who approves transactions: the members of the policy; without one, every verified wallet. */
export async function listApproversOf(db: Database, accountId: string): Promise<Approvers> {
  const policy = await loadPolicy(db, accountId);
  const verified = await listVerified(db, accountId);
  return {
    walletIds: policy ? verified.filter((one) => policy.members.includes(one)) : verified,
    threshold: policy?.threshold ?? null,
    still: policyUnchanged(accountId, policy?.revision ?? 0),
  };
}
