/** D1 queries of gas accounts. */
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { gasAccounts } from './tables.ts';

export type GasAccountRow = typeof gasAccounts.$inferSelect;

export async function loadGasAccount(
  db: Database,
  accountId: string,
  gasAccountId: string,
): Promise<GasAccountRow | undefined> {
  const [row] = await db
    .select()
    .from(gasAccounts)
    .where(and(eq(gasAccounts.gasAccountId, gasAccountId), eq(gasAccounts.accountId, accountId)));
  return row;
}

/** All that an account has or had, on every network; few, and in the order they were made. */
export const listGasAccountsOf = (db: Database, accountId: string): Promise<GasAccountRow[]> =>
  db
    .select()
    .from(gasAccounts)
    .where(eq(gasAccounts.accountId, accountId))
    .orderBy(gasAccounts.gasAccountId);
