/** D1 queries of API keys. */
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { PublishableBinding } from '../../core/access.ts';
import type { Database } from '../../db/connect.ts';
import { accounts } from '../accounts/index.ts';
import { apiKeys } from './tables.ts';

export type KeyRow = typeof apiKeys.$inferSelect;

/** Undefined for a key that is a secret. */
export const bindingOf = ({
  policyId,
  origins,
}: Pick<KeyRow, 'policyId' | 'origins'>): PublishableBinding | undefined =>
  policyId === null ? undefined : { policyId, origins: origins ?? [] };

/** The key with what its account says, in one query: what authentication needs. */
export async function loadKeyWithAccount(db: Database, keyId: string) {
  const [row] = await db
    .select({
      key: apiKeys,
      status: accounts.status,
      requestSignatures: accounts.requestSignatures,
    })
    .from(apiKeys)
    .innerJoin(accounts, eq(accounts.accountId, apiKeys.accountId))
    .where(eq(apiKeys.keyId, keyId));
  return row;
}

export async function loadKey(
  db: Database,
  accountId: string,
  keyId: string,
): Promise<KeyRow | undefined> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.keyId, keyId), eq(apiKeys.accountId, accountId)));
  return row;
}

const usableAt = (now: number): SQL =>
  sql`coalesce(revoked_at, ${now} + 1) > ${now} AND coalesce(expires_at, ${now} + 1) > ${now}`;

export interface KeyFilter {
  readonly accountId: string;
  readonly status: 'usable' | 'ended' | undefined;
  readonly now: number;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listKeyRows(db: Database, filter: KeyFilter): Promise<KeyRow[]> {
  const conditions: SQL[] = [eq(apiKeys.accountId, filter.accountId)];
  if (filter.status === 'usable') conditions.push(usableAt(filter.now));
  if (filter.status === 'ended') conditions.push(sql`NOT (${usableAt(filter.now)})`);
  if (filter.before) conditions.push(lt(apiKeys.keyId, filter.before));
  return db
    .select()
    .from(apiKeys)
    .where(and(...conditions))
    .orderBy(desc(apiKeys.keyId))
    .limit(filter.limit);
}

export const insertKey = (db: Database, row: KeyRow) => db.insert(apiKeys).values(row);

export const updateKeyRow = (db: Database, row: KeyRow, changes: Partial<KeyRow>) =>
  db
    .update(apiKeys)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(apiKeys.keyId, row.keyId));

export const keyUnchanged = (row: KeyRow): SQL =>
  sql`(SELECT revision FROM api_keys WHERE key_id = ${row.keyId}) = ${row.revision}`;

/** True while the account has fewer usable keys than its quota. */
export const keysBelow = (accountId: string, limit: number, now: number): SQL =>
  sql`(SELECT count(*) FROM api_keys WHERE account_id = ${accountId} AND ${usableAt(now)}) < ${limit}`;

/** True while the key works and nothing says that it ends before `until`; null is for ever. */
export const keyLastsUntil = (keyId: string, until: number | null, now: number): SQL =>
  sql`(SELECT ${usableAt(now)} AND ${
    until === null ? sql`revoked_at IS NULL` : sql`coalesce(revoked_at, ${until}) >= ${until}`
  } FROM api_keys WHERE key_id = ${keyId})`;

/** At most one write a minute a key, however many isolates see it used. */
export const saveLastUsed = (db: Database, keyId: string, now: number) =>
  db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.keyId, keyId), sql`coalesce(last_used_at, 0) <= ${now - 60_000}`));
