/** What other services may ask of accounts. */
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { preparedOnce } from '../../db/prepared.ts';
import { DEFAULT_QUOTAS, type Quotas, quotaExceeded } from './quotas.ts';
import { accountOpen, endAccount, listEndable, listPurgeable, markPurged } from './store.ts';
import { accounts } from './tables.ts';

export { draftAccount } from './service.ts';

export {
  accountOpen,
  accounts,
  DEFAULT_QUOTAS,
  endAccount,
  listEndable,
  listPurgeable,
  markPurged,
  type Quotas,
  quotaExceeded,
};

/** The account's quotas as they are now. */
export async function loadQuotas(db: Database, accountId: string): Promise<Quotas> {
  const [row] = await db
    .select({ quotas: accounts.quotas })
    .from(accounts)
    .where(eq(accounts.accountId, accountId));
  return { ...DEFAULT_QUOTAS, ...row?.quotas };
}

/** What decides of a request to the account; undefined when there is none. */
export async function loadStanding(db: Database, accountId: string) {
  const [row] = await standingById(db).execute({ accountId });
  return row;
}

const standingById = preparedOnce((db) =>
  db
    .select({ status: accounts.status, requestSignatures: accounts.requestSignatures })
    .from(accounts)
    .where(eq(accounts.accountId, sql.placeholder('accountId')))
    .prepare(),
);
