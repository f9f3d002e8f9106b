/**
 * What pays for the work of an account: the gas account it has chosen, where work has a price on
 * that network; else `main` of the first network that has one. So nobody works for nothing by
 * choosing a network that is free. Asked of the catalogue only where something has a price.
 */
import { and, eq, or } from 'drizzle-orm';
import { type BookIdentity, MAIN } from '../../core/ledger/book.ts';
import type { PriceList } from '../../core/metering/price-list.ts';
import type { Database } from '../../db/connect.ts';
import type { Settings } from '../../env.ts';
import { type GasAccountRow, gasAccounts, type Terms, termsOf } from '../gasbank/index.ts';
import { pricesOf, readPriceLists } from './price-lists.ts';
import { billingAccounts } from './tables.ts';

export interface PayerDeps {
  readonly db: Database;
  readonly settings: Settings;
  readonly now: number;
}

export interface Payer {
  readonly book: BookIdentity;
  readonly network: string;
  readonly list: PriceList;
  /** Undefined where the account has never opened one: its book has `main` all the same. */
  readonly gasAccount: GasAccountRow | undefined;
  readonly terms: Terms;
}

type HasPrice = (list: PriceList) => boolean;

/** Null where what is asked about costs nothing on any network. */
export async function findPayer(
  deps: PayerDeps,
  accountId: string,
  hasPrice: HasPrice,
): Promise<Payer | null> {
  const priced = await listPriced(deps, hasPrice);
  if (priced.length === 0) return null;
  return choosePayer(accountId, priced, await loadCandidates(deps.db, accountId));
}

interface Priced {
  readonly id: string;
  readonly magic: number;
  readonly list: PriceList;
}

/** In the order of the settings. */
export async function listPriced(deps: PayerDeps, hasPrice: HasPrice): Promise<readonly Priced[]> {
  const lists = await readPriceLists(deps);
  if (lists.size === 0) return [];
  return deps.settings.NEO_NETWORKS.flatMap(({ id, magic }) => {
    const list = pricesOf(lists.get(magic));
    return hasPrice(list) ? [{ id, magic, list }] : [];
  });
}

export interface Candidates {
  /** It may have been closed since. */
  readonly chosen: GasAccountRow | undefined;
  readonly mains: readonly GasAccountRow[];
}

export function choosePayer(
  accountId: string,
  priced: readonly Priced[],
  { chosen, mains }: Candidates,
): Payer | null {
  const isUsable = chosen?.status === 'open';
  const network =
    priced.find(({ magic }) => isUsable && magic === chosen.networkMagic) ?? priced[0];
  if (network === undefined) return null;
  const { id, magic, list } = network;
  const isHere = ({ networkMagic }: GasAccountRow) => networkMagic === magic;
  const gasAccount = isUsable && isHere(chosen) ? chosen : mains.find(isHere);
  const terms = gasAccount === undefined ? MAIN_UNOPENED : termsOf(gasAccount);
  return { book: { magic, owner: accountId }, network: id, list, gasAccount, terms };
}

const MAIN_UNOPENED: Terms = { fund: MAIN, budgets: [], keepAtLeast: 0n };

export async function loadCandidates(db: Database, accountId: string): Promise<Candidates> {
  const rows = await db
    .select({ row: gasAccounts, chosen: billingAccounts.gasAccountId })
    .from(gasAccounts)
    .leftJoin(billingAccounts, eq(billingAccounts.accountId, gasAccounts.accountId))
    .where(
      and(
        eq(gasAccounts.accountId, accountId),
        or(eq(gasAccounts.gasAccountId, billingAccounts.gasAccountId), eq(gasAccounts.fund, MAIN)),
      ),
    );
  return {
    chosen: rows.find(({ row, chosen }) => row.gasAccountId === chosen)?.row,
    mains: rows.flatMap(({ row }) => (row.fund === MAIN ? [row] : [])),
  };
}
