/** Transactions in the form of the contract. */
import { base64 } from '@scure/base';
import type { AttemptView, TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import { assert } from '../../core/assert.ts';
import { toTimestamp } from '../../core/clock.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import {
  decodeUnsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../core/neo/transaction/transaction-json.ts';
import { isEnd } from '../../core/transactions/status.ts';
import type { Approval, Approved, ListedTransaction, TransactionRow } from './store.ts';
import { afterTold, toldByView } from './told.ts';

const timeOrNull = (at: number | null) => (at === null ? null : toTimestamp(at));
const textOrNull = (amount: bigint | number | null) => (amount === null ? null : String(amount));

export const toSummary = (row: ListedTransaction) => ({
  id: row.transactionId,
  kind: row.kind,
  requestId: row.requestId,
  walletId: row.walletId,
  network: row.network,
  networkMagic: row.networkMagic,
  sender: encodeAddress(row.sender),
  status: row.status,
  statusSince: toTimestamp(row.statusSince),
  reason: row.reason,
  detail: row.detail,
  systemFeeMax: String(row.systemFeeMax),
  networkFeeMax: String(row.networkFeeMax),
  windowBlocks: row.windowBlocks,
  intentHash: row.intentHash,
  threshold: row.threshold,
  expiresAt: timeOrNull(row.expiresAt),
  hash: row.hash,
  blockIndex: row.blockIndex,
  vmState: row.vmState,
  systemFee: textOrNull(row.systemFee),
  networkFee: textOrNull(row.networkFee),
  note: row.note,
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  endedAt: timeOrNull(row.endedAt),
});

/**
 * `live`: what its sender knows; undefined where it was not asked or has nothing. It is ahead of the
 * row by as long as its events are under way.
 */
export function toTransaction({ row, approvals }: Approved, live?: TransactionView) {
  const current = live ? afterTold(row, toldByView(live)) : row;
  return {
    ...toSummary(current),
    ...toContents(unsignedOf(row)),
    approvers: [...row.approvers],
    reasons: [...row.reasons],
    approvals: approvals.map(toApproval),
    ...toProgress(current, live),
    attempts: (live?.attempts ?? []).map(toAttempt),
  };
}
export type TransactionBody = ReturnType<typeof toTransaction>;

/** Written by this service alone, from what was decoded. */
export function unsignedOf({ unsigned }: Pick<TransactionRow, 'unsigned'>): UnsignedTransaction {
  const decoded = decodeUnsigned(unsigned);
  assert(decoded.ok, 'a stored transaction is one that was encoded');
  return decoded.value;
}

function toContents(unsigned: UnsignedTransaction) {
  const witness = { invocation: new Uint8Array(), verification: new Uint8Array() };
  const witnesses = unsigned.signers.map(() => witness);
  const { signers, attributes } = formatTransaction({ ...unsigned, witnesses });
  return {
    script: base64.encode(unsigned.script),
    signers: signers.map((signer) => ({ ...signer })),
    attributes: attributes.map((attribute) => ({ ...attribute })),
  };
}

const toApproval = ({ walletId, layout, isVerified, createdAt }: Approval) => ({
  walletId,
  layout,
  counts: isVerified,
  createdAt: toTimestamp(createdAt),
});

function toProgress({ status, expiresAt }: TransactionRow, live: TransactionView | undefined) {
  if (isEnd(status)) return { expectedAt: null, latestAt: null };
  if (live === undefined)
    return { expectedAt: null, latestAt: status === 'proposed' ? timeOrNull(expiresAt) : null };
  const { reason, detail, expectedAt, latestAt } = live;
  return { reason, detail, expectedAt: timeOrNull(expectedAt), latestAt: timeOrNull(latestAt) };
}

const toAttempt = ({ number, kind, state, transaction }: AttemptView) => ({
  number,
  kind,
  state,
  hash: transaction?.hash ?? null,
  systemFee: textOrNull(transaction?.systemFee ?? null),
  networkFee: textOrNull(transaction?.networkFee ?? null),
  validUntilBlock: transaction?.validUntilBlock ?? null,
});
