/**
 * Credits that are bought or given, by one way: the row in D1 is the intention and fixes the rate
 * (M17), the book books it under the row's key, and only then it is told: audit line, answer and
 * `booked_at` in one batch. A request that dies in between is finished by the sweep, once, since
 * the book knows the key. What the book refuses leaves no row, so that its rate is not kept for a
 * day when it would be a bargain.
 */
import { and, asc, eq, isNull, lte, type SQL } from 'drizzle-orm';
import { assert } from '../../core/assert.ts';
import type { Command } from '../../core/ledger/commands.ts';
import { formatGas, fromStored } from '../../core/money.ts';
import { ok, type Result } from '../../core/result.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import {
  executeCommand,
  type GasAccountRow,
  loadGasAccount,
  type NoteDeps,
  noteSpending,
  termsOf,
} from '../gasbank/index.ts';
import { LIMITS } from './limits.ts';
import { creditOrders } from './tables.ts';

export type CreditOrderRow = typeof creditOrders.$inferSelect;

const OWNER = 'credits';

const isRow = (row: Pick<CreditOrderRow, 'accountId' | 'networkMagic' | 'orderKey'>) =>
  and(
    eq(creditOrders.accountId, row.accountId),
    eq(creditOrders.networkMagic, row.networkMagic),
    eq(creditOrders.orderKey, row.orderKey),
  );

export async function findOrder(
  db: Database,
  key: Pick<CreditOrderRow, 'accountId' | 'networkMagic' | 'orderKey'>,
): Promise<CreditOrderRow | undefined> {
  const [row] = await db.select().from(creditOrders).where(isRow(key));
  return row;
}

/** The first one under this key, which may have come before; guards refuse it as in any batch. */
export async function placeOrder(
  { env, db }: { readonly env: Env; readonly db: Database },
  row: CreditOrderRow,
  guards: readonly SQL[] = [],
): Promise<CreditOrderRow> {
  const insert = db
    .insert(creditOrders)
    .values(row)
    .onConflictDoNothing({
      target: [creditOrders.accountId, creditOrders.networkMagic, creditOrders.orderKey],
    });
  await runBatch(env.DB, [...guards, insert.getSQL()]);
  return (await findOrder(db, row)) ?? row;
}

export const markBooked = (db: Database, row: CreditOrderRow, now: number) =>
  db
    .update(creditOrders)
    .set({ bookedAt: now })
    .where(and(isRow(row), isNull(creditOrders.bookedAt)));

/** What the order makes of the account's book; repeated, it is the same act. */
export async function carryOut(deps: NoteDeps, row: CreditOrderRow): Promise<Result<null>> {
  const { env, db } = deps;
  const buyer = await loadBuyer(db, row);
  const book = { magic: row.networkMagic, owner: row.accountId };
  const booked = await executeCommand(env, book, commandOf(row, buyer));
  if (!booked.ok) {
    await db.delete(creditOrders).where(and(isRow(row), isNull(creditOrders.bookedAt)));
    return booked;
  }
  if (buyer !== null) await noteSpending(deps, buyer, booked.value.available);
  return ok(null);
}

/** Null for what is given. */
async function loadBuyer(db: Database, row: CreditOrderRow): Promise<GasAccountRow | null> {
  if (row.gasAccountId === null) return null;
  const buyer = await loadGasAccount(db, row.accountId, row.gasAccountId);
  assert(buyer, 'gas accounts are kept for as long as their account');
  return buyer;
}

function commandOf(row: CreditOrderRow, buyer: GasAccountRow | null): Command {
  const { orderKey: id, reason } = row;
  const common = { id, owner: OWNER, amount: fromStored(row.amount) };
  if (buyer === null) {
    const note = reason === null ? {} : { note: reason };
    return { ...common, kind: 'allocate', budgets: [], ...note };
  }
  const creditsPerGas = fromStored(row.creditsPerGas ?? 0);
  return { ...common, kind: 'buy_credits', ...termsOf(buyer), creditsPerGas };
}

/** Rows whose request has died. */
export const listDueOrders = (db: Database, now: number): Promise<CreditOrderRow[]> =>
  db
    .select()
    .from(creditOrders)
    .where(and(isNull(creditOrders.bookedAt), lte(creditOrders.dueAt, now)))
    .orderBy(asc(creditOrders.dueAt))
    .limit(LIMITS.meteringSweepRowsMax.value);

/** What the audit log has of an order. */
export const toldOf = (row: CreditOrderRow) => ({
  accountId: row.accountId,
  target: { kind: 'creditOrder', id: row.orderKey },
  details: {
    network: row.network,
    magic: row.networkMagic,
    amount: formatGas(fromStored(row.amount)),
    ...(row.gasAccountId === null ? {} : { gasAccountId: row.gasAccountId }),
    ...(row.creditsPerGas === null
      ? {}
      : { creditsPerGas: formatGas(fromStored(row.creditsPerGas)) }),
    ...(row.wallet === null ? {} : { wallet: row.wallet }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  },
});
