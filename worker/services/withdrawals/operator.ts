/**
 * What operators do about withdrawals that nothing moves by itself: look or send again, or close
 * them by their word. The word of an operator never passes the vault by: what was paid under the id
 * is read by a quorum first, and an answer that says otherwise refuses it (money rules M3, M4).
 */
import { err, ok, type Result } from '../../core/result.ts';
import { needsOperator, type PayoutStatus } from '../../core/withdrawals/status.ts';
import { guard } from '../../db/guards.ts';
import { authorOf, commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { nameOfActor, type RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { advanceSoon } from './advance.ts';
import { readPaidUnder } from './chain-evidence.ts';
import { type Decision, isOfPlatform, settlingOf } from './ending.ts';
import { intentIdOf, senderOf } from './hand-over.ts';
import { findPayout, listPayouts, type PayoutRow, payoutUnchanged, updatePayout } from './store.ts';
import { toPayout } from './views.ts';

export async function listForOperator(
  { db }: RequestContext,
  query: PageQuery & {
    readonly status?: PayoutStatus | undefined;
    readonly network?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listPayouts(db, {
    accountId: undefined,
    status: query.status,
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ withdrawalId }) => withdrawalId,
    toItem: toPayout,
  });
  return ok({ status: 200, body } as const);
}

type OpenRefusal = 'request.not_found' | 'withdrawals.not_replayable';

async function openFor(
  { db }: RequestContext,
  withdrawalId: string,
): Promise<Result<PayoutRow, OpenRefusal>> {
  const row = await findPayout(db, withdrawalId);
  if (!row) return err('request.not_found');
  return needsOperator(row.status)
    ? ok(row)
    : err('withdrawals.not_replayable', { detail: row.status });
}

/** A dead letter is sent again; what is unresolved is looked at again. */
export async function replay(context: RequestContext, withdrawalId: string, reason: string) {
  const opened = await openFor(context, withdrawalId);
  if (!opened.ok) return opened;
  const row = opened.value;
  const { now } = context;
  if (row.reason === 'disputed') await lookAgain(context, row, reason);
  const status = row.status === 'dead_letter' ? 'ready' : 'sending';
  const changes = {
    status,
    statusSince: now,
    reason: null,
    detail: null,
    tries: 0,
    dueAt: now,
    updatedAt: now,
  } as const;
  return write(context, row, { changes, details: { act: 'replay', reason } });
}

/** With fresh votes; a sender that is past its dispute has its answer already. */
const lookAgain = (context: RequestContext, row: PayoutRow, detail: string) =>
  senderOf(context, row).resolve({
    id: intentIdOf(row),
    detail,
    resolution: { kind: 'observe' },
  });

export interface ResolveRequest {
  readonly outcome: 'paid' | 'failed';
  readonly reason: string;
}

export async function resolve(
  context: RequestContext,
  withdrawalId: string,
  { outcome, reason }: ResolveRequest,
) {
  const opened = await openFor(context, withdrawalId);
  if (!opened.ok) return opened;
  const row = opened.value;
  const allowed = row.route === 'vault' ? await checkChain(context, row, outcome) : ok(null);
  if (!allowed.ok) return allowed;
  if (row.reason === 'disputed') await closeDispute(context, row, { outcome, reason });
  const author = nameOfActor(authorOf(context));
  const words = { reason: 'resolved_by_operator', detail: reason, author } as const;
  const verdict = `operator:${outcome}`;
  const decision: Decision =
    outcome === 'paid'
      ? { ...words, status: 'completed', act: 'paid', fee: 0n, verdict }
      : { ...words, status: 'failed', act: 'release', verdict };
  const changes = settlingOf(row, decision, context.now);
  return write(context, row, { changes, details: { act: 'resolve', outcome, reason } });
}

type ChainRefusal = 'chain.network_unknown' | 'chain.unavailable' | 'withdrawals.contradicts_chain';

async function checkChain(
  context: RequestContext,
  row: PayoutRow,
  outcome: ResolveRequest['outcome'],
): Promise<Result<null, ChainRefusal>> {
  const network = findBoundNetwork(context.settings, row);
  if (!network.ok) return network;
  const height = await lastBlockOf(context, row);
  const paid = await readPaidUnder(network.value, row, height);
  if (paid === null)
    return err('chain.unavailable', {
      detail: `too few nodes say the same at block ${String(height)}`,
      retryAfterSeconds: 15,
    });
  if ((paid.kind === 'paid') === (outcome === 'paid')) return ok(null);
  return err('withdrawals.contradicts_chain', {
    detail:
      paid.kind === 'paid'
        ? `${String(paid.amount)} datoshi were paid to ${paid.to}`
        : 'nothing was paid under its id',
  });
}

/** Past which no attempt of it can be included any more. */
async function lastBlockOf(context: RequestContext, row: PayoutRow): Promise<number> {
  if (row.sender === null || row.attempt === 0) return 0;
  const view = await senderOf(context, row).get(intentIdOf(row));
  const attempts = view.ok ? view.value.attempts : [];
  const last = Math.max(0, ...attempts.map((one) => one.transaction?.validUntilBlock ?? 0));
  return last === 0 ? 0 : last + 1;
}

/** The sender holds GAS of its wallet for it; what was paid it shall see for itself. */
const closeDispute = (
  context: RequestContext,
  row: PayoutRow,
  { outcome, reason }: ResolveRequest,
) =>
  senderOf(context, row).resolve({
    id: intentIdOf(row),
    detail: reason,
    resolution: { kind: outcome === 'paid' ? 'observe' : 'expired' },
  });

interface Act {
  readonly changes: Partial<PayoutRow>;
  readonly details: Readonly<Record<string, unknown>>;
}

async function write(context: RequestContext, row: PayoutRow, { changes, details }: Act) {
  const after: PayoutRow = { ...row, ...changes, revision: row.revision + 1 };
  const written = await commit(context, {
    statements: [guard('revision', payoutUnchanged(row)), updatePayout(context.db, row, changes)],
    accountId: isOfPlatform(row) ? undefined : row.accountId,
    target: { kind: 'withdrawal', id: row.withdrawalId },
    details,
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: { status: 200, body: toPayout(after) },
  });
  if (written.ok) await advanceSoon(context, after);
  return written;
}
