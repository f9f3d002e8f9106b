/**
 * The row of a transaction that is wished for, with everything decided that is decided when it is
 * proposed: what it does, what it may cost, for how long, and who must approve it (money rule M16).
 * Nothing is written here; what the decisions were made on comes back as guards of the batch.
 */
import type { SQL } from 'drizzle-orm';
import { decodeScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import type { Attribute } from '../../core/neo/transaction/attribute.ts';
import {
  encodeUnsigned,
  faultOfUnsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY, type WitnessScopes } from '../../core/neo/transaction/witness-scope.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { hashIntent, hashWish } from '../../core/transactions/intent-hash.ts';
import { guard } from '../../db/guards.ts';
import { authorOf, type CommitContext } from '../../http/commit.ts';
import { nameOfActor, newId, type RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { type ChainWalletRow, loadChainWallet, walletUnchanged } from '../wallets/index.ts';
import { listApproversOf } from '../workspace-wallets/index.ts';
import { type Forecast, forecast } from './forecast.ts';
import { LIMITS } from './limits.ts';
import { MINUTE_MS } from './settle.ts';
import type { TransactionRow } from './store.ts';

/** A request's context is one; what acts by itself names an actor and an operation for the audit log. */
export type ProposalContext = CommitContext & Pick<RequestContext, 'settings' | 'log'>;

export interface TransactionRequest {
  /** Of a wallet of the account on a Neo network. */
  readonly walletId: string;
  readonly script: Uint8Array;
  /** Whom the caller takes the wallet for; another one is refused. */
  readonly signer?: ScriptHash | undefined;
  /** Of the wallet's witness; `CalledByEntry` unless told otherwise. */
  readonly scopes?: WitnessScopes | undefined;
  readonly attributes?: readonly Attribute[] | undefined;
  /** Datoshi; unless told otherwise a little more than the simulation took. */
  readonly systemFeeMax?: bigint | undefined;
  readonly networkFeeMax?: bigint | undefined;
  readonly windowBlocks?: number | undefined;
  readonly expiresInMinutes?: number | undefined;
  readonly note?: string | undefined;
  /** The effect's own id: the same one again is the same transaction, and another wish is refused. */
  readonly requestId?: string | undefined;
}

/** Why it cannot be a transaction of anybody; null when it can. */
export const faultOf = (request: TransactionRequest): string | null =>
  faultOfUnsigned(templateOf(ANYBODY, request));

/** Of the wish as it was made: the same again, whatever a simulation says by then. */
export const digestOf = (request: TransactionRequest): string =>
  hashWish({ ...request, template: encodeUnsigned(templateOf(ANYBODY, request)) });

const ANYBODY = decodeScriptHash(new Uint8Array(20));

const templateOf = (
  account: ScriptHash,
  { script, scopes = CALLED_BY_ENTRY, attributes = [] }: TransactionRequest,
): UnsignedTransaction => ({
  nonce: 0,
  systemFee: 0n,
  networkFee: 0n,
  validUntilBlock: 0,
  signers: [{ account, scopes }],
  attributes,
  script,
});

export interface Drafted {
  readonly row: TransactionRow;
  /** What the decision was made on. */
  readonly guards: readonly SQL[];
}

export async function draftTransaction(
  context: ProposalContext,
  accountId: string,
  request: TransactionRequest,
): Promise<Result<Drafted>> {
  const wallet = await loadChainWallet(context.db, accountId, request.walletId);
  if (!wallet) return err('transactions.wallet_unknown', { fields: [WALLET_UNKNOWN] });
  if (wallet.status === 'retired') return err('wallets.retired');
  if ((request.signer ?? wallet.scriptHash) !== wallet.scriptHash)
    return err('transactions.raw_refused', { detail: 'its signer is another account' });
  const network = findBoundNetwork(context.settings, wallet);
  if (!network.ok) return network;
  const { systemFeeMax, networkFeeMax } = request;
  const template = templateOf(wallet.scriptHash, request);
  const drafted = { wallet, network: network.value, template, systemFeeMax, networkFeeMax };
  const foreseen = await forecast(context, drafted);
  if (!foreseen.ok) return foreseen;
  const approving = await approvalsFor(context.db, accountId, foreseen.value.verdict);
  if (!approving.ok) return approving;
  const { still, ...approval } = approving.value;
  const row = rowOf(context, { request, wallet, template, foreseen: foreseen.value, approval });
  return ok({ row, guards: [guard('revision', walletUnchanged(wallet)), ...still] });
}

const WALLET_UNKNOWN = { pointer: '/walletId', detail: 'is not a wallet of this account' };

interface Approval {
  readonly threshold: number | null;
  readonly approvers: readonly string[];
  readonly reasons: readonly string[];
}

/** M16: who may approve and how many of them must are fixed with the proposal. */
async function approvalsFor(
  db: ProposalContext['db'],
  accountId: string,
  verdict: Forecast['verdict'],
): Promise<
  Result<Approval & { readonly still: readonly SQL[] }, 'transactions.approvers_missing'>
> {
  if (verdict.kind === 'allowed')
    return ok({ threshold: null, approvers: [], reasons: [], still: [] });
  const { approvals: threshold, reasons } = verdict;
  const { walletIds: approvers, still } = await listApproversOf(db, accountId);
  if (approvers.length < threshold)
    return err('transactions.approvers_missing', {
      detail: reasons.join('; '),
      limit: threshold,
      observed: approvers.length,
    });
  return ok({ threshold, approvers, reasons, still: [guard('member', still)] });
}

interface RowParts {
  readonly request: TransactionRequest;
  readonly wallet: ChainWalletRow;
  readonly template: UnsignedTransaction;
  readonly foreseen: Forecast;
  readonly approval: Approval;
}

function rowOf(context: ProposalContext, parts: RowParts): TransactionRow {
  const { request, wallet, template, foreseen, approval } = parts;
  const { now } = context;
  const minutes = request.expiresInMinutes ?? LIMITS.proposalMinutesDefault.value;
  const expiresAt = approval.threshold === null ? null : now + minutes * MINUTE_MS;
  const intended = {
    accountId: wallet.accountId,
    transactionId: newId('transaction', now),
    network: wallet.network,
    networkMagic: wallet.networkMagic,
    sender: wallet.scriptHash,
    unsigned: encodeUnsigned(template),
    systemFeeMax: Number(foreseen.fees.systemFee),
    networkFeeMax: Number(foreseen.fees.networkFee),
    windowBlocks: request.windowBlocks ?? LIMITS.transactionWindowBlocksDefault.value,
    threshold: approval.threshold,
    approvers: approval.approvers,
    expiresAt,
  };
  return {
    ...UNKNOWN_YET,
    ...intended,
    intentHash: hashIntent(intended),
    requestId: request.requestId ?? null,
    requestDigest: request.requestId === undefined ? null : digestOf(request),
    kind: 'wallet',
    walletId: wallet.walletId,
    status: approval.threshold === null ? 'sending' : 'proposed',
    statusSince: now,
    gasSent: Number(foreseen.gasSent),
    reasons: approval.reasons,
    dueAt: expiresAt ?? now + LIMITS.handOverSeconds.value * 1_000,
    note: request.note ?? null,
    createdBy: nameOfActor(authorOf(context)),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** Of a row, when it is proposed. */
export const UNKNOWN_YET = {
  reason: null,
  detail: null,
  verification: null,
  validUntilBlock: null,
  preparedHeight: null,
  handedAt: null,
  hash: null,
  blockIndex: null,
  vmState: null,
  systemFee: null,
  networkFee: null,
  endedAt: null,
} as const;
