/** D1 queries of secrets. Every one is bound to an account, and each read is a single query. */
import { and, desc, eq, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { accounts } from '../accounts/index.ts';
import { LIMITS } from './limits.ts';
import { accountDataKeys, secrets, secretVersions } from './tables.ts';

export type SecretRow = typeof secrets.$inferSelect;
export type VersionRow = typeof secretVersions.$inferSelect;

const live = (accountId: string, name: string): SQL | undefined =>
  and(eq(secrets.accountId, accountId), eq(secrets.name, name), isNull(secrets.deletedAt));

/**
 * What making a secret must know of its account: quotas, data key, and what the name was used for.
 */
export async function loadPlace(db: Database, accountId: string, name: string) {
  const [row] = await db
    .select({
      quotas: accounts.quotas,
      wrappedKey: accountDataKeys.wrappedKey,
      takenBy: secrets.secretId,
      lastVersion: sql<number>`(SELECT coalesce(max(version), 0) FROM secret_versions
        WHERE account_id = ${accountId} AND name = ${name})`,
    })
    .from(accounts)
    .leftJoin(accountDataKeys, eq(accountDataKeys.accountId, accounts.accountId))
    .leftJoin(secrets, live(accountId, name))
    .where(eq(accounts.accountId, accountId));
  return row;
}

export async function loadSecret(
  db: Database,
  accountId: string,
  name: string,
): Promise<SecretRow | undefined> {
  const [row] = await db.select().from(secrets).where(live(accountId, name));
  return row;
}

export interface SecretFilter {
  readonly accountId: string;
  readonly name?: string | undefined;
  readonly functionId?: string | undefined;
  readonly dueBefore?: number | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listSecretRows(db: Database, filter: SecretFilter): Promise<SecretRow[]> {
  const conditions: (SQL | undefined)[] = [
    eq(secrets.accountId, filter.accountId),
    isNull(secrets.deletedAt),
  ];
  if (filter.name) conditions.push(sql`instr(lower(${secrets.name}), lower(${filter.name})) > 0`);
  if (filter.functionId) conditions.push(grantedTo(filter.functionId));
  if (filter.dueBefore !== undefined) conditions.push(lt(secrets.rotationDueAt, filter.dueBefore));
  if (filter.before) conditions.push(lt(secrets.secretId, filter.before));
  return db
    .select()
    .from(secrets)
    .where(and(...conditions))
    .orderBy(desc(secrets.secretId))
    .limit(filter.limit);
}

const grantedTo = (functionId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM json_each(${secrets.grants}) WHERE value = ${functionId})`;

export const insertSecret = (db: Database, row: SecretRow) => db.insert(secrets).values(row);

export const insertVersion = (db: Database, row: VersionRow) =>
  db.insert(secretVersions).values(row);

export const updateSecretRow = (db: Database, row: SecretRow, changes: Partial<SecretRow>) =>
  db
    .update(secrets)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(secrets.secretId, row.secretId));

/** True while the secret is as it was read, and still there. */
export const secretUnchanged = (row: SecretRow): SQL =>
  sql`(SELECT revision FROM secrets WHERE secret_id = ${row.secretId} AND deleted_at IS NULL) = ${row.revision}`;

/** True while the account has fewer secrets than its quota. */
export const secretsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM secrets WHERE account_id = ${accountId} AND deleted_at IS NULL) < ${limit}`;

interface Replacement {
  readonly usableUntil: number;
  readonly now: number;
}

/**
 * Gives the current version its last day, ends the oldest beyond the bound, and erases every
 * version whose window is over: with no grace asked for, a replaced value is gone in the same
 * batch.
 */
export function endVersions(row: SecretRow, { usableUntil, now }: Replacement): readonly SQL[] {
  const ofName = sql`account_id = ${row.accountId} AND name = ${row.name}`;
  const oldestKept = row.currentVersion + 2 - LIMITS.secretVersionsUsableMax.value;
  return [
    sql`UPDATE secret_versions SET usable_until = ${usableUntil}
        WHERE ${ofName} AND version = ${row.currentVersion}`,
    sql`UPDATE secret_versions SET usable_until = min(usable_until, ${now})
        WHERE ${ofName} AND version < ${oldestKept} AND erased_at IS NULL`,
    sql`UPDATE secret_versions SET sealed = NULL, erased_at = ${now}
        WHERE ${ofName} AND usable_until <= ${now} AND erased_at IS NULL`,
  ];
}

/** Every value of the secret, the current one too. */
export const eraseVersions = (row: SecretRow, now: number): SQL =>
  sql`UPDATE secret_versions SET sealed = NULL, erased_at = ${now},
        usable_until = min(coalesce(usable_until, ${now}), ${now})
      WHERE account_id = ${row.accountId} AND name = ${row.name} AND erased_at IS NULL`;

export interface VersionFilter {
  readonly accountId: string;
  readonly name: string;
  readonly before: number | undefined;
  readonly limit: number;
}

const versionColumns = {
  version: secretVersions.version,
  createdBy: secretVersions.createdBy,
  createdAt: secretVersions.createdAt,
  usableUntil: secretVersions.usableUntil,
  erasedAt: secretVersions.erasedAt,
};

/**
 * Undefined when there is no such secret; versions of an earlier secret of the same name are not
 * its own.
 */
export async function listVersionRows(db: Database, filter: VersionFilter) {
  const joined = and(
    eq(secretVersions.accountId, secrets.accountId),
    eq(secretVersions.name, secrets.name),
    eq(secretVersions.secretId, secrets.secretId),
    filter.before === undefined ? undefined : lt(secretVersions.version, filter.before),
  );
  const rows = await db
    .select({ secretId: secrets.secretId, version: versionColumns })
    .from(secrets)
    .leftJoin(secretVersions, joined)
    .where(live(filter.accountId, filter.name))
    .orderBy(desc(secretVersions.version))
    .limit(filter.limit);
  if (rows.length === 0) return undefined;
  return rows.map(({ version }) => version).filter((version) => version !== null);
}

/** The current versions of the named secrets, with whether the function may have them. */
export function loadSealed(
  db: Database,
  request: {
    readonly accountId: string;
    readonly functionId: string;
    readonly names: readonly string[];
  },
) {
  return db
    .select({
      name: secrets.name,
      version: secrets.currentVersion,
      granted: sql<number>`${grantedTo(request.functionId)}`,
      sealed: secretVersions.sealed,
      wrappedKey: accountDataKeys.wrappedKey,
    })
    .from(secrets)
    .innerJoin(
      secretVersions,
      and(
        eq(secretVersions.accountId, secrets.accountId),
        eq(secretVersions.name, secrets.name),
        eq(secretVersions.version, secrets.currentVersion),
      ),
    )
    .innerJoin(accountDataKeys, eq(accountDataKeys.accountId, secrets.accountId))
    .where(
      and(
        eq(secrets.accountId, request.accountId),
        isNull(secrets.deletedAt),
        sql`${secrets.name} IN (SELECT value FROM json_each(${JSON.stringify(request.names)}))`,
      ),
    );
}

export interface VersionReference {
  readonly name: string;
  readonly version: number;
}

/** Versions that still open at `now`; the others are left out. */
export function loadSealedVersions(
  db: Database,
  accountId: string,
  wanted: { readonly versions: readonly VersionReference[]; readonly now: number },
) {
  return db
    .select({
      name: secretVersions.name,
      version: secretVersions.version,
      sealed: secretVersions.sealed,
      wrappedKey: accountDataKeys.wrappedKey,
    })
    .from(secretVersions)
    .innerJoin(accountDataKeys, eq(accountDataKeys.accountId, secretVersions.accountId))
    .where(
      and(
        eq(secretVersions.accountId, accountId),
        sql`(${secretVersions.name}, ${secretVersions.version}) IN (
          SELECT value ->> 'name', value ->> 'version' FROM json_each(${JSON.stringify(wanted.versions)}))`,
        sql`coalesce(${secretVersions.usableUntil}, ${wanted.now} + 1) > ${wanted.now}`,
        sql`${secretVersions.sealed} IS NOT NULL`,
      ),
    );
}
