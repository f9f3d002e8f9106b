/** D1 queries of wallets on a Neo network. */
import { and, desc, eq, getTableColumns, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { chainWallets } from './tables.ts';

export type WalletRow = typeof chainWallets.$inferSelect;
/** Without what is large and no list shows. */
export type ListedWallet = Omit<WalletRow, 'policy' | 'sealedKey'>;

const { policy: _policy, sealedKey: _sealedKey, ...LISTED } = getTableColumns(chainWallets);

/** Of one or none; for a batch with other reads. */
export const walletQuery = (db: Database, accountId: string, walletId: string) =>
  db
    .select()
    .from(chainWallets)
    .where(and(eq(chainWallets.walletId, walletId), eq(chainWallets.accountId, accountId)));

export async function loadWallet(
  db: Database,
  accountId: string,
  walletId: string,
): Promise<WalletRow | undefined> {
  const [row] = await walletQuery(db, accountId, walletId);
  return row;
}

export interface WalletFilter {
  readonly accountId: string;
  readonly network: string | undefined;
  readonly status: WalletRow['status'] | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listWalletRows(db: Database, filter: WalletFilter): Promise<ListedWallet[]> {
  const conditions: SQL[] = [eq(chainWallets.accountId, filter.accountId)];
  if (filter.network) conditions.push(eq(chainWallets.network, filter.network));
  if (filter.status) conditions.push(eq(chainWallets.status, filter.status));
  if (filter.before) conditions.push(lt(chainWallets.walletId, filter.before));
  return db
    .select(LISTED)
    .from(chainWallets)
    .where(and(...conditions))
    .orderBy(desc(chainWallets.walletId))
    .limit(filter.limit);
}

export const insertWallet = (db: Database, row: WalletRow) => db.insert(chainWallets).values(row);

export const updateWalletRow = (db: Database, row: WalletRow, changes: Partial<WalletRow>) =>
  db
    .update(chainWallets)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(chainWallets.walletId, row.walletId));

export const walletUnchanged = (row: WalletRow): SQL =>
  sql`(SELECT revision FROM chain_wallets WHERE wallet_id = ${row.walletId}) = ${row.revision}`;

/** Retired ones are counted: their keys are kept as well. */
export const walletsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM chain_wallets WHERE account_id = ${accountId}) < ${limit}`;
