/** D1 queries of vaults and of the platform's wallets. */
import { and, asc, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { platformWallets, vaults } from './tables.ts';

export type VaultRow = typeof vaults.$inferSelect;
export type PlatformWalletRow = typeof platformWallets.$inferSelect;

export async function loadVault(db: Database, magic: number): Promise<VaultRow | undefined> {
  const [row] = await db.select().from(vaults).where(eq(vaults.networkMagic, magic));
  return row;
}

/** One a network. */
export const listVaultRows = (db: Database): Promise<VaultRow[]> =>
  db.select().from(vaults).orderBy(asc(vaults.network), asc(vaults.networkMagic));

export const insertVault = (db: Database, row: VaultRow) => db.insert(vaults).values(row);

export const updateVault = (db: Database, magic: number, changes: Partial<VaultRow>, also?: SQL) =>
  db
    .update(vaults)
    .set(changes)
    .where(and(eq(vaults.networkMagic, magic), also));

/** Null for a network that has none. */
export const vaultUnchanged = (magic: number, revision: number | null): SQL =>
  revision === null
    ? sql`NOT EXISTS (SELECT 1 FROM vaults WHERE network_magic = ${magic})`
    : sql`(SELECT revision FROM vaults WHERE network_magic = ${magic}) = ${revision}`;

/** Few: an operator makes each by hand. */
export const platformWalletsQuery = (db: Database, magic: number) =>
  db
    .select()
    .from(platformWallets)
    .where(and(eq(platformWallets.networkMagic, magic), eq(platformWallets.status, 'active')))
    .orderBy(platformWallets.walletId);

export const listPlatformWallets = async (
  db: Database,
  magic: number,
): Promise<PlatformWalletRow[]> => platformWalletsQuery(db, magic);

/** Retired ones too: what comes to them is booked all the same. */
export const listAllWallets = (db: Database, magic: number): Promise<PlatformWalletRow[]> =>
  db
    .select()
    .from(platformWallets)
    .where(eq(platformWallets.networkMagic, magic))
    .orderBy(platformWallets.walletId);

export async function loadPlatformWallet(
  db: Database,
  walletId: string,
): Promise<PlatformWalletRow | undefined> {
  const [row] = await db
    .select()
    .from(platformWallets)
    .where(eq(platformWallets.walletId, walletId));
  return row;
}

export function listWalletPage(
  db: Database,
  filter: {
    readonly network: string | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  },
): Promise<PlatformWalletRow[]> {
  const conditions: SQL[] = [];
  if (filter.network) conditions.push(eq(platformWallets.network, filter.network));
  if (filter.before) conditions.push(lt(platformWallets.walletId, filter.before));
  return db
    .select()
    .from(platformWallets)
    .where(and(...conditions))
    .orderBy(desc(platformWallets.walletId))
    .limit(filter.limit);
}

export const insertPlatformWallet = (db: Database, row: PlatformWalletRow) =>
  db.insert(platformWallets).values(row);

export const updatePlatformWallet = (
  db: Database,
  walletId: string,
  changes: Partial<PlatformWalletRow>,
  also?: SQL,
) =>
  db
    .update(platformWallets)
    .set(changes)
    .where(and(eq(platformWallets.walletId, walletId), also));

export const platformWalletUnchanged = (row: PlatformWalletRow): SQL =>
  sql`(SELECT revision FROM platform_wallets WHERE wallet_id = ${row.walletId}) = ${row.revision}`;

/** Retired ones are counted: each is booked for ever. */
export const platformWalletsBelow = (magic: number, limit: number): SQL =>
  sql`(SELECT count(*) FROM platform_wallets WHERE network_magic = ${magic}) < ${limit}`;
