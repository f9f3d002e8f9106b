/** D1 queries of sessions, and the conditions that guard what rests on one. */
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { LIMITS } from '../../core/sessions/limits.ts';
import type { Database } from '../../db/connect.ts';
import { accounts } from '../accounts/index.ts';
import { type END_REASONS, sessions } from './tables.ts';

export type SessionRow = typeof sessions.$inferSelect;
export type EndReason = (typeof END_REASONS)[number];

/**
 * The wallet of the session is still a verified one of its account. A wallet that is removed takes
 * its sessions with it, also when the same address is added again.
 */
const walletStands: SQL<number> = sql`EXISTS (SELECT 1 FROM workspace_wallets
  WHERE workspace_wallets.wallet_id = ${sessions.walletId}
    AND workspace_wallets.account_id = ${sessions.accountId}
    AND workspace_wallets.status = 'verified')`;

/** The session with what it rests on, in one query. */
export async function loadSessionWithAccount(db: Database, sessionId: string) {
  const [row] = await db
    .select({
      session: sessions,
      status: accounts.status,
      requestSignatures: accounts.requestSignatures,
      walletStands,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.accountId, sessions.accountId))
    .where(eq(sessions.sessionId, sessionId));
  return row && { ...row, walletStands: row.walletStands === 1 };
}

export async function loadSession(
  db: Database,
  accountId: string,
  sessionId: string,
): Promise<SessionRow | undefined> {
  const [row] = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.sessionId, sessionId), eq(sessions.accountId, accountId)));
  return row;
}

const openAt = (now: number): SQL => sql`ended_at IS NULL AND expires_at > ${now}`;

export interface SessionFilter {
  readonly accountId: string;
  readonly status: 'open' | 'ended' | undefined;
  readonly now: number;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listSessionRows(db: Database, filter: SessionFilter): Promise<SessionRow[]> {
  const conditions: SQL[] = [eq(sessions.accountId, filter.accountId)];
  if (filter.status === 'open') conditions.push(openAt(filter.now));
  if (filter.status === 'ended') conditions.push(sql`NOT (${openAt(filter.now)})`);
  if (filter.before) conditions.push(lt(sessions.sessionId, filter.before));
  return db
    .select()
    .from(sessions)
    .where(and(...conditions))
    .orderBy(desc(sessions.sessionId))
    .limit(filter.limit);
}

export const insertSession = (db: Database, row: SessionRow) => db.insert(sessions).values(row);

/** Makes room for one more: the sessions opened longest ago end first. */
export const displaceOldest = (accountId: string, now: number): SQL =>
  sql`UPDATE sessions SET ended_at = ${now}, expires_at = ${now}, end_reason = 'displaced' WHERE session_id IN
    (SELECT session_id FROM sessions WHERE account_id = ${accountId} AND ${openAt(now)}
      ORDER BY session_id DESC LIMIT -1 OFFSET ${LIMITS.sessionsPerAccountMax.value - 1})`;

export const endSession = (sessionId: string, now: number, reason: EndReason): SQL =>
  sql`UPDATE sessions SET ended_at = ${now}, end_reason = ${reason},
    expires_at = min(expires_at, ${now})
    WHERE session_id = ${sessionId} AND ended_at IS NULL`;

export const rotateSession = (
  row: Pick<SessionRow, 'sessionId' | 'refreshHash' | 'refreshedAt' | 'expiresAt'>,
): SQL =>
  sql`UPDATE sessions SET refresh_hash = ${row.refreshHash}, refreshed_at = ${row.refreshedAt},
    expires_at = ${row.expiresAt} WHERE session_id = ${row.sessionId}`;

/** True while the session is open and its last refresh token is the one that was read. */
export const refreshUnused = (row: SessionRow, now: number): SQL =>
  sql`(SELECT refresh_hash = ${row.refreshHash} AND ${openAt(now)} FROM sessions
    WHERE session_id = ${row.sessionId})`;

/** True while the session is open and its wallet stands. */
export const sessionUsable = (sessionId: string, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM sessions WHERE session_id = ${sessionId} AND ${openAt(now)}
    AND ${walletStands})`;

/** Removes what ended long enough ago; bounded, the rest goes with the next sweep. */
export const deleteLongEnded = (db: Database, now: number, limit: number) => {
  const before = now - LIMITS.endedSessionDays.value * 86_400_000;
  return db.run(sql`DELETE FROM sessions WHERE session_id IN
    (SELECT session_id FROM sessions WHERE expires_at <= ${before} LIMIT ${limit})`);
};
