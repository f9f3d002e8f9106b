/**
 * D1 queries of transactions, and the conditions that keep them whole: D1 has one writer and a batch
 * is atomic, so of two changes decided on one reading, the later one fails its guard.
 */
import { and, asc, desc, eq, getTableColumns, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { TransactionStatus } from '../../core/transactions/status.ts';
import type { Database } from '../../db/connect.ts';
import { workspaceWallets } from '../workspace-wallets/index.ts';
import { transactionApprovals, transactions } from './tables.ts';

export type TransactionRow = typeof transactions.$inferSelect;
export type ApprovalRow = typeof transactionApprovals.$inferSelect;

/** What somebody approved, and whether it still counts. */
export interface Approval extends Omit<ApprovalRow, 'transactionId'> {
  readonly isVerified: boolean;
}

const {
  unsigned: _unsigned,
  verification: _verification,
  ...LISTED
} = getTableColumns(transactions);
/** Without what is large and no list shows. */
export type ListedTransaction = Omit<TransactionRow, 'unsigned' | 'verification'>;

export interface TransactionPlace {
  readonly accountId: string;
  readonly transactionId: string;
}

export interface Approved {
  readonly row: TransactionRow;
  /** In the order they were given. */
  readonly approvals: readonly Approval[];
}

export const selectTransaction = (db: Database, { accountId, transactionId }: TransactionPlace) =>
  db
    .select()
    .from(transactions)
    .where(
      and(eq(transactions.transactionId, transactionId), eq(transactions.accountId, accountId)),
    );

/** One round trip for both. */
export async function loadTransaction(
  db: Database,
  { accountId, transactionId }: TransactionPlace,
): Promise<Approved | undefined> {
  const [rows, approvals] = await db.batch([
    selectTransaction(db, { accountId, transactionId }),
    db
      .select({
        walletId: transactionApprovals.walletId,
        layout: transactionApprovals.layout,
        createdAt: transactionApprovals.createdAt,
        status: workspaceWallets.status,
      })
      .from(transactionApprovals)
      .leftJoin(
        workspaceWallets,
        and(
          eq(workspaceWallets.walletId, transactionApprovals.walletId),
          eq(workspaceWallets.accountId, accountId),
        ),
      )
      .where(eq(transactionApprovals.transactionId, transactionId))
      .orderBy(asc(transactionApprovals.createdAt), asc(transactionApprovals.walletId)),
  ]);
  const [row] = rows;
  if (!row) return undefined;
  return {
    row,
    approvals: approvals.map(({ status, ...one }) => ({
      ...one,
      isVerified: status === 'verified',
    })),
  };
}

/** Of whichever account; for what the platform itself tells of it. */
export async function findTransaction(
  db: Database,
  transactionId: string,
): Promise<TransactionRow | undefined> {
  const [row] = await db
    .select()
    .from(transactions)
    .where(eq(transactions.transactionId, transactionId));
  return row;
}

export async function loadByRequest(
  db: Database,
  accountId: string,
  requestId: string,
): Promise<TransactionRow | undefined> {
  const [row] = await db
    .select()
    .from(transactions)
    .where(and(eq(transactions.accountId, accountId), eq(transactions.requestId, requestId)));
  return row;
}

export interface TransactionFilter {
  readonly accountId: string;
  readonly status: TransactionStatus | undefined;
  readonly walletId: string | undefined;
  readonly network: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listTransactionRows(
  db: Database,
  filter: TransactionFilter,
): Promise<ListedTransaction[]> {
  const conditions: SQL[] = [eq(transactions.accountId, filter.accountId)];
  if (filter.status) conditions.push(eq(transactions.status, filter.status));
  if (filter.walletId) conditions.push(eq(transactions.walletId, filter.walletId));
  if (filter.network) conditions.push(eq(transactions.network, filter.network));
  if (filter.before) conditions.push(lt(transactions.transactionId, filter.before));
  return db
    .select(LISTED)
    .from(transactions)
    .where(and(...conditions))
    .orderBy(desc(transactions.transactionId))
    .limit(filter.limit);
}

/** Of all accounts. */
export const listDisputedRows = (
  db: Database,
  before: string | undefined,
  limit: number,
): Promise<ListedTransaction[]> =>
  db
    .select(LISTED)
    .from(transactions)
    .where(
      and(
        eq(transactions.status, 'disputed'),
        before === undefined ? undefined : lt(transactions.transactionId, before),
      ),
    )
    .orderBy(desc(transactions.transactionId))
    .limit(limit);

/** What the sweep has to look at, longest due first; the rows themselves may be large. */
export async function listDue(
  db: Database,
  now: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .select({ transactionId: transactions.transactionId })
    .from(transactions)
    .where(lte(transactions.dueAt, now))
    .orderBy(asc(transactions.dueAt))
    .limit(limit);
  return rows.map(({ transactionId }) => transactionId);
}

export const insertTransaction = (db: Database, row: TransactionRow) =>
  db.insert(transactions).values(row);

/** Guard it with `transactionUnchanged`, or say in `where` what must still hold. */
export const updateTransaction = (
  db: Database,
  { transactionId }: Pick<TransactionRow, 'transactionId'>,
  changes: Partial<TransactionRow>,
  where?: SQL,
) =>
  db
    .update(transactions)
    .set({ ...changes, revision: sql`revision + 1` })
    .where(and(eq(transactions.transactionId, transactionId), where));

/** What was told meanwhile is not written over. */
export const isSending: SQL = eq(transactions.status, 'sending');

export const deleteTransaction = (db: Database, { transactionId, dueAt }: TransactionRow) =>
  db
    .delete(transactions)
    .where(and(eq(transactions.transactionId, transactionId), eq(transactions.dueAt, dueAt)));

export const transactionUnchanged = ({ transactionId, revision }: TransactionRow): SQL =>
  sql`(SELECT revision FROM transactions WHERE transaction_id = ${transactionId}) = ${revision}`;

export const transactionsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM transactions WHERE account_id = ${accountId} AND ended_at IS NULL)
    < ${limit}`;

export const insertApproval = (db: Database, row: ApprovalRow) =>
  db.insert(transactionApprovals).values(row);

/** True while so many approvals count: one of a wallet that was removed since does not. */
export const approvalsCounting = (
  { transactionId, accountId }: TransactionPlace,
  count: number,
): SQL =>
  sql`(SELECT count(*) FROM transaction_approvals AS given
    JOIN workspace_wallets AS wallet ON wallet.wallet_id = given.wallet_id
    WHERE given.transaction_id = ${transactionId} AND wallet.account_id = ${accountId}
      AND wallet.status = 'verified') = ${count}`;
