/** D1 queries of functions and versions. */
import { and, desc, eq, getTableColumns, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../../core/access.ts';
import type { Database } from '../../db/connect.ts';
import { functions, functionVersions } from './tables.ts';

export type FunctionRow = typeof functions.$inferSelect;
export type VersionRow = typeof functionVersions.$inferSelect;
/** A version as lists show it. */
export type VersionSummary = Omit<VersionRow, 'source'>;

const active = alias(functionVersions, 'active');
const latest = alias(functionVersions, 'latest');

const { source: _, ...summary } = getTableColumns(functionVersions);
const { source: _active, ...activeSummary } = getTableColumns(active);
const { source: _latest, ...latestSummary } = getTableColumns(latest);

export interface FunctionWithVersions {
  readonly row: FunctionRow;
  readonly active: VersionSummary | null;
  readonly latest: VersionSummary;
}

const selectFunctions = (db: Database) =>
  db
    .select({ row: functions, active: activeSummary, latest: latestSummary })
    .from(functions)
    .innerJoin(latest, eq(latest.versionId, functions.latestVersionId))
    .leftJoin(active, eq(active.versionId, functions.activeVersionId));

const live = (accountId: string, functionId: string): SQL | undefined =>
  and(
    eq(functions.functionId, functionId),
    eq(functions.accountId, accountId),
    isNull(functions.deletedAt),
  );

export async function loadFunction(
  db: Database,
  accountId: string,
  functionId: string,
): Promise<FunctionWithVersions | undefined> {
  const [found] = await selectFunctions(db).where(live(accountId, functionId));
  return found;
}

export interface FunctionFilter {
  readonly accountId: string;
  readonly name: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listFunctionRows(
  db: Database,
  filter: FunctionFilter,
): Promise<FunctionWithVersions[]> {
  const conditions = [eq(functions.accountId, filter.accountId), isNull(functions.deletedAt)];
  if (filter.name) conditions.push(eq(functions.liveName, filter.name));
  if (filter.before) conditions.push(lt(functions.functionId, filter.before));
  return selectFunctions(db)
    .where(and(...conditions))
    .orderBy(desc(functions.functionId))
    .limit(filter.limit);
}

export interface VersionFilter {
  readonly accountId: string;
  readonly functionId: string;
  readonly state: VersionRow['state'] | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Undefined when the function is not there; both questions are one round trip. */
export async function listVersionRows(
  db: Database,
  filter: VersionFilter,
): Promise<VersionSummary[] | undefined> {
  const conditions = [
    eq(functionVersions.functionId, filter.functionId),
    eq(functionVersions.accountId, filter.accountId),
  ];
  if (filter.state) conditions.push(eq(functionVersions.state, filter.state));
  if (filter.before) conditions.push(lt(functionVersions.versionId, filter.before));
  const [owners, rows] = await db.batch([
    db
      .select({ functionId: functions.functionId })
      .from(functions)
      .where(live(filter.accountId, filter.functionId)),
    db
      .select(summary)
      .from(functionVersions)
      .where(and(...conditions))
      .orderBy(desc(functionVersions.versionId))
      .limit(filter.limit),
  ]);
  return owners.length === 0 ? undefined : rows;
}

/** The version with its source, of a function that is there. */
export async function loadLiveVersion(
  db: Database,
  key: { readonly accountId: string; readonly functionId: string; readonly versionId: string },
): Promise<VersionRow | undefined> {
  const [row] = await db
    .select(getTableColumns(functionVersions))
    .from(functionVersions)
    .innerJoin(functions, eq(functions.functionId, functionVersions.functionId))
    .where(
      and(
        live(key.accountId, key.functionId),
        eq(functionVersions.versionId, key.versionId),
        eq(functionVersions.accountId, key.accountId),
      ),
    );
  return row;
}

export async function loadVersion(
  db: Database,
  accountId: string,
  versionId: string,
): Promise<VersionRow | undefined> {
  const [row] = await db
    .select()
    .from(functionVersions)
    .where(
      and(eq(functionVersions.versionId, versionId), eq(functionVersions.accountId, accountId)),
    );
  return row;
}

/** Asked of the store and not of an isolate's memory: deploying changes it. */
export async function loadGasScopes(
  db: Database,
  accountId: string,
  versionId: string,
): Promise<readonly Scope[]> {
  const [row] = await db
    .select({ gasScopes: functionVersions.gasScopes })
    .from(functionVersions)
    .where(
      and(eq(functionVersions.versionId, versionId), eq(functionVersions.accountId, accountId)),
    );
  return row?.gasScopes ?? [];
}

/** The version that has this content already: versions are content-addressed. */
export async function loadVersionByContent(
  db: Database,
  functionId: string,
  codeHash: string,
): Promise<VersionSummary | undefined> {
  const [row] = await db
    .select(summary)
    .from(functionVersions)
    .where(
      and(eq(functionVersions.functionId, functionId), eq(functionVersions.codeHash, codeHash)),
    );
  return row;
}

export const insertFunction = (db: Database, row: FunctionRow) => db.insert(functions).values(row);

export const insertVersion = (db: Database, row: VersionRow) =>
  db.insert(functionVersions).values(row);

export const updateFunctionRow = (db: Database, row: FunctionRow, changes: Partial<FunctionRow>) =>
  db
    .update(functions)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(functions.functionId, row.functionId));

export const updateVersionState = (
  db: Database,
  versionId: string,
  changes: Pick<VersionRow, 'state' | 'failure' | 'runtimeVersion' | 'gasScopes'>,
) => db.update(functionVersions).set(changes).where(eq(functionVersions.versionId, versionId));

export const functionUnchanged = (row: FunctionRow): SQL =>
  sql`(SELECT revision FROM functions WHERE function_id = ${row.functionId}) = ${row.revision}`;

export const functionsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM functions WHERE account_id = ${accountId} AND deleted_at IS NULL) < ${limit}`;

export const versionsBelow = (functionId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM function_versions WHERE function_id = ${functionId}) < ${limit}`;

/** What a run needs to know first: one small row; the version itself is cached by its id. */
export async function loadRunnable(db: Database, accountId: string, functionId: string) {
  const rows = await db.all<{
    active_version_id: string | null;
    quotas: string;
  }>(sql`SELECT f.active_version_id, a.quotas FROM functions f
    JOIN accounts a ON a.account_id = f.account_id
    WHERE f.function_id = ${functionId} AND f.account_id = ${accountId} AND f.deleted_at IS NULL`);
  return rows[0];
}
