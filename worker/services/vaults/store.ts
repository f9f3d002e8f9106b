/** D1 queries of vaults and of the platform's wallets. */
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { platformWallets, vaults } from './tables.ts';

export type VaultRow = typeof vaults.$inferSelect;
export type PlatformWalletRow = typeof platformWallets.$inferSelect;

export async function loadVault(db: Database, magic: number): Promise<VaultRow | undefined> {
  const [row] = await db.select().from(vaults).where(eq(vaults.networkMagic, magic));
  return row;
}

/** Few: an operator makes each by hand. */
export const listPlatformWallets = (db: Database, magic: number): Promise<PlatformWalletRow[]> =>
  db
    .select()
    .from(platformWallets)
    .where(and(eq(platformWallets.networkMagic, magic), eq(platformWallets.status, 'active')))
    .orderBy(platformWallets.walletId);
