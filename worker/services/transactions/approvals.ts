/**
 * Approvals of a proposed transaction (money rules M16, M19). Each is a signature over a text that
 * names network, transaction, what it does, its highest fee, its hash and its end. Who may approve
 * and how many must is in the row since it was proposed; a wallet counts once, and only while it is
 * still verified. The batch of the approval that completes them moves the row on, guarded by what
 * was counted, so of two that arrive together one sees the other.
 */
import { toTimestamp } from '../../core/clock.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { describeTransaction } from '../../core/transactions/approval-text.ts';
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
import { loadChainWallet } from '../wallets/index.ts';
import { isVerified, loadWorkspaceWallet } from '../workspace-wallets/index.ts';
import { becomesSending, handOverSoon } from './hand-over.ts';
import { decideAgain } from './overtaken.ts';
import {
  type Approval,
  type Approved,
  approvalsCounting,
  insertApproval,
  loadTransaction,
  type TransactionPlace,
  type TransactionRow,
  transactionUnchanged,
  updateTransaction,
} from './store.ts';
import { toTransaction, unsignedOf } from './views.ts';

export interface ApprovalRequest {
  /** Of the workspace: who approves. */
  readonly walletId: string;
  readonly origin?: string | undefined;
  /** Of the text, for a Neo wallet; the transaction's own unless told otherwise. */
  readonly network?: string | undefined;
}

export async function createApprovalChallenge(
  context: RequestContext,
  place: TransactionPlace,
  { walletId, origin, network }: ApprovalRequest,
) {
  const opened = await openProposal(context, place);
  if (!opened.ok) return opened;
  const { row } = opened.value;
  const wallet = row.approvers.includes(walletId)
    ? await loadWorkspaceWallet(context.db, row.accountId, walletId)
    : undefined;
  if (wallet?.status !== 'verified') return err('transactions.not_an_approver');
  return issueChallenge(context, {
    origin,
    network: network ?? row.network,
    kind: wallet.kind,
    address: wallet.address,
    form: 'text',
    purpose: {
      kind: 'approve-transaction',
      accountId: row.accountId,
      walletId,
      transactionId: row.transactionId,
      intentHash: row.intentHash,
      network: row.network,
      networkMagic: row.networkMagic,
      sender: encodeAddress(row.sender),
      feeMax: String(row.systemFeeMax + row.networkFeeMax),
      does: describeTransaction(unsignedOf(row), row.sender),
      validUntil: toTimestamp(row.expiresAt ?? context.now),
    },
  });
}

type ProposalRefusal = 'request.not_found' | 'transactions.not_proposed';

/** What can be approved now. */
async function openProposal(
  { db, now }: RequestContext,
  place: TransactionPlace,
): Promise<Result<Approved, ProposalRefusal>> {
  const known = await loadTransaction(db, place);
  if (!known) return err('request.not_found');
  const { status, kind, expiresAt } = known.row;
  const fault = kind !== 'wallet' ? kind : status !== 'proposed' ? status : null;
  if (fault !== null) return err('transactions.not_proposed', { detail: fault });
  return expiresAt === null || expiresAt <= now
    ? err('transactions.not_proposed', { detail: 'expired' })
    : ok(known);
}

export async function createApproval(
  context: RequestContext,
  place: TransactionPlace,
  answer: ChallengeAnswer,
) {
  const answered = await checkAnswer(
    context,
    answer,
    (purpose) =>
      purpose.kind === 'approve-transaction' &&
      purpose.accountId === place.accountId &&
      purpose.transactionId === place.transactionId,
  );
  return decideAgain(async () => {
    const opened = await openProposal(context, place);
    if (!opened.ok) return opened;
    return answered.ok ? approve(context, opened.value, answered.value) : answered;
  });
}

async function approve(context: RequestContext, known: Approved, answered: Answered) {
  const { row, approvals } = known;
  const { purpose, layout } = answered;
  if (purpose.kind !== 'approve-transaction' || purpose.intentHash !== row.intentHash)
    return err('challenges.ended');
  const { walletId } = purpose;
  if (!row.approvers.includes(walletId)) return err('transactions.not_an_approver');
  const wallet = await loadChainWallet(context.db, row.accountId, row.walletId ?? '');
  if (wallet?.status !== 'active') return err('wallets.retired');
  const next = afterApproval(row, approvals, { walletId, layout, now: context.now });
  const counted = approvals.filter(({ isVerified: counts }) => counts).length;
  const written = await commit(context, {
    statements: [
      ...useChallenge(answered.row, context.now),
      guard('revision', transactionUnchanged(row)),
      guard('revision', approvalsCounting(row, counted)),
      guard('member', isVerified(row.accountId, walletId)),
      ...(next.isFirst ? [insertApproval(context.db, approvalRowOf(row, next.approval))] : []),
      updateTransaction(context.db, row, next.changes),
    ],
    accountId: row.accountId,
    target: { kind: 'transaction', id: row.transactionId },
    details: { walletId, layout, intentHash: row.intentHash, status: next.row.status },
    guards: {
      challenge: { code: 'challenges.ended' },
      revision: { code: 'request.precondition_failed' },
      member: { code: 'transactions.not_an_approver' },
    },
    answer: { status: 201, body: toTransaction({ row: next.row, approvals: next.approvals }) },
  });
  if (written.ok && next.row.status === 'sending') await handOverSoon(context, next.row);
  return written;
}

interface Given {
  readonly walletId: string;
  readonly layout: string;
  readonly now: number;
}

/** What an approval makes of the row: a wallet that approves again changes nothing. */
function afterApproval(
  row: TransactionRow,
  approvals: readonly Approval[],
  { walletId, layout, now }: Given,
) {
  const isFirst = approvals.every((one) => one.walletId !== walletId);
  const approval: Approval = { walletId, layout, createdAt: now, isVerified: true };
  const all = isFirst ? [...approvals, approval] : approvals;
  const isComplete = all.filter(({ isVerified: counts }) => counts).length >= (row.threshold ?? 0);
  const changes = isComplete ? becomesSending(now) : { updatedAt: now };
  const after: TransactionRow = { ...row, ...changes, revision: row.revision + 1 };
  return { isFirst, approval, approvals: all, changes, row: after };
}

const approvalRowOf = ({ transactionId }: TransactionRow, approval: Approval) => ({
  transactionId,
  walletId: approval.walletId,
  layout: approval.layout,
  createdAt: approval.createdAt,
});
