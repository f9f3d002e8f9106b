/**
 * What a deleted account leaves (money rule M17): it stays the owner's, as `unclaimed:<account>` in
 * the platform's book, never the operator's. Each step is done once by its id, so a sweep that died
 * half-way is followed by one that goes on. A hold is waited for, since only its service ends it.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { available, PLATFORM, unclaimedOf } from '../../core/ledger/book.ts';
import { formatGas } from '../../core/money.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import { tell } from '../../http/outbox.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { bookOf, executeCommand } from './books.ts';
import { type GasAccountRow, listGasAccountsOf } from './store.ts';
import { gasAccounts } from './tables.ts';

const OWNER = 'accounts';
/** What a book answers at once. */
const PAGE_MAX = 500;
const IN_FUNDS = /^(available|reserved|in_transit)\//;

type BookPlace = Pick<GasAccountRow, 'accountId' | 'networkMagic'>;
type BookEnv = Pick<Env, 'ACCOUNT_LEDGER'>;

interface Left {
  /** What can be moved, by fund. */
  readonly funds: ReadonlyMap<string, bigint>;
  /** In every part of every fund. */
  readonly whole: bigint;
  readonly entry: number;
}

async function readLeft(env: BookEnv, { accountId, networkMagic }: BookPlace): Promise<Left> {
  const book = bookOf(env, { magic: networkMagic, owner: accountId });
  const funds = new Map<string, bigint>();
  let whole = 0n;
  let entry = 0;
  let after: string | null = '';
  while (after !== null) {
    const { value: page } = await book.balances({ after, limit: PAGE_MAX });
    for (const { account, balance } of page.items) {
      if (!IN_FUNDS.test(account) || balance === 0n) continue;
      whole += balance;
      const fund = account.slice(account.indexOf('/') + 1);
      if (account === available(fund)) funds.set(fund, balance);
    }
    entry = page.entry;
    after = page.nextAfter;
  }
  return { funds, whole, entry };
}

/** In all books of the account, in datoshi. */
export async function gasLeftOf(env: BookEnv, db: Database, accountId: string): Promise<bigint> {
  const rows = await listGasAccountsOf(db, accountId);
  let left = 0n;
  for (const networkMagic of new Set(rows.map((row) => row.networkMagic)))
    left += (await readLeft(env, { accountId, networkMagic })).whole;
  return left;
}

/** Closed ones too: what came late for them lies in `main`. */
export const purgeGasAccountsOf = (accountId: string, now: number): readonly SQL[] => [
  sql`UPDATE gas_accounts SET status = 'reclaiming', label = NULL, top_up = NULL,
        low_balance = NULL, due_at = ${now} WHERE account_id = ${accountId}`,
];

/** Removes the rows of an account whose records end; what was left lies in the platform's book. */
export const endGasAccountsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM gas_accounts WHERE account_id = ${accountId}`,
];

/** Of the whole book that the row belongs to. */
export async function reclaim(
  { env, db, now }: Pick<RequestContext, 'env' | 'db' | 'now'>,
  { accountId, networkMagic }: BookPlace,
): Promise<void> {
  const left = await readLeft(env, { accountId, networkMagic });
  const book = { magic: networkMagic, owner: accountId };
  for (const [fund, amount] of left.funds) {
    const to = { owner: PLATFORM, fund: unclaimedOf(accountId) };
    // What is read again before it was moved has the same entry, and so the same id and amount.
    const id = `unclaimed:${fund}:${String(left.entry)}`;
    const command = { kind: 'move', owner: OWNER, id, fund, amount, to, budgets: [] } as const;
    const moved = await executeCommand(env, book, command);
    if (moved.ok && !moved.value.isRepeat) await tellMoved(db, now, { ...book, amount });
  }
  // Closed once nothing is held or on its way any more; until then the next sweep looks again.
  const closed = await executeCommand(env, book, {
    kind: 'close_book',
    owner: OWNER,
    id: 'close-book',
  });
  if (!closed.ok) return;
  await db
    .update(gasAccounts)
    .set({ status: 'closed', closedAt: now, updatedAt: now, dueAt: null })
    .where(
      and(
        eq(gasAccounts.accountId, accountId),
        eq(gasAccounts.networkMagic, networkMagic),
        eq(gasAccounts.status, 'reclaiming'),
      ),
    );
}

interface Moved {
  readonly magic: number;
  readonly owner: string;
  readonly amount: bigint;
}

const tellMoved = (db: Database, now: number, { magic, owner, amount }: Moved) =>
  runBatch(db.$client, [
    tell({
      journal: 'operator',
      kind: 'audit',
      body: {
        at: toTimestamp(now),
        actor: { kind: 'system', id: 'sweep' },
        operation: 'gasbank.reclaim',
        outcome: 'ok',
        target: { kind: 'account', id: owner },
        details: { magic, amount: formatGas(amount) },
      },
      now,
    }),
  ]);
