/** D1 queries of gas accounts. */
import { and, desc, eq, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { gasAccounts } from './tables.ts';

export type GasAccountRow = typeof gasAccounts.$inferSelect;

/** Of one or none; for a batch with other reads. */
export const gasAccountQuery = (db: Database, accountId: string, gasAccountId: string) =>
  db
    .select()
    .from(gasAccounts)
    .where(and(eq(gasAccounts.gasAccountId, gasAccountId), eq(gasAccounts.accountId, accountId)));

export async function loadGasAccount(
  db: Database,
  accountId: string,
  gasAccountId: string,
): Promise<GasAccountRow | undefined> {
  const [row] = await gasAccountQuery(db, accountId, gasAccountId);
  return row;
}

/** Of any account: for the sweep. */
export async function findGasAccount(
  db: Database,
  gasAccountId: string,
): Promise<GasAccountRow | undefined> {
  const [row] = await db
    .select()
    .from(gasAccounts)
    .where(eq(gasAccounts.gasAccountId, gasAccountId));
  return row;
}

/** All that an account has or had, on every network; few, and in the order they were made. */
export const listGasAccountsOf = (db: Database, accountId: string): Promise<GasAccountRow[]> =>
  db
    .select()
    .from(gasAccounts)
    .where(eq(gasAccounts.accountId, accountId))
    .orderBy(gasAccounts.gasAccountId);

export interface GasAccountFilter {
  readonly accountId: string;
  readonly network: string | undefined;
  readonly status: 'open' | 'closed' | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listGasAccountRows(
  db: Database,
  { accountId, network, status, before, limit }: GasAccountFilter,
): Promise<GasAccountRow[]> {
  const conditions: SQL[] = [eq(gasAccounts.accountId, accountId)];
  if (network) conditions.push(eq(gasAccounts.network, network));
  if (status === 'open') conditions.push(eq(gasAccounts.status, 'open'));
  if (status === 'closed') conditions.push(ne(gasAccounts.status, 'open'));
  if (before) conditions.push(lt(gasAccounts.gasAccountId, before));
  return db
    .select()
    .from(gasAccounts)
    .where(and(...conditions))
    .orderBy(desc(gasAccounts.gasAccountId))
    .limit(limit);
}

export const insertGasAccount = (db: Database, row: GasAccountRow) =>
  db.insert(gasAccounts).values(row);

export const updateGasAccountRow = (
  db: Database,
  row: GasAccountRow,
  changes: Partial<GasAccountRow>,
) =>
  db
    .update(gasAccounts)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(gasAccounts.gasAccountId, row.gasAccountId));

export const gasAccountUnchanged = ({ gasAccountId, revision }: GasAccountRow): SQL =>
  sql`(SELECT revision FROM gas_accounts WHERE gas_account_id = ${gasAccountId}) = ${revision}`;

/** Closed ones are counted: their names are kept as well. */
export const gasAccountsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM gas_accounts WHERE account_id = ${accountId}) < ${limit}`;

/**
 * Rules are one step long: a source has none, and who has one is no source. So none feeds itself,
 * on however many ways, and none reaches another account or network.
 */
export function mayTopUp(row: GasAccountRow): SQL {
  if (row.topUp === null) return sql`TRUE`;
  const { accountId, gasAccountId, networkMagic, topUp } = row;
  return sql`${topUp.fromGasAccountId} <> ${gasAccountId}
    AND EXISTS (SELECT 1 FROM gas_accounts WHERE gas_account_id = ${topUp.fromGasAccountId}
      AND account_id = ${accountId} AND network_magic = ${networkMagic} AND status = 'open'
      AND top_up IS NULL)
    AND NOT EXISTS (SELECT 1 FROM gas_accounts WHERE account_id = ${accountId}
      AND json_extract(top_up, '$.fromGasAccountId') = ${gasAccountId})`;
}
