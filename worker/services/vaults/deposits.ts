/**
 * Deposits as accounts and operators see them, and what becomes of those in suspense. The row says
 * what an operator wants; the book has the money, and takes the same assignment once (money rule
 * M2), so a crash in between is mended by the sweep.
 */
import { eq } from 'drizzle-orm';
import { PLATFORM } from '../../core/ledger/book.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { executeCommand, type GasAccountRow, gasAccounts } from '../gasbank/index.ts';
import {
  type DepositRow,
  depositUnchanged,
  findDeposit,
  listDepositRows,
  updateDeposit,
} from './deposit-store.ts';
import { LIMITS } from './limits.ts';
import { toDeposit, toPlatformDeposit } from './views.ts';

export async function listDeposits(
  { db }: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly network?: string | undefined;
    readonly gasAccountId?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const { network, gasAccountId } = query;
  const { after: before, rows: limit } = page.value;
  const rows = await listDepositRows(db, { accountId, network, gasAccountId, before, limit });
  return ok({ status: 200, body: closePage(rows, query.limit, shown(toDeposit)) } as const);
}

const shown = <Item>(toItem: (row: DepositRow) => Item) => ({
  keyOf: ({ depositId }: DepositRow) => depositId,
  toItem,
});

export async function getDeposit(
  { db }: RequestContext,
  { accountId, depositId }: { readonly accountId: string; readonly depositId: string },
) {
  const row = await findDeposit(db, depositId);
  if (row?.accountId !== accountId) return err('request.not_found');
  return ok({ status: 200 as const, body: toDeposit(row) });
}

export async function listSuspense(
  { db }: RequestContext,
  query: PageQuery & { readonly network?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const { after: before, rows: limit } = page.value;
  const filter = { network: query.network, status: 'suspense', before, limit } as const;
  const rows = await listDepositRows(db, filter);
  return ok({ status: 200, body: closePage(rows, query.limit, shown(toPlatformDeposit)) } as const);
}

export async function assignDeposit(
  context: RequestContext,
  depositId: string,
  { gasAccountId, reason }: { readonly gasAccountId: string; readonly reason: string },
) {
  const row = await findDeposit(context.db, depositId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  if (!matched.ok) return matched;
  if (row.status !== 'suspense') return err('gasbank.not_in_suspense');
  const to = await findTarget(context.db, row, gasAccountId);
  if (!to.ok) return to;
  const assigned: DepositRow = {
    ...row,
    accountId: to.value.accountId,
    gasAccountId,
    status: 'assigned',
    reason,
    dueAt: context.now + LIMITS.depositCheckSeconds.value * 1_000,
    revision: row.revision + 1,
    updatedAt: context.now,
  };
  const committed = await commit(context, {
    statements: [
      guard('revision', depositUnchanged(row)),
      updateDeposit(context.db, row, assigned),
    ],
    accountId: to.value.accountId,
    target: { kind: 'deposit', id: depositId },
    details: { gasAccountId, chainKey: row.chainKey, reason },
    events: [assignedNote(assigned)],
    guards: { revision: { code: 'gasbank.not_in_suspense' } },
    answer: { status: 200, body: toPlatformDeposit(assigned), etag: toEtag(assigned.revision) },
  });
  if (!committed.ok) return committed;
  const booked = await bookAssignment(context, assigned, to.value);
  if (!booked.ok)
    context.log.error('gasbank.assign_waits', { depositId, code: booked.failure.code });
  return committed;
}

async function findTarget(
  db: Database,
  { networkMagic }: DepositRow,
  gasAccountId: string,
): Promise<Result<GasAccountRow, 'vaults.account_unfit'>> {
  const [row] = await db
    .select()
    .from(gasAccounts)
    .where(eq(gasAccounts.gasAccountId, gasAccountId));
  if (row === undefined) return unfit('is not known');
  if (row.networkMagic !== networkMagic) return unfit('is on another network');
  return row.status === 'open' ? ok(row) : unfit('is closed');
}

const unfit = (detail: string) =>
  err('vaults.account_unfit', { fields: [{ pointer: '/gasAccountId', detail }] });

const assignedNote = (row: DepositRow) => {
  const { reason: _reason, ...data } = toDeposit(row);
  return { type: 'gasbank.deposit_credited', subject: `deposits/${row.depositId}`, data };
};

/**
 * The move has the deposit's own key, so no book takes it twice. The command's is of this
 * assignment: what a closed book sent back can be assigned to another.
 */
export const bookAssignment = (
  { env }: Pick<RequestContext, 'env'>,
  { networkMagic: magic, chainKey, revision, reason }: DepositRow,
  { accountId, fund }: Pick<GasAccountRow, 'accountId' | 'fund'>,
) =>
  executeCommand(
    env,
    { magic, owner: PLATFORM },
    {
      kind: 'assign',
      id: `${chainKey}:${String(revision)}`,
      owner: 'suspense',
      deposit: chainKey,
      to: { owner: accountId, fund },
      ...(reason === null ? {} : { note: reason }),
    },
  );
