/**
 * From the row to the sender of its account. The row was written first, so a transaction is handed
 * over as often as it takes, and the sender takes it once by its id (money rule M4). Whoever hands
 * over holds the row until `dueAt`; then the sweep does. What the wallet's policy says at this
 * moment goes with it, and the sender decides by it in the turn that stores the intent (M16, M20).
 */

import { readMsPerBlock } from '../../chain/block-time.ts';
import { assert, assertNever } from '../../core/assert.ts';
import { completeTransaction } from '../../core/neo/transaction/signatures.ts';
import { encodeTransaction } from '../../core/neo/transaction/transaction.ts';
import type { SendCommand } from '../../core/neo-sender/commands.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import type { TransactionReason } from '../../core/transactions/status.ts';
import { errorFields } from '../../http/log.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { loadChainWallet, policyOf } from '../wallets/index.ts';
import { LIMITS } from './limits.ts';
import { collectionOf } from './multisig-collection.ts';
import { listSignatures } from './multisig-store.ts';
import { identityOf, senderOf } from './senders.ts';
import { MINUTE_MS, settle } from './settle.ts';
import { isSending, type TransactionRow, updateTransaction } from './store.ts';

export type SendDeps = Pick<RequestContext, 'env' | 'db' | 'settings' | 'now' | 'log'>;

/** For who has committed the row: whatever goes wrong, the sweep hands it over again. */
export async function handOverSoon(deps: SendDeps, row: TransactionRow): Promise<void> {
  try {
    await handOver(deps, row);
  } catch (thrown) {
    const { transactionId } = row;
    deps.log.error('transactions.not_handed_over', { transactionId, ...errorFields(thrown) });
  }
}

/** What completes it moves it there, and hands it over after. */
export const becomesSending = (now: number) =>
  ({
    status: 'sending',
    statusSince: now,
    updatedAt: now,
    dueAt: now + LIMITS.handOverSeconds.value * 1_000,
  }) as const;

/** Ok once the sender has it; a failure says why not, and the row says whether that ended it. */
export const handOver = (deps: SendDeps, row: TransactionRow): Promise<Result<null>> =>
  row.kind === 'wallet' ? handOverWish(deps, row) : handOverSigned(deps, row);

async function handOverWish(deps: SendDeps, row: TransactionRow): Promise<Result<null>> {
  const wallet = await loadChainWallet(deps.db, row.accountId, row.walletId ?? '');
  if (!wallet || wallet.status !== 'active') return withdrawn(deps, row);
  const network = findBoundNetwork(deps.settings, row);
  if (!network.ok) return network;
  const sent = await senderOf(deps, row).send({
    sender: identityOf(row),
    network: await factsOf(network.value),
    command: commandOf(row),
    leave: { policy: policyOf(wallet), isApproved: row.threshold !== null },
  });
  if (!sent.ok) return refused(deps, row, sent.failure);
  await markHanded(deps, row);
  return ok(null);
}

/** Its members signed it, each the whole of it (M19). */
async function handOverSigned(deps: SendDeps, row: TransactionRow): Promise<Result<null>> {
  const network = findBoundNetwork(deps.settings, row);
  if (!network.ok) return network;
  const signatures = await listSignatures(deps.db, row.transactionId);
  const signed = completeTransaction(collectionOf(row, signatures));
  assert(signed !== null, 'what is sending has all its signatures');
  const adopted = await senderOf(deps, row).adopt({
    sender: identityOf(row),
    network: await factsOf(network.value),
    command: {
      id: row.transactionId,
      purpose: PURPOSE,
      signed: encodeTransaction(signed),
      preparedHeight: row.preparedHeight ?? 0,
    },
  });
  if (!adopted.ok) return refused(deps, row, adopted.failure);
  await markHanded(deps, row);
  return ok(null);
}

async function factsOf({ settings, client }: Network) {
  return { quorum: settings.quorum, msPerBlock: await readMsPerBlock(client) };
}

/** The wallet signs nothing any more; what its sender took before ends there. */
async function withdrawn(deps: SendDeps, row: TransactionRow): Promise<Result<null>> {
  if (await isTaken(deps, row)) return ok(null);
  await reject(deps, row, { reason: 'wallet_retired', detail: null });
  return err('wallets.retired');
}

/** Somebody else handed it over meanwhile; its sender has it and tells its end. */
async function isTaken(deps: SendDeps, row: TransactionRow): Promise<boolean> {
  const known = await senderOf(deps, row).get(row.transactionId);
  if (known.ok) await markHanded(deps, row);
  return known.ok;
}

const PURPOSE = 'transactions';

const commandOf = (row: TransactionRow): SendCommand => ({
  id: row.transactionId,
  purpose: PURPOSE,
  template: row.unsigned,
  terms: {
    systemFeeMax: BigInt(row.systemFeeMax),
    networkFeeMax: BigInt(row.networkFeeMax),
    gasSent: BigInt(row.gasSent),
    windowBlocks: row.windowBlocks,
  },
});

type Refusal = Failure<
  | 'sender.intent_invalid'
  | 'sender.intent_conflict'
  | 'sender.full'
  | 'sender.policy_refused'
  | 'sender.approvals_required'
>;

async function refused(
  deps: SendDeps,
  row: TransactionRow,
  failure: Refusal,
): Promise<Result<null>> {
  if (await isTaken(deps, row)) return ok(null);
  const detail = failure.detail ?? null;
  switch (failure.code) {
    case 'sender.policy_refused':
    case 'sender.approvals_required':
      await reject(deps, row, { reason: 'policy_refused', detail });
      break;
    case 'sender.intent_invalid':
      await reject(deps, row, { reason: 'transaction_malformed', detail });
      break;
    case 'sender.intent_conflict':
    case 'sender.full':
      break;
    default:
      assertNever(failure.code);
  }
  return { ok: false, failure };
}

/** Only of one that its sender never took: nothing of it was signed. */
export const reject = (
  deps: SendDeps,
  row: TransactionRow,
  words: { readonly reason: TransactionReason; readonly detail: string | null },
): Promise<void> =>
  settle(deps, row, {
    told: { outcome: 'rejected', at: deps.now, included: null, ...words },
    from: ['sending'],
    author: 'sweep',
  });

export async function markHanded({ db, now }: SendDeps, row: TransactionRow): Promise<void> {
  const dueAt = now + LIMITS.senderCheckMinutes.value * MINUTE_MS;
  await updateTransaction(db, row, { handedAt: now, dueAt }, isSending);
}
