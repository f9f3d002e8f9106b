/**
 * The wallet policy of an account. A decision is made on what was read, and the batch is guarded by
 * conditions on the same: a change in between fails the whole batch instead of slipping past the
 * decision.
 */
import type { SQL } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { ok, type Result } from '../../core/result.ts';
import { decideApproval, decidePolicyChange, type Policy } from '../../core/wallets/policy.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import {
  listMembers,
  loadPolicy,
  membersWhole,
  type PolicyRow,
  policyUnchanged,
  savePolicy,
} from './store.ts';

/**
 * No request can carry an approval yet: wallets are proved and approvals signed by the wallets' own
 * challenges.
 */
const NO_APPROVALS: readonly string[] = [];

/** Whether an act that the policy governs may be done. */
export async function decideFor(
  context: RequestContext,
  accountId: string,
  current: Policy | null,
) {
  const wallets = await listMembers(context.db, accountId, current?.members ?? []);
  return decideApproval({ current, wallets, approvals: NO_APPROVALS });
}

const toPolicy = (row: PolicyRow | undefined) => ({
  active: row !== undefined,
  threshold: row?.threshold ?? 0,
  members: [...(row?.members ?? [])],
  updatedAt: row ? toTimestamp(row.updatedAt) : null,
});

const policyAnswer = (row: PolicyRow | undefined) => ({
  status: 200 as const,
  body: toPolicy(row),
  etag: toEtag(row?.revision ?? 0),
});

export const getPolicy = async (context: RequestContext, accountId: string) =>
  ok(policyAnswer(await loadPolicy(context.db, accountId)));

export async function setPolicy(context: RequestContext, accountId: string, request: Policy) {
  const { db, now } = context;
  const current = await loadPolicy(db, accountId);
  const revision = current?.revision ?? 0;
  const matched = checkIfMatch(context.ifMatch, revision);
  if (!matched.ok) return matched;
  const named = [...request.members, ...(current?.members ?? [])];
  const decision = decidePolicyChange({
    current: current ?? null,
    wallets: await listMembers(db, accountId, named),
    request,
    approvals: NO_APPROVALS,
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

/**
 * Refuses an act that the account's active policy does not approve. The condition it gives back
 * guards the batch of the act: a policy that becomes active after this look must not be passed by.
 */
export async function requireGovernance(
  context: RequestContext,
  accountId: string,
): Promise<Result<SQL, 'wallets.approvals_required'>> {
  const policy = await loadPolicy(context.db, accountId);
  const approved = await decideFor(context, accountId, policy ?? null);
  return approved.ok ? ok(policyUnchanged(accountId, policy?.revision ?? 0)) : approved;
}
