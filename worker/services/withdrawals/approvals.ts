/**
 * Approvals of a withdrawal (money rule M16). Each is a signature over a text that names network,
 * vault, withdrawal, receiver, amount, highest fee, the hash of all that was asked and its end. Who
 * may approve and how many must is in the row since it was asked for; a wallet counts once, and only
 * while it is still verified. The batch of the approval that completes them moves the row on, guarded
 * by what was counted, so of two that arrive together one sees the other.
 */
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import {
  type Answered,
  type ChallengeAnswer,
  checkAnswer,
  issueChallenge,
  useChallenge,
} from '../challenges/index.ts';
import { isVerified, loadWorkspaceWallet } from '../workspace-wallets/index.ts';
import { advanceSoon } from './advance.ts';
import { feeMaxOf } from './books.ts';
import { LIMITS } from './limits.ts';
import { whenApproved } from './opening.ts';
import {
  type Approval,
  type Approved,
  approvalsCounting,
  insertApproval,
  loadWithdrawal,
  type PayoutRow,
  payoutUnchanged,
  updatePayout,
  type WithdrawalPlace,
} from './store.ts';
import { toWithdrawal } from './views.ts';

export interface ApprovalRequest {
  /** Of the workspace: who approves. */
  readonly walletId: string;
  readonly origin?: string | undefined;
  /** Of the text, for a Neo wallet; the withdrawal's own unless told otherwise. */
  readonly network?: string | undefined;
}

export async function createApprovalChallenge(
  context: RequestContext,
  place: WithdrawalPlace,
  { walletId, origin, network }: ApprovalRequest,
) {
  const opened = await openProposal(context, place);
  if (!opened.ok) return opened;
  const { row } = opened.value;
  const wallet = row.approvers.includes(walletId)
    ? await loadWorkspaceWallet(context.db, row.accountId, walletId)
    : undefined;
  if (wallet?.status !== 'verified') return err('withdrawals.not_an_approver');
  return issueChallenge(context, {
    origin,
    network: network ?? row.network,
    kind: wallet.kind,
    address: wallet.address,
    form: 'text',
    purpose: {
      kind: 'approve-withdrawal',
      accountId: row.accountId,
      walletId,
      withdrawalId: row.withdrawalId,
      intentHash: row.intentHash,
      network: row.network,
      networkMagic: row.networkMagic,
      vault: row.vault,
      to: encodeAddress(row.recipient),
      amount: formatGas(BigInt(row.amount)),
      feeMax: formatGas(feeMaxOf(row)),
      scheduledAt: row.scheduledAt === null ? null : toTimestamp(row.scheduledAt),
      validUntil: toTimestamp(row.expiresAt ?? context.now),
    },
  });
}

/** What can be approved now. */
async function openProposal(
  { db, now }: RequestContext,
  place: WithdrawalPlace,
): Promise<Result<Approved, 'request.not_found' | 'withdrawals.not_proposed'>> {
  const known = await loadWithdrawal(db, place);
  if (!known) return err('request.not_found');
  const { status, expiresAt } = known.row;
  if (status !== 'awaiting_approval') return err('withdrawals.not_proposed', { detail: status });
  return expiresAt === null || expiresAt <= now
    ? err('withdrawals.not_proposed', { detail: 'expired' })
    : ok(known);
}

export async function createApproval(
  context: RequestContext,
  place: WithdrawalPlace,
  answer: ChallengeAnswer,
) {
  const answered = await checkAnswer(
    context,
    answer,
    (purpose) =>
      purpose.kind === 'approve-withdrawal' &&
      purpose.accountId === place.accountId &&
      purpose.withdrawalId === place.withdrawalId,
  );
  const opened = await openProposal(context, place);
  if (!opened.ok) return opened;
  return answered.ok ? approve(context, opened.value, answered.value) : answered;
}

async function approve(context: RequestContext, known: Approved, answered: Answered) {
  const { row, approvals } = known;
  const { purpose, layout } = answered;
  if (purpose.kind !== 'approve-withdrawal' || purpose.intentHash !== row.intentHash)
    return err('challenges.ended');
  const { walletId } = purpose;
  if (!row.approvers.includes(walletId)) return err('withdrawals.not_an_approver');
  const { now, db } = context;
  const next = afterApproval(row, approvals, { walletId, layout, now });
  const counted = approvals.filter(({ isVerified: counts }) => counts).length;
  const written = await commit(context, {
    statements: [
      ...useChallenge(answered.row, now),
      guard('revision', payoutUnchanged(row)),
      guard('revision', approvalsCounting(row, counted)),
      guard('member', isVerified(row.accountId, walletId)),
      ...(next.isFirst ? [insertApproval(db, approvalRowOf(row, next.approval))] : []),
      updatePayout(db, row, next.changes),
    ],
    accountId: row.accountId,
    target: { kind: 'withdrawal', id: row.withdrawalId },
    details: { walletId, layout, intentHash: row.intentHash, status: next.row.status },
    guards: {
      challenge: { code: 'challenges.ended' },
      revision: { code: 'request.precondition_failed' },
      member: { code: 'withdrawals.not_an_approver' },
    },
    answer: { status: 201, body: toWithdrawal({ row: next.row, approvals: next.approvals }) },
  });
  if (written.ok) await advanceSoon(context, next.row);
  return written;
}

interface Given {
  readonly walletId: string;
  readonly layout: string;
  readonly now: number;
}

/** What an approval makes of the row: a wallet that approves again changes nothing. */
function afterApproval(
  row: PayoutRow,
  approvals: readonly Approval[],
  { walletId, layout, now }: Given,
) {
  const isFirst = approvals.every((one) => one.walletId !== walletId);
  const approval: Approval = { walletId, layout, createdAt: now, isVerified: true };
  const all = isFirst ? [...approvals, approval] : approvals;
  const isComplete = all.filter(({ isVerified: counts }) => counts).length >= (row.threshold ?? 0);
  const changes = isComplete ? whenComplete(row, now) : { updatedAt: now };
  const after: PayoutRow = { ...row, ...changes, revision: row.revision + 1 };
  return { isFirst, approval, approvals: all, changes, row: after };
}

function whenComplete(row: PayoutRow, now: number) {
  const status = whenApproved(row, now);
  const soon = now + LIMITS.withdrawalHandOverSeconds.value * 1_000;
  const dueAt = status === 'scheduled' ? (row.scheduledAt ?? soon) : soon;
  return { status, statusSince: now, updatedAt: now, dueAt };
}

const approvalRowOf = ({ withdrawalId }: PayoutRow, approval: Approval) => ({
  withdrawalId,
  walletId: approval.walletId,
  layout: approval.layout,
  createdAt: approval.createdAt,
});
