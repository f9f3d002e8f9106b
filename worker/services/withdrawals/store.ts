/**
 * D1 queries of withdrawals, and the conditions that keep them whole: every change is made under the
 * revision it was decided on, so of two that were decided on one reading the later one does nothing.
 */
import { and, asc, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { PayoutStatus } from '../../core/withdrawals/status.ts';
import type { Database } from '../../db/connect.ts';
import { workspaceWallets } from '../workspace-wallets/index.ts';
import { resolverPauses, withdrawalApprovals, withdrawalAttempts, withdrawals } from './tables.ts';

export type PayoutRow = typeof withdrawals.$inferSelect;
export type ApprovalRow = typeof withdrawalApprovals.$inferSelect;
export type AttemptRow = typeof withdrawalAttempts.$inferSelect;

/** What somebody approved, and whether it still counts. */
export interface Approval extends Omit<ApprovalRow, 'withdrawalId'> {
  readonly isVerified: boolean;
}

export interface WithdrawalPlace {
  readonly accountId: string;
  readonly withdrawalId: string;
}

export interface Approved {
  readonly row: PayoutRow;
  /** In the order they were given. */
  readonly approvals: readonly Approval[];
}

export async function findPayout(
  db: Database,
  withdrawalId: string,
): Promise<PayoutRow | undefined> {
  const [row] = await db
    .select()
    .from(withdrawals)
    .where(eq(withdrawals.withdrawalId, withdrawalId));
  return row;
}

/** One round trip for both. */
export async function loadWithdrawal(
  db: Database,
  { accountId, withdrawalId }: WithdrawalPlace,
): Promise<Approved | undefined> {
  const [rows, approvals] = await db.batch([
    db
      .select()
      .from(withdrawals)
      .where(and(eq(withdrawals.withdrawalId, withdrawalId), eq(withdrawals.accountId, accountId))),
    db
      .select({
        walletId: withdrawalApprovals.walletId,
        layout: withdrawalApprovals.layout,
        createdAt: withdrawalApprovals.createdAt,
        status: workspaceWallets.status,
      })
      .from(withdrawalApprovals)
      .leftJoin(
        workspaceWallets,
        and(
          eq(workspaceWallets.walletId, withdrawalApprovals.walletId),
          eq(workspaceWallets.accountId, accountId),
        ),
      )
      .where(eq(withdrawalApprovals.withdrawalId, withdrawalId))
      .orderBy(asc(withdrawalApprovals.createdAt)),
  ]);
  const [row] = rows;
  return (
    row && {
      row,
      approvals: approvals.map(({ status, ...given }) => ({
        ...given,
        isVerified: status === 'verified',
      })),
    }
  );
}

export async function loadByRequest(
  db: Database,
  {
    accountId,
    networkMagic,
    requestId,
  }: Pick<PayoutRow, 'accountId' | 'networkMagic' | 'requestId'>,
): Promise<PayoutRow | undefined> {
  const [row] = await db
    .select()
    .from(withdrawals)
    .where(
      and(
        eq(withdrawals.accountId, accountId),
        eq(withdrawals.networkMagic, networkMagic),
        eq(withdrawals.requestId, requestId),
      ),
    );
  return row;
}

export interface PayoutFilter {
  /** Of all accounts when undefined. */
  readonly accountId: string | undefined;
  readonly status: PayoutStatus | undefined;
  readonly gasAccountId?: string | undefined;
  readonly network?: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listPayouts(db: Database, filter: PayoutFilter): Promise<PayoutRow[]> {
  const conditions: SQL[] = [];
  if (filter.accountId) conditions.push(eq(withdrawals.accountId, filter.accountId));
  if (filter.status) conditions.push(eq(withdrawals.status, filter.status));
  if (filter.gasAccountId) conditions.push(eq(withdrawals.gasAccountId, filter.gasAccountId));
  if (filter.network) conditions.push(eq(withdrawals.network, filter.network));
  if (filter.before) conditions.push(lt(withdrawals.withdrawalId, filter.before));
  return db
    .select()
    .from(withdrawals)
    .where(and(...conditions))
    .orderBy(desc(withdrawals.withdrawalId))
    .limit(filter.limit);
}

/** What the sweep has to look at, longest due first. */
export async function listDue(
  db: Database,
  { now, route, limit }: { readonly now: number; readonly route: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db
    .select({ withdrawalId: withdrawals.withdrawalId })
    .from(withdrawals)
    .where(
      and(
        lte(withdrawals.dueAt, now),
        sql`${withdrawals.endedAt} IS NULL`,
        sql`${withdrawals.route} = ${route}`,
      ),
    )
    .orderBy(asc(withdrawals.dueAt))
    .limit(limit);
  return rows.map(({ withdrawalId }) => withdrawalId);
}

export const insertPayout = (db: Database, row: PayoutRow) => db.insert(withdrawals).values(row);

const sameRevision = ({ withdrawalId, revision }: PayoutRow): SQL =>
  sql`withdrawal_id = ${withdrawalId} AND revision = ${revision}`;

/** Changes the row as it was read, and nothing else; say in `where` what must hold besides. */
export const updatePayout = (
  db: Database,
  row: PayoutRow,
  changes: Partial<PayoutRow>,
  where?: SQL,
) =>
  db
    .update(withdrawals)
    .set({ ...changes, revision: row.revision + 1 })
    .where(and(sameRevision(row), where));

/** The row after a change that was made; undefined when somebody else was first. */
export async function change(
  db: Database,
  row: PayoutRow,
  changes: Partial<PayoutRow>,
  where?: SQL,
): Promise<PayoutRow | undefined> {
  const [changed] = await updatePayout(db, row, changes, where).returning();
  return changed;
}

export const payoutUnchanged = ({ withdrawalId, revision }: PayoutRow): SQL =>
  sql`(SELECT revision FROM withdrawals WHERE withdrawal_id = ${withdrawalId}) = ${revision}`;

/** For statements that belong to a change of this very row. */
export const payoutAsRead = (row: PayoutRow): SQL => sql`withdrawals WHERE ${sameRevision(row)}`;

export const deleteOpening = (db: Database, row: PayoutRow) =>
  db.delete(withdrawals).where(and(sameRevision(row), eq(withdrawals.status, 'opening')));

export const payoutsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM withdrawals WHERE account_id = ${accountId} AND ended_at IS NULL)
    < ${limit}`;

export const insertApproval = (db: Database, row: ApprovalRow) =>
  db.insert(withdrawalApprovals).values(row);

/** True while so many approvals count: one of a wallet that was removed since does not. */
export const approvalsCounting = ({ withdrawalId, accountId }: PayoutRow, count: number): SQL =>
  sql`(SELECT count(*) FROM withdrawal_approvals AS given
    JOIN workspace_wallets AS wallet ON wallet.wallet_id = given.wallet_id
    WHERE given.withdrawal_id = ${withdrawalId} AND wallet.account_id = ${accountId}
      AND wallet.status = 'verified') = ${count}`;

export const insertAttempt = (
  db: Database,
  { withdrawalId, attempt, sender }: PayoutRow,
  startedAt: number,
) =>
  db
    .insert(withdrawalAttempts)
    .values({
      withdrawalId,
      number: attempt,
      sender,
      outcome: null,
      detail: null,
      hash: null,
      startedAt,
      endedAt: null,
    })
    .onConflictDoNothing();

export interface AttemptEnd {
  readonly outcome: string;
  readonly detail: string | null;
  readonly hash: AttemptRow['hash'];
  readonly endedAt: number;
}

export const endAttempt = (
  db: Database,
  { withdrawalId, attempt }: Pick<PayoutRow, 'withdrawalId' | 'attempt'>,
  end: AttemptEnd,
) =>
  db
    .update(withdrawalAttempts)
    .set(end)
    .where(
      and(
        eq(withdrawalAttempts.withdrawalId, withdrawalId),
        eq(withdrawalAttempts.number, attempt),
        sql`ended_at IS NULL`,
      ),
    );

/** Oldest first; few, since attempts are bounded. Undefined for what the account does not have. */
export async function listAttemptRows(
  db: Database,
  { accountId, withdrawalId }: WithdrawalPlace,
): Promise<AttemptRow[] | undefined> {
  const [known, attempts] = await db.batch([
    db
      .select({ withdrawalId: withdrawals.withdrawalId })
      .from(withdrawals)
      .where(and(eq(withdrawals.withdrawalId, withdrawalId), eq(withdrawals.accountId, accountId))),
    db
      .select()
      .from(withdrawalAttempts)
      .where(eq(withdrawalAttempts.withdrawalId, withdrawalId))
      .orderBy(asc(withdrawalAttempts.number)),
  ]);
  return known.length === 0 ? undefined : attempts;
}

/** Datoshi of the vault's day: what is on its way, and what waits and came before. */
export async function sumsOf(
  db: Database,
  { networkMagic, withdrawalId, kind }: PayoutRow,
): Promise<{ readonly sending: bigint; readonly ahead: bigint }> {
  const [row] = await db
    .select({
      sending: sql<number>`total(amount) FILTER (WHERE status = 'sending')`,
      ahead: sql<number>`total(amount) FILTER (WHERE status = 'ready'
        AND reason = 'day_cap' AND withdrawal_id < ${withdrawalId})`,
    })
    .from(withdrawals)
    .where(
      sql`network_magic = ${networkMagic} AND ended_at IS NULL AND route = 'vault'
        AND (kind = 'refill') = ${kind === 'refill' ? 1 : 0}`,
    );
  return { sending: BigInt(row?.sending ?? 0), ahead: BigInt(row?.ahead ?? 0) };
}

/** True while nothing more than this is on its way to the vault of the network. */
export const sendingIs = ({ networkMagic, kind }: PayoutRow, sum: bigint): SQL =>
  sql`(SELECT total(amount) FROM withdrawals WHERE network_magic = ${networkMagic}
    AND status = 'sending' AND ended_at IS NULL AND route = 'vault'
    AND (kind = 'refill') = ${kind === 'refill' ? 1 : 0}) = ${Number(sum)}`;

/** Releases to this destination that faulted since. */
export async function countFaults(
  db: Database,
  { magic, to, since }: { readonly magic: number; readonly to: ScriptHash; readonly since: number },
): Promise<number> {
  const [row] = await db
    .select({ faults: sql<number>`count(*)` })
    .from(withdrawals)
    .where(
      sql`network_magic = ${magic} AND recipient = ${to} AND reason = 'faulted'
        AND ended_at > ${since}`,
    );
  return row?.faults ?? 0;
}

/** Datoshi that returns of the deposit have cost so far. */
export async function feesOfReturns(db: Database, depositId: string): Promise<bigint> {
  const [row] = await db
    .select({ fees: sql<number>`total(fee)` })
    .from(withdrawals)
    .where(sql`deposit_id = ${depositId} AND kind = 'return' AND status = 'failed'`);
  return BigInt(row?.fees ?? 0);
}

export async function listRefills(
  db: Database,
  platformWalletId: string,
  since: number,
): Promise<readonly Pick<PayoutRow, 'endedAt' | 'createdAt'>[]> {
  return db
    .select({ endedAt: withdrawals.endedAt, createdAt: withdrawals.createdAt })
    .from(withdrawals)
    .where(
      sql`account_id = 'platform' AND kind = 'refill' AND platform_wallet_id = ${platformWalletId}
        AND (ended_at IS NULL OR created_at >= ${since})`,
    );
}

export async function loadResolverPause(db: Database, url: string): Promise<number> {
  const [row] = await db.select().from(resolverPauses).where(eq(resolverPauses.url, url));
  return row?.untilAt ?? 0;
}

export const saveResolverPause = (db: Database, url: string, untilAt: number) =>
  db
    .insert(resolverPauses)
    .values({ url, untilAt })
    .onConflictDoUpdate({
      target: resolverPauses.url,
      set: { untilAt: sql`max(until_at, ${untilAt})` },
    });
