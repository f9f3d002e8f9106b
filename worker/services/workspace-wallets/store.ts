/**
 * D1 queries of workspace wallets, and the conditions that keep a policy whole: D1 has one writer
 * and a batch is atomic, so of a removal and a policy that names the wallet, the later one fails
 * its guard.
 */
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Policy } from '../../core/wallets/policy.ts';
import type { Database } from '../../db/connect.ts';
import { walletApprovals, walletPolicies, workspaceWallets } from './tables.ts';

export type WalletRow = typeof workspaceWallets.$inferSelect;
export type PolicyRow = typeof walletPolicies.$inferSelect;
export type ApprovalRow = typeof walletApprovals.$inferSelect;

export async function loadWallet(
  db: Database,
  accountId: string,
  walletId: string,
): Promise<WalletRow | undefined> {
  const [row] = await db
    .select()
    .from(workspaceWallets)
    .where(and(eq(workspaceWallets.walletId, walletId), eq(workspaceWallets.accountId, accountId)));
  return row;
}

export interface WalletFilter {
  readonly accountId: string;
  readonly kind: WalletRow['kind'] | undefined;
  readonly status: WalletRow['status'] | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listWalletRows(db: Database, filter: WalletFilter): Promise<WalletRow[]> {
  const conditions: SQL[] = [eq(workspaceWallets.accountId, filter.accountId)];
  if (filter.kind) conditions.push(eq(workspaceWallets.kind, filter.kind));
  if (filter.status) conditions.push(eq(workspaceWallets.status, filter.status));
  if (filter.before) conditions.push(lt(workspaceWallets.walletId, filter.before));
  return db
    .select()
    .from(workspaceWallets)
    .where(and(...conditions))
    .orderBy(desc(workspaceWallets.walletId))
    .limit(filter.limit);
}

export const insertWallet = (db: Database, row: WalletRow) =>
  db.insert(workspaceWallets).values(row);

export const updateWalletRow = (db: Database, row: WalletRow, changes: Partial<WalletRow>) =>
  db
    .update(workspaceWallets)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(workspaceWallets.walletId, row.walletId));

export const deleteWalletRow = (db: Database, row: WalletRow) =>
  db.delete(workspaceWallets).where(eq(workspaceWallets.walletId, row.walletId));

export const walletUnchanged = (row: WalletRow): SQL =>
  sql`(SELECT revision FROM workspace_wallets WHERE wallet_id = ${row.walletId}) = ${row.revision}`;

export const walletsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM workspace_wallets WHERE account_id = ${accountId}) < ${limit}`;

export async function loadPolicy(db: Database, accountId: string): Promise<PolicyRow | undefined> {
  const [row] = await db
    .select()
    .from(walletPolicies)
    .where(eq(walletPolicies.accountId, accountId));
  return row;
}

/** Of these ids the wallets that exist in the account; the list is one bound parameter. */
export const listMembers = (db: Database, accountId: string, walletIds: readonly string[]) =>
  db
    .select({ walletId: workspaceWallets.walletId, status: workspaceWallets.status })
    .from(workspaceWallets)
    .where(and(eq(workspaceWallets.accountId, accountId), isOneOf(walletIds)));

/** Ids of all that can approve. */
export async function listVerified(db: Database, accountId: string): Promise<readonly string[]> {
  const rows = await db
    .select({ walletId: workspaceWallets.walletId })
    .from(workspaceWallets)
    .where(and(eq(workspaceWallets.accountId, accountId), eq(workspaceWallets.status, 'verified')));
  return rows.map(({ walletId }) => walletId);
}

/** Their addresses. A purge keeps them, so those of a deleted account are told too. */
export async function listVerifiedNeo(db: Database, accountId: string): Promise<readonly string[]> {
  const rows = await db
    .select({ address: workspaceWallets.address })
    .from(workspaceWallets)
    .where(
      and(
        eq(workspaceWallets.accountId, accountId),
        eq(workspaceWallets.kind, 'neo'),
        eq(workspaceWallets.status, 'verified'),
      ),
    );
  return rows.map(({ address }) => address);
}

export const isVerified = (accountId: string, walletId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM workspace_wallets
    WHERE wallet_id = ${walletId} AND account_id = ${accountId} AND status = 'verified')`;

export const savePolicy = (db: Database, row: PolicyRow) =>
  db
    .insert(walletPolicies)
    .values(row)
    .onConflictDoUpdate({
      target: walletPolicies.accountId,
      set: {
        threshold: row.threshold,
        members: row.members,
        revision: row.revision,
        updatedAt: row.updatedAt,
      },
    });

/** True while the policy is still the one that was read; revision 0 is "none". */
export const policyUnchanged = (accountId: string, revision: number): SQL =>
  sql`coalesce((SELECT revision FROM wallet_policies WHERE account_id = ${accountId}), 0) = ${revision}`;

/** True while every member exists and enough of them are verified. */
export const membersWhole = (accountId: string, { members, threshold }: Policy): SQL =>
  sql`(SELECT count(*) = ${members.length} AND total(status = 'verified') >= ${threshold}
    FROM workspace_wallets WHERE account_id = ${accountId} AND ${isOneOf(members)})`;

/** True while no policy names the wallet. */
export const notMember = (accountId: string, walletId: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM wallet_policies, json_each(wallet_policies.members)
    WHERE account_id = ${accountId} AND json_each.value = ${walletId})`;

const isOneOf = (walletIds: readonly string[]): SQL =>
  sql`wallet_id IN (SELECT value FROM json_each(${JSON.stringify(walletIds)}))`;

export const saveApproval = (db: Database, row: ApprovalRow) =>
  db
    .insert(walletApprovals)
    .values(row)
    .onConflictDoUpdate({
      target: [walletApprovals.accountId, walletApprovals.digest, walletApprovals.walletId],
      set: { expiresAt: row.expiresAt, layout: row.layout },
    });

const approvedAt = (accountId: string, digest: string, now: number): SQL =>
  sql`account_id = ${accountId} AND digest = ${digest} AND expires_at > ${now}`;

/** The wallets that approve one act. */
export async function listApprovers(
  db: Database,
  act: { readonly accountId: string; readonly digest: string; readonly now: number },
): Promise<readonly string[]> {
  const rows = await db
    .select({ walletId: walletApprovals.walletId })
    .from(walletApprovals)
    .where(approvedAt(act.accountId, act.digest, act.now));
  return rows.map(({ walletId }) => walletId);
}

export interface ApprovalFilter {
  readonly accountId: string;
  readonly now: number;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listApprovalRows(db: Database, filter: ApprovalFilter): Promise<ApprovalRow[]> {
  const conditions: SQL[] = [
    eq(walletApprovals.accountId, filter.accountId),
    sql`expires_at > ${filter.now}`,
  ];
  if (filter.before) conditions.push(lt(walletApprovals.approvalId, filter.before));
  return db
    .select()
    .from(walletApprovals)
    .where(and(...conditions))
    .orderBy(desc(walletApprovals.approvalId))
    .limit(filter.limit);
}

/** Whatever the act was, the approvals of the account that are left are for a policy that is gone. */
export const deleteApprovals = (accountId: string): SQL =>
  sql`DELETE FROM wallet_approvals WHERE account_id = ${accountId}`;
