/**
 * A transaction that is cancelled, or sent again with a higher fee. One that is only proposed ends
 * here. One that was handed over is displaced by its sender, which the chain decides (money rule
 * M4): the sender takes each attempt once by its number, so whoever asks twice, or dies between the
 * sender and the audit line, can make another attempt at most, and the chain includes one of all.
 */
import type { TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import type { AttemptKind } from '../../core/neo-sender/intent.ts';
import { LIMITS as SENDER_LIMITS } from '../../core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isEnd } from '../../core/transactions/status.ts';
import type { WalletPolicy } from '../../core/wallets/wallet-policy.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { loadChainWallet, policyOf } from '../wallets/index.ts';
import { handOver } from './hand-over.ts';
import { senderOf } from './senders.ts';
import { dueAfter, noteOf } from './settle.ts';
import {
  type Approved,
  loadTransaction,
  type TransactionPlace,
  type TransactionRow,
  transactionUnchanged,
  updateTransaction,
} from './store.ts';
import { changesOf, type Told } from './told.ts';
import { toTransaction } from './views.ts';

export async function cancelTransaction(
  context: RequestContext,
  place: TransactionPlace,
  networkFeeMax: string | undefined,
) {
  const known = await loadTransaction(context.db, place);
  if (!known) return err('request.not_found');
  const { row } = known;
  if (row.status === 'proposed') return withdraw(context, known);
  if (row.status === 'cancelled') return ok({ status: 200, body: toTransaction(known) } as const);
  if (isEnd(row.status)) return err('transactions.ended', { detail: row.status });
  const open = await openAttempts(context, row);
  if (!open.ok) return open;
  const { view, policy } = open.value;
  if (networkFeeMax === undefined && view.attempts.some(isCancelling))
    return ok({ status: 200, body: toTransaction(known, view) } as const);
  const feeMax = networkFeeMax === undefined ? highestFee(policy) : BigInt(networkFeeMax);
  return displace(context, known, { ...open.value, kind: 'cancel', networkFeeMax: feeMax });
}

const isCancelling = ({ kind, state }: TransactionView['attempts'][number]): boolean =>
  kind === 'cancel' && state !== 'void' && state !== 'expired';

/** A bound alone: what is paid is what displaces the attempts before it. */
function highestFee({ networkFeeMax }: WalletPolicy): bigint {
  const most = BigInt(SENDER_LIMITS.senderFeeMax.value);
  return networkFeeMax < most ? networkFeeMax : most;
}

export async function replaceTransaction(
  context: RequestContext,
  place: TransactionPlace,
  networkFeeMax: string,
) {
  const known = await loadTransaction(context.db, place);
  if (!known) return err('request.not_found');
  const { row } = known;
  if (isEnd(row.status)) return err('transactions.ended', { detail: row.status });
  if (row.status === 'proposed') return err('sender.not_replaceable', { detail: row.status });
  const open = await openAttempts(context, row);
  if (!open.ok) return open;
  const feeMax = BigInt(networkFeeMax);
  // M16: the approved text names the highest fee.
  if (row.threshold !== null && feeMax > BigInt(row.networkFeeMax))
    return err('transactions.fee_above_approved', { limit: row.networkFeeMax });
  return displace(context, known, { ...open.value, kind: 'replacement', networkFeeMax: feeMax });
}

interface OpenAttempts {
  readonly view: TransactionView;
  readonly policy: WalletPolicy;
}

/** What the sender has of it; it is handed over first where that is still to come. */
async function openAttempts(
  context: RequestContext,
  row: TransactionRow,
): Promise<Result<OpenAttempts>> {
  if (row.walletId === null) return err('sender.not_replaceable', { detail: 'signed elsewhere' });
  const handed = row.handedAt === null ? await handOver(context, row) : ok(null);
  if (!handed.ok) return handed;
  const wallet = await loadChainWallet(context.db, row.accountId, row.walletId);
  if (wallet?.status !== 'active') return err('wallets.retired');
  const view = await senderOf(context, row).get(row.transactionId);
  return view.ok ? ok({ view: view.value, policy: policyOf(wallet) }) : view;
}

interface Displacement extends OpenAttempts {
  readonly kind: Exclude<AttemptKind, 'original'>;
  readonly networkFeeMax: bigint;
}

async function displace(context: RequestContext, known: Approved, displacement: Displacement) {
  const { view, policy, kind, networkFeeMax } = displacement;
  const { row } = known;
  const attempt = view.attempts.length + 1;
  const displaced = await senderOf(context, row).replace({
    command: { id: row.transactionId, attempt, kind, networkFeeMax },
    leave: { policy, isApproved: row.threshold !== null },
  });
  if (!displaced.ok) return displaced;
  return commit(context, {
    statements: [],
    accountId: row.accountId,
    target: { kind: 'transaction', id: row.transactionId },
    details: { attempt, kind, networkFeeMax: networkFeeMax.toString() },
    answer: { status: 200, body: toTransaction(known, displaced.value) },
  });
}

/** Nothing of it was sent. */
async function withdraw(context: RequestContext, known: Approved) {
  const { row, approvals } = known;
  const { now } = context;
  const told: Told = {
    outcome: 'cancelled',
    at: now,
    reason: 'withdrawn',
    detail: null,
    included: null,
  };
  const changes = { ...changesOf(told), updatedAt: now, dueAt: dueAfter(told, now) };
  return commit(context, {
    statements: [
      guard('revision', transactionUnchanged(row)),
      updateTransaction(context.db, row, changes),
    ],
    accountId: row.accountId,
    target: { kind: 'transaction', id: row.transactionId },
    details: { status: told.outcome, intentHash: row.intentHash },
    events: [noteOf(row, told)],
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: { status: 200, body: toTransaction({ row: { ...row, ...changes }, approvals }) },
  });
}
