/**
 * A transaction of a wallet, from the wish to the row: looked at before anything is written, and
 * then one batch. What the policy lets pass is `sending` at once and is handed over; what needs
 * approvals is `proposed`, with the set of approvers and their number fixed for ever (money rule
 * M16). A crash between batch and sender loses nothing: the sweep hands over what is `sending`.
 */
import type { SQL } from 'drizzle-orm';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { accountOpen } from '../accounts/index.ts';
import {
  type Drafted,
  digestOf,
  draftTransaction,
  faultOf,
  type ProposalContext,
  type TransactionRequest,
} from './draft.ts';
import { handOverSoon } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import { insertTransaction, loadByRequest, loadTransaction, transactionsBelow } from './store.ts';
import { type TransactionBody, toTransaction } from './views.ts';

/** 200: it was there already, under its `requestId`. */
export interface TransactionAnswer<Body = TransactionBody> {
  readonly status: 200 | 201;
  readonly body: Body;
}

/** What another service writes in the batch of its transaction, and answers in its place. */
export interface Attached<Body> {
  readonly statements: readonly (SQL | { getSQL(): SQL })[];
  readonly body: Body;
  /** What a failed UNIQUE constraint of its statements means. */
  readonly conflicts?: Readonly<Record<string, Failure>>;
}
export type Attach<Body> = (transaction: TransactionBody) => Attached<Body>;

const NOTHING_ATTACHED: Attach<TransactionBody> = (body) => ({ statements: [], body });

export function proposeTransaction(
  context: ProposalContext,
  accountId: string,
  request: TransactionRequest,
): Promise<Result<TransactionAnswer>> {
  return proposeWith(context, accountId, request, NOTHING_ATTACHED);
}

/** As above, in one batch with what another service has to write beside it. */
export async function proposeWith<Body>(
  context: ProposalContext,
  accountId: string,
  request: TransactionRequest,
  attach: Attach<Body>,
): Promise<Result<TransactionAnswer<Body>>> {
  const fault = faultOf(request);
  if (fault !== null) return err('transactions.script_refused', { detail: fault });
  const known = await answerAgain(context, accountId, request, attach);
  if (known !== undefined) return known;
  const drafted = await draftTransaction(context, accountId, request);
  if (!drafted.ok) return drafted;
  const written = await write(context, drafted.value, attach);
  // The same wish at the same time, and the other one was first.
  if (!written.ok && written.failure.code === 'transactions.request_conflict')
    return (await answerAgain(context, accountId, request, attach)) ?? written;
  const { row } = drafted.value;
  if (written.ok && row.status === 'sending') await handOverSoon(context, row);
  return written;
}

/** What became of an earlier wish under the same id. */
async function answerAgain<Body>(
  { db }: ProposalContext,
  accountId: string,
  request: TransactionRequest,
  attach: Attach<Body>,
): Promise<Result<TransactionAnswer<Body>, 'transactions.request_conflict'> | undefined> {
  const { requestId } = request;
  const earlier = requestId && (await loadByRequest(db, accountId, requestId));
  if (!earlier) return undefined;
  if (earlier.requestDigest !== digestOf(request)) return err('transactions.request_conflict');
  const { transactionId } = earlier;
  const known = await loadTransaction(db, { accountId, transactionId });
  return known && ok({ status: 200, body: attach(toTransaction(known)).body });
}

function write<Body>(
  context: ProposalContext,
  { row, guards }: Drafted,
  attach: Attach<Body>,
): Promise<Result<TransactionAnswer<Body>>> {
  const { statements, body, conflicts } = attach(toTransaction({ row, approvals: [] }));
  const { walletId, network, status, intentHash, systemFeeMax, networkFeeMax, threshold } = row;
  const limit = LIMITS.transactionsOpenMax.value;
  return commit(context, {
    statements: [
      guard('state', accountOpen(row.accountId)),
      guard('quota', transactionsBelow(row.accountId, limit)),
      ...guards,
      insertTransaction(context.db, row),
      ...statements,
    ],
    accountId: row.accountId,
    target: { kind: 'transaction', id: row.transactionId },
    details: { walletId, network, status, intentHash, systemFeeMax, networkFeeMax, threshold },
    conflicts: {
      ...conflicts,
      'transactions.account_id, transactions.request_id': { code: 'transactions.request_conflict' },
    },
    guards: {
      state: { code: 'request.not_found' },
      quota: { code: 'transactions.too_many_open', limit },
      revision: { code: 'request.precondition_failed' },
      member: { code: 'request.precondition_failed' },
    },
    answer: { status: 201, body },
  });
}
