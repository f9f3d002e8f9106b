/** D1 queries of sign-in: where a wallet may go, and what its account accepts. */
import { and, eq, lte, type SQL, sql } from 'drizzle-orm';
import { DEFAULT_FORMS, type SignInPlace } from '../../core/sessions/challenge.ts';
import { LIMITS } from '../../core/sessions/limits.ts';
import type { Database } from '../../db/connect.ts';
import { accounts } from '../accounts/index.ts';
import { workspaceWallets } from '../workspace-wallets/index.ts';
import { accountOpenings, signInSettings } from './tables.ts';

export type SettingsRow = typeof signInSettings.$inferSelect;

/** A wallet that belongs to more accounts names one; the first are enough to tell it so. */
const PLACES_MAX = 20;

/** The accounts in which a Neo wallet is verified; of many, those it names. */
export async function listPlaces(
  db: Database,
  address: string,
  accountId: string | undefined,
): Promise<readonly SignInPlace[]> {
  const conditions: SQL[] = [
    eq(workspaceWallets.kind, 'neo'),
    eq(workspaceWallets.address, address),
    eq(workspaceWallets.status, 'verified'),
    sql`${accounts.status} <> 'deleted'`,
  ];
  if (accountId !== undefined) conditions.push(eq(workspaceWallets.accountId, accountId));
  const rows = await db
    .select({
      accountId: workspaceWallets.accountId,
      walletId: workspaceWallets.walletId,
      accountStatus: accounts.status,
      forms: signInSettings.forms,
    })
    .from(workspaceWallets)
    .innerJoin(accounts, eq(accounts.accountId, workspaceWallets.accountId))
    .leftJoin(signInSettings, eq(signInSettings.accountId, workspaceWallets.accountId))
    .where(and(...conditions))
    .limit(PLACES_MAX);
  return rows.map((row) => ({ ...row, forms: row.forms ?? DEFAULT_FORMS }));
}

/** True while the wallet is a verified one of an account that may be used. */
export const placeStands = ({ accountId, walletId }: SignInPlace): SQL =>
  sql`EXISTS (SELECT 1 FROM workspace_wallets JOIN accounts USING (account_id)
    WHERE wallet_id = ${walletId} AND account_id = ${accountId}
      AND workspace_wallets.status = 'verified' AND accounts.status = 'active')`;

/** True while no account that is there has the wallet. */
export const walletHasNoPlace = (address: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM workspace_wallets JOIN accounts USING (account_id)
    WHERE kind = 'neo' AND address = ${address}
      AND workspace_wallets.status = 'verified' AND accounts.status <> 'deleted')`;

export async function loadSettings(
  db: Database,
  accountId: string,
): Promise<SettingsRow | undefined> {
  const [row] = await db
    .select()
    .from(signInSettings)
    .where(eq(signInSettings.accountId, accountId));
  return row;
}

export const saveSettings = (db: Database, row: SettingsRow) =>
  db
    .insert(signInSettings)
    .values(row)
    .onConflictDoUpdate({
      target: signInSettings.accountId,
      set: { forms: row.forms, revision: row.revision, updatedAt: row.updatedAt },
    });

/** True while the settings are still those that were read; revision 0 is "none". */
export const settingsUnchanged = (accountId: string, revision: number): SQL =>
  sql`coalesce((SELECT revision FROM sign_in_settings WHERE account_id = ${accountId}), 0) = ${revision}`;

const HOUR_MS = 3_600_000;

export const insertOpening = (db: Database, row: typeof accountOpenings.$inferSelect) =>
  db.insert(accountOpenings).values(row);

/** True while fewer accounts than allowed were opened from this address within the hour. */
export const openingsBelow = (caller: string, now: number): SQL =>
  sql`(SELECT count(*) FROM account_openings
    WHERE caller = ${caller} AND opened_at > ${now - HOUR_MS})
    < ${LIMITS.accountOpeningsPerHour.value}`;

export const deleteOldOpenings = (db: Database, now: number) =>
  db.delete(accountOpenings).where(lte(accountOpenings.openedAt, now - HOUR_MS));
