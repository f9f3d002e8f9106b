/** Withdrawals, their attempts and their policies in the form of the contract. */
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { encodeHex } from '../../core/neo/hex.ts';
import { destinationsAt, type WithdrawalPolicy } from '../../core/withdrawals/policy.ts';
import { feeMaxOf } from './books.ts';
import { payoutIdOf } from './payment.ts';
import type { Approval, Approved, AttemptRow, PayoutRow } from './store.ts';

const HOUR_MS = 3_600_000;
const timeOrNull = (at: number | null) => (at === null ? null : toTimestamp(at));
const gasOrNull = (amount: number | null) => (amount === null ? null : formatGas(BigInt(amount)));

export const toSummary = (row: PayoutRow) => ({
  id: row.withdrawalId,
  kind: row.kind,
  requestId: row.requestId,
  gasAccountId: row.gasAccountId,
  depositId: row.depositId,
  network: row.network,
  networkMagic: row.networkMagic,
  route: row.route,
  vault: row.vault,
  onChainId: encodeHex(payoutIdOf(row)),
  to: encodeAddress(row.recipient),
  amount: formatGas(BigInt(row.amount)),
  feeMax: formatGas(feeMaxOf(row)),
  fee: gasOrNull(row.fee),
  status: row.status,
  statusSince: toTimestamp(row.statusSince),
  reason: row.reason,
  detail: row.detail,
  threshold: row.threshold,
  expiresAt: timeOrNull(row.expiresAt),
  scheduledAt: timeOrNull(row.scheduledAt),
  expectedAt: timeOrNull(row.etaAt),
  attempt: row.attempt,
  hash: row.hash,
  blockIndex: row.blockIndex,
  reference: row.reference,
  note: row.note,
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  endedAt: timeOrNull(row.endedAt),
});

export const toWithdrawal = ({ row, approvals }: Approved) => ({
  ...toSummary(row),
  approvers: [...row.approvers],
  approvals: approvals.map(toApproval),
});
export type WithdrawalBody = ReturnType<typeof toWithdrawal>;

const toApproval = ({ walletId, layout, isVerified, createdAt }: Approval) => ({
  walletId,
  layout,
  counts: isVerified,
  createdAt: toTimestamp(createdAt),
});

/** For operators, who see those of all accounts. */
export const toPayout = (row: PayoutRow) => ({ ...toSummary(row), accountId: row.accountId });

export const toAttempt = (attempt: AttemptRow) => ({
  number: attempt.number,
  sender: attempt.sender && encodeAddress(attempt.sender),
  outcome: attempt.outcome,
  detail: attempt.detail,
  hash: attempt.hash,
  startedAt: toTimestamp(attempt.startedAt),
  endedAt: timeOrNull(attempt.endedAt),
});

export interface PolicyPlace {
  readonly network: string;
  readonly networkMagic: number;
  readonly now: number;
}

export function toPolicy(policy: WithdrawalPolicy, { network, networkMagic, now }: PolicyPlace) {
  const listed = destinationsAt(policy, now);
  return {
    network,
    networkMagic,
    approvalsAbove: policy.approvalsAbove === null ? null : formatGas(policy.approvalsAbove),
    perDay: policy.perDay === null ? null : formatGas(policy.perDay),
    destinations:
      listed?.map(({ account, label, activeAt }) => ({
        address: encodeAddress(account),
        label,
        activeAt: activeAt > now ? toTimestamp(activeAt) : null,
      })) ?? null,
    liftedAt: listed === null ? null : timeOrNull(policy.openAt),
    delayHours: policy.delayMs / HOUR_MS,
  };
}
