/** D1 queries of accounts. Reads of what was just written go to the primary (db/connect.ts). */
import { and, desc, eq, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { preparedOnce } from '../../db/prepared.ts';
import { LIMITS } from './limits.ts';
import { accounts } from './tables.ts';

export type AccountRow = typeof accounts.$inferSelect;

export async function loadAccount(
  db: Database,
  accountId: string,
): Promise<AccountRow | undefined> {
  const [row] = await byId(db).execute({ accountId });
  return row;
}

const byId = preparedOnce((db) =>
  db
    .select()
    .from(accounts)
    .where(eq(accounts.accountId, sql.placeholder('accountId')))
    .prepare(),
);

export interface AccountFilter {
  readonly status?: AccountRow['status'] | undefined;
  readonly name?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Each filter as a condition; a shape of the list names those that are set. */
const CONDITIONS = {
  status: eq(accounts.status, sql.placeholder('status')),
  name: sql`instr(lower(${accounts.name}), lower(${sql.placeholder('name')})) > 0`,
  before: lt(accounts.accountId, sql.placeholder('before')),
} as const;
const FILTERS = Object.entries(CONDITIONS);

const listing = preparedOnce((db, shape) => {
  const names = shape.split(',');
  return db
    .select()
    .from(accounts)
    .where(and(...FILTERS.flatMap(([name, condition]) => (names.includes(name) ? condition : []))))
    .orderBy(desc(accounts.accountId))
    .limit(sql.placeholder('limit'))
    .prepare();
});

export function listAccountRows(db: Database, filter: AccountFilter): Promise<AccountRow[]> {
  const names = (['status', 'name', 'before'] as const).filter((name) => filter[name]);
  return listing(db, names.join()).execute({ ...filter });
}

export const insertAccount = (db: Database, row: AccountRow) => db.insert(accounts).values(row);

/**
 * Updates the row and raises its revision; the caller's guard makes sure it is the revision that
 * was read.
 */
export const updateAccountRow = (db: Database, row: AccountRow, changes: Partial<AccountRow>) =>
  db
    .update(accounts)
    .set({ ...changes, revision: row.revision + 1 })
    .where(and(eq(accounts.accountId, row.accountId), ne(accounts.status, 'deleted')));

/** True while the row is still the one that was read. */
export const accountUnchanged = (row: AccountRow): SQL =>
  sql`(SELECT revision FROM accounts WHERE account_id = ${row.accountId}) = ${row.revision}`;

/** True while the account can be added to. */
export const accountOpen = (accountId: string): SQL =>
  sql`(SELECT status FROM accounts WHERE account_id = ${accountId}) <> 'deleted'`;

/** Rows past their time of grace, whose data is to be removed. */
export function listPurgeable(db: Database, now: number, limit: number) {
  const deletedBefore = now - LIMITS.accountPurgeAfterDays.value * 86_400_000;
  return db
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(
      and(
        eq(accounts.status, 'deleted'),
        lt(accounts.deletedAt, deletedBefore),
        sql`${accounts.purgedAt} IS NULL`,
      ),
    )
    .limit(limit);
}

/** Purged accounts whose records have been kept for as long as was promised. */
export function listEndable(db: Database, now: number, limit: number) {
  const deletedBefore = now - LIMITS.accountRecordsKeepDays.value * 86_400_000;
  return db
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(
      and(
        eq(accounts.status, 'deleted'),
        lt(accounts.deletedAt, deletedBefore),
        sql`${accounts.purgedAt} IS NOT NULL`,
      ),
    )
    .limit(limit);
}

/** Nothing refers to the row any more; the operators' log tells that it was. */
export const endAccount = (accountId: string): SQL =>
  sql`DELETE FROM accounts WHERE account_id = ${accountId} AND purged_at IS NOT NULL`;

/** The row stays as the record that the account was. */
export const markPurged = (accountId: string, now: number): SQL =>
  sql`UPDATE accounts SET purged_at = ${now}, metadata = '{}', revision = revision + 1
      WHERE account_id = ${accountId} AND purged_at IS NULL`;
