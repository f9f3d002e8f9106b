/**
 * The price lists as this isolate knows them. An isolate remembers them as it does credentials, so
 * that the hot path of an execution asks no database for what is nearly always "free"; a change
 * holds everywhere within 30 seconds, and at once in the isolate that made it.
 */
import { desc, eq, sql } from 'drizzle-orm';
import { FREE, type PriceList } from '../../core/metering/price-list.ts';
import { fromStored } from '../../core/money.ts';
import type { Database } from '../../db/connect.ts';
import { preparedOnce } from '../../db/prepared.ts';
import { LIMITS } from './limits.ts';
import { priceLists } from './tables.ts';

export type PriceListRow = typeof priceLists.$inferSelect;

/** By magic: a name can come to mean another network (M1). */
type PriceLists = ReadonlyMap<number, PriceListRow>;

let kept: { readonly lists: PriceLists; readonly at: number } | undefined;

/** After a change in this isolate; and for tests, which wipe storage under a living one. */
export function forgetPriceLists(): void {
  kept = undefined;
}

interface Reading {
  readonly db: Database;
  readonly now: number;
}

export async function readPriceLists({ db, now }: Reading): Promise<PriceLists> {
  // The clock can be set back.
  if (kept !== undefined && Math.abs(now - kept.at) < LIMITS.priceListKeptMs.value)
    return kept.lists;
  const rows = await current(db).execute();
  const lists = new Map(rows.map((row) => [row.networkMagic, row]));
  kept = { lists, at: now };
  return lists;
}

const current = preparedOnce((db) =>
  db
    .select()
    .from(priceLists)
    .where(
      sql`${priceLists.version} = (SELECT max(version) FROM price_lists AS later
        WHERE later.network_magic = price_lists.network_magic)`,
    )
    .prepare(),
);

export interface StandingPrices {
  readonly row: PriceListRow;
  /** What was given away by all lists of the network so far, in 10^-8 credits. */
  readonly allocated: number;
}

/** As it is in the store now, for whoever changes it, shows it or buys by it. */
export async function loadPriceList(
  db: Database,
  magic: number,
): Promise<StandingPrices | undefined> {
  const [found] = await latest(db).execute({ magic });
  return found;
}

const latest = preparedOnce((db) =>
  db
    .select({
      row: priceLists,
      allocated: sql<number>`(SELECT coalesce(sum(amount), 0) FROM credit_orders
        WHERE credit_orders.network_magic = price_lists.network_magic
          AND credit_orders.kind = 'initial')`,
    })
    .from(priceLists)
    .where(eq(priceLists.networkMagic, sql.placeholder('magic')))
    .orderBy(desc(priceLists.version))
    .limit(1)
    .prepare(),
);

export const pricesOf = (row: PriceListRow | undefined): PriceList =>
  row === undefined
    ? FREE
    : {
        execution: fromStored(row.execution),
        fuel: fromStored(row.fuel),
        storage: fromStored(row.storage),
      };
