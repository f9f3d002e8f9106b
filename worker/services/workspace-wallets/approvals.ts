/**
 * Approvals of members of a wallet policy. Each is a signature over a text that names account,
 * member, act, digest of the request, revision of the policy and end. They are kept until the act is
 * asked for, which counts those of its own digest and takes them away in its own batch. A wallet
 * counts once, however often it signs.
 */
import type { SQL } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { digestOfAct, type GovernedAct } from '../../core/wallets/approval.ts';
import { decideApproval } from '../../core/wallets/policy.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import {
  type ChallengeAnswer,
  checkAnswer,
  issueChallenge,
  useChallenge,
} from '../challenges/index.ts';
import { type ActRequest, parseAct } from './governed-act.ts';
import { LIMITS } from './limits.ts';
import {
  type ApprovalRow,
  deleteApprovals,
  listApprovalRows,
  listApprovers,
  listMembers,
  loadPolicy,
  loadWallet,
  type PolicyRow,
  policyUnchanged,
  saveApproval,
} from './store.ts';
import type { ChallengePlace } from './verification.ts';
import { toApproval } from './views.ts';

/** The wallets that approve this act under the policy as it is. */
export const approversOf = (
  context: RequestContext,
  policy: PolicyRow,
  act: GovernedAct,
): Promise<readonly string[]> =>
  listApprovers(context.db, {
    accountId: policy.accountId,
    digest: digestOfAct(policy.accountId, policy.revision, act),
    now: context.now,
  });

/** Whether an act that the policy governs may be done. */
export async function decideFor(
  context: RequestContext,
  policy: PolicyRow,
  act: GovernedAct,
): Promise<Result<null, 'wallets.approvals_required'>> {
  const [wallets, approvals] = [
    await listMembers(context.db, policy.accountId, policy.members),
    await approversOf(context, policy, act),
  ];
  return decideApproval({ current: policy, wallets, approvals });
}

/** What the batch of an approved act holds besides its effect. */
export interface Governance {
  /** Still the policy that was decided under: one that becomes active must not be passed by. */
  readonly still: SQL;
  /** Takes the approvals away with the act. */
  readonly statements: readonly SQL[];
}

/** Refuses an act that the account's active policy does not approve. */
export async function requireGovernance(
  context: RequestContext,
  accountId: string,
  act: GovernedAct,
): Promise<Result<Governance, 'wallets.approvals_required'>> {
  const policy = await loadPolicy(context.db, accountId);
  const approved = policy ? await decideFor(context, policy, act) : ok(null);
  if (!approved.ok) return approved;
  return ok({
    still: policyUnchanged(accountId, policy?.revision ?? 0),
    statements: [deleteApprovals(accountId)],
  });
}

export interface ApprovalRequest extends ChallengePlace, ActRequest {
  /** The member that approves. */
  readonly walletId: string;
}

export async function createApprovalChallenge(
  context: RequestContext,
  accountId: string,
  request: ApprovalRequest,
) {
  const asked = parseAct(request);
  if (!asked.ok) return asked;
  const { walletId, origin, network } = request;
  const policy = await loadPolicy(context.db, accountId);
  if (!policy) return err('wallets.policy_absent');
  const wallet = policy.members.includes(walletId)
    ? await loadWallet(context.db, accountId, walletId)
    : undefined;
  if (!wallet)
    return err('wallets.member_unknown', {
      fields: [{ pointer: '/walletId', detail: 'is not a member of the policy' }],
    });
  return issueChallenge(context, {
    origin,
    network,
    kind: wallet.kind,
    address: wallet.address,
    form: 'text',
    purpose: {
      kind: 'approve',
      accountId,
      walletId,
      operation: asked.value.operation,
      digest: digestOfAct(accountId, policy.revision, asked.value),
      policyRevision: policy.revision,
      validUntil: toTimestamp(context.now + LIMITS.approvalHours.value * 3_600_000),
    },
  });
}

export async function createApproval(
  context: RequestContext,
  accountId: string,
  answer: ChallengeAnswer,
) {
  const answered = await checkAnswer(
    context,
    answer,
    (purpose) => purpose.kind === 'approve' && purpose.accountId === accountId,
  );
  if (!answered.ok) return answered;
  const { row: challenge, purpose, layout } = answered.value;
  if (purpose.kind !== 'approve') return err('challenges.ended');
  const { walletId, operation, digest, policyRevision, validUntil } = purpose;
  const row: ApprovalRow = {
    approvalId: newId('approval', context.now),
    accountId,
    walletId,
    operation,
    digest,
    layout,
    expiresAt: Date.parse(validUntil),
    createdAt: context.now,
  };
  return commit(context, {
    statements: [
      ...useChallenge(challenge, context.now),
      guard('revision', policyUnchanged(accountId, policyRevision)),
      saveApproval(context.db, row),
    ],
    accountId,
    target: { kind: 'workspaceWallet', id: walletId },
    details: { operation, digest, layout },
    guards: {
      challenge: { code: 'challenges.ended' },
      revision: { code: 'challenges.ended' },
    },
    answer: { status: 201, body: toApproval(row) },
  });
}

export async function listApprovals(context: RequestContext, accountId: string, query: PageQuery) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listApprovalRows(context.db, {
    accountId,
    now: context.now,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.approvalId,
    toItem: toApproval,
  });
  return ok({ status: 200, body } as const);
}
