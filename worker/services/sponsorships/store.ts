/**
 * D1 queries of sponsorships, and the conditions that keep them whole. What is in D1 is what is
 * intended; whether it is paid for, the book of the account says.
 */
import { and, asc, desc, eq, getTableColumns, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { SponsorshipStatus } from '../../core/sponsorships/status.ts';
import type { Database } from '../../db/connect.ts';
import { sponsorshipSessions, sponsorships } from './tables.ts';

export type SponsorshipRow = typeof sponsorships.$inferSelect;
export type UserSessionRow = typeof sponsorshipSessions.$inferSelect;

const {
  unsigned: _unsigned,
  invocation: _invocation,
  verification: _verification,
  ...LISTED
} = getTableColumns(sponsorships);
/** Without what is large and no list shows. */
export type ListedSponsorship = Omit<SponsorshipRow, 'unsigned' | 'invocation' | 'verification'>;

export interface SponsorshipPlace {
  readonly accountId: string;
  readonly sponsorshipId: string;
}

/** Of whichever account; for what the platform itself tells of it. */
export async function findSponsorship(
  db: Database,
  sponsorshipId: string,
): Promise<SponsorshipRow | undefined> {
  const [row] = await db
    .select()
    .from(sponsorships)
    .where(eq(sponsorships.sponsorshipId, sponsorshipId));
  return row;
}

export async function loadSponsorship(
  db: Database,
  { accountId, sponsorshipId }: SponsorshipPlace,
): Promise<SponsorshipRow | undefined> {
  const row = await findSponsorship(db, sponsorshipId);
  return row?.accountId === accountId ? row : undefined;
}

/** Of one or none. */
export const byRequestQuery = (db: Database, accountId: string, requestId: string) =>
  db
    .select()
    .from(sponsorships)
    .where(and(eq(sponsorships.accountId, accountId), eq(sponsorships.requestId, requestId)));

export interface SponsorshipFilter {
  readonly accountId: string;
  readonly status: SponsorshipStatus | undefined;
  readonly policyId: string | undefined;
  readonly network: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listSponsorshipRows(
  db: Database,
  filter: SponsorshipFilter,
): Promise<ListedSponsorship[]> {
  const conditions: SQL[] = [eq(sponsorships.accountId, filter.accountId)];
  if (filter.status) conditions.push(eq(sponsorships.status, filter.status));
  if (filter.policyId) conditions.push(eq(sponsorships.policyId, filter.policyId));
  if (filter.network) conditions.push(eq(sponsorships.network, filter.network));
  if (filter.before) conditions.push(lt(sponsorships.sponsorshipId, filter.before));
  return db
    .select(LISTED)
    .from(sponsorships)
    .where(and(...conditions))
    .orderBy(desc(sponsorships.sponsorshipId))
    .limit(filter.limit);
}

export const insertSponsorship = (db: Database, row: SponsorshipRow) =>
  db.insert(sponsorships).values(row);

/** Guard it with `sponsorshipUnchanged`, or say in `where` what must still hold. */
export const updateSponsorship = (
  db: Database,
  { sponsorshipId }: Pick<SponsorshipRow, 'sponsorshipId'>,
  changes: Partial<SponsorshipRow>,
  where?: SQL,
) =>
  db
    .update(sponsorships)
    .set({ ...changes, revision: sql`revision + 1` })
    .where(and(eq(sponsorships.sponsorshipId, sponsorshipId), where));

export const sponsorshipUnchanged = ({ sponsorshipId, revision }: SponsorshipRow): SQL =>
  sql`(SELECT revision FROM sponsorships WHERE sponsorship_id = ${sponsorshipId}) = ${revision}`;

export const isSending: SQL = eq(sponsorships.status, 'sending');

/** What the sweep has to look at, longest due first. */
export async function listDue(
  db: Database,
  now: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .select({ sponsorshipId: sponsorships.sponsorshipId })
    .from(sponsorships)
    .where(lte(sponsorships.dueAt, now))
    .orderBy(asc(sponsorships.dueAt))
    .limit(limit);
  return rows.map(({ sponsorshipId }) => sponsorshipId);
}

export const deleteSponsorship = (db: Database, { sponsorshipId, dueAt }: SponsorshipRow) =>
  db
    .delete(sponsorships)
    .where(and(eq(sponsorships.sponsorshipId, sponsorshipId), eq(sponsorships.dueAt, dueAt)));

/** Datoshi that each sponsor wallet may still owe to what its sender does not have yet. */
export async function loadWaiting(
  db: Database,
  walletIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await db.all<{ wallet: string; datoshi: number }>(
    sql`SELECT sponsor_wallet_id AS wallet, sum(system_fee + network_fee) AS datoshi
      FROM sponsorships
      WHERE sponsor_wallet_id IN (SELECT value FROM json_each(${JSON.stringify(walletIds)}))
        AND handed_at IS NULL AND ended_at IS NULL
        AND (status <> 'prepared' OR expires_at > ${now})
      GROUP BY sponsor_wallet_id`,
  );
  return new Map(rows.map(({ wallet, datoshi }) => [wallet, BigInt(datoshi)]));
}

export const insertUserSession = (db: Database, row: UserSessionRow) =>
  db.insert(sponsorshipSessions).values(row);

export interface UserSessionPlace {
  readonly tokenHash: string;
  readonly accountId: string;
  readonly policyId: string;
  readonly signer: ScriptHash;
  readonly now: number;
}

export async function hasUserSession(db: Database, place: UserSessionPlace): Promise<boolean> {
  const [row] = await db
    .select()
    .from(sponsorshipSessions)
    .where(eq(sponsorshipSessions.tokenHash, place.tokenHash));
  return (
    row !== undefined &&
    row.accountId === place.accountId &&
    row.policyId === place.policyId &&
    row.signer === place.signer &&
    row.expiresAt > place.now
  );
}

/** Removes sessions that have ended; bounded, the rest goes with the next sweep. */
export const deleteEndedSessions = (db: Database, now: number, limit: number) =>
  db.run(sql`DELETE FROM sponsorship_sessions WHERE token_hash IN
    (SELECT token_hash FROM sponsorship_sessions WHERE expires_at <= ${now} LIMIT ${limit})`);
