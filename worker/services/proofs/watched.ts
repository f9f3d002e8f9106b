/** The vaults, and every address whose GAS the platform's book has, as the catalogue knows them. */
import { asc, eq } from 'drizzle-orm';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Database } from '../../db/connect.ts';
import { loadVault, platformWallets, type VaultRow, vaults } from '../vaults/index.ts';

/** One a network. */
export const listVaults = (db: Database): Promise<VaultRow[]> =>
  db.select().from(vaults).orderBy(asc(vaults.networkMagic));

export interface Watched {
  readonly address: ScriptHash;
  /** The block whose end its opening balance is of; null until that is booked. */
  readonly watchedHeight: number | null;
}

/** Wallets that were retired too: what comes to them is booked all the same. */
export async function listWatched(db: Database, magic: number): Promise<readonly Watched[]> {
  const vault = await loadVault(db, magic);
  const wallets = await db
    .select({ address: platformWallets.scriptHash, watchedHeight: platformWallets.watchedHeight })
    .from(platformWallets)
    .where(eq(platformWallets.networkMagic, magic));
  if (vault === undefined) return wallets;
  return [{ address: vault.contract, watchedHeight: vault.watchedHeight }, ...wallets];
}

/** All of the chain up to it is in the platform's book; null before the vault is. */
export const provableHeight = ({ watchedHeight, bookedHeight }: VaultRow): number | null =>
  watchedHeight !== null && bookedHeight !== null && bookedHeight >= watchedHeight
    ? bookedHeight
    : null;
