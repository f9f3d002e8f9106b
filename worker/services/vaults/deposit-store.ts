/** D1 queries of deposits. */
import { and, asc, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { gasbankDeposits } from './tables.ts';

export type DepositRow = typeof gasbankDeposits.$inferSelect;

/** The first one under a chain key stays. */
export const insertDeposit = (db: Database, row: DepositRow) =>
  db.insert(gasbankDeposits).values(row).onConflictDoNothing();

export async function findDeposit(
  db: Database,
  depositId: string,
): Promise<DepositRow | undefined> {
  const [row] = await db
    .select()
    .from(gasbankDeposits)
    .where(eq(gasbankDeposits.depositId, depositId));
  return row;
}

export interface DepositFilter {
  readonly accountId?: string;
  readonly gasAccountId?: string | undefined;
  readonly network?: string | undefined;
  readonly status?: DepositRow['status'] | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listDepositRows(db: Database, filter: DepositFilter): Promise<DepositRow[]> {
  const { depositId, accountId, gasAccountId, network, status } = gasbankDeposits;
  const conditions: SQL[] = [];
  if (filter.accountId) conditions.push(eq(accountId, filter.accountId));
  if (filter.gasAccountId) conditions.push(eq(gasAccountId, filter.gasAccountId));
  if (filter.network) conditions.push(eq(network, filter.network));
  if (filter.status) conditions.push(eq(status, filter.status));
  if (filter.before) conditions.push(lt(depositId, filter.before));
  return db
    .select()
    .from(gasbankDeposits)
    .where(and(...conditions))
    .orderBy(desc(depositId))
    .limit(filter.limit);
}

export const listDueDeposits = (db: Database, now: number, limit: number): Promise<DepositRow[]> =>
  db
    .select()
    .from(gasbankDeposits)
    .where(lte(gasbankDeposits.dueAt, now))
    .orderBy(asc(gasbankDeposits.dueAt))
    .limit(limit);

export const updateDeposit = (
  db: Database,
  { depositId }: Pick<DepositRow, 'depositId'>,
  changes: Partial<DepositRow>,
  also?: SQL,
) =>
  db
    .update(gasbankDeposits)
    .set(changes)
    .where(and(eq(gasbankDeposits.depositId, depositId), also));

/** Removes the records of an account whose records end; what lies in suspense is the platform's. */
export const endDepositsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM gasbank_deposits WHERE account_id = ${accountId}`,
];

export const depositUnchanged = (row: DepositRow): SQL =>
  sql`(SELECT revision FROM gasbank_deposits WHERE deposit_id = ${row.depositId}) = ${row.revision}`;
