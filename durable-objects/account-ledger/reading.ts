/**
 * What readers are told of a book. Every answer touches as many rows as it tells, however long the
 * book is: balances of the past stand in the lines of the entries, and a time is found among
 * entries, which are in its order, by halving.
 */
import { assert } from '../../worker/core/assert.ts';
import type { Account } from '../../worker/core/ledger/book.ts';
import type {
  BalancePage,
  EntryPage,
  EntryView,
  HoldPage,
  ListEntries,
  ListHolds,
  ReadBalances,
} from './rpc.ts';
import type { Stores } from './turn.ts';

const ITEMS_MAX = 500;

function assertPage(limit: number): void {
  assert(Number.isInteger(limit) && limit > 0 && limit <= ITEMS_MAX, 'a page has 1 to 500 items');
}

export function readBalances(
  { entries }: Stores,
  { at, accounts, after = '', limit }: ReadBalances,
): BalancePage {
  assertPage(limit);
  const last = entries.lastEntry().number;
  const entry =
    at === undefined ? last : Math.min(last, 'entry' in at ? at.entry : entryAt(entries, at.time));
  if (accounts !== undefined) {
    assert(accounts.length <= limit, 'the page has room for all accounts that are named');
    const balanceOf = (account: Account) =>
      at === undefined ? entries.balance(account) : entries.balanceAt(account, entry);
    const named = accounts.map((account) => ({ account, balance: balanceOf(account) }));
    return { entry, items: named, nextAfter: null };
  }
  const found =
    at === undefined
      ? entries.listBalances(after, limit + 1)
      : entries.listBalancesAt(entry, { after, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { entry, items, nextAfter: found.length > limit ? (items.at(-1)?.account ?? null) : null };
}

/** The last entry up to this time; 0 before the first. */
function entryAt(entries: Stores['entries'], time: number): number {
  let within = 0;
  let beyond = entries.lastEntry().number + 1;
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    const at = entries.entryTime(middle);
    assert(at !== undefined, 'entries have no gap');
    if (at <= time) within = middle;
    else beyond = middle;
  }
  return within;
}

export function readEntries(
  { entries }: Stores,
  { accounts, before, limit }: ListEntries,
): EntryPage {
  assertPage(limit);
  const below = before ?? Number.MAX_SAFE_INTEGER;
  const found =
    accounts === undefined
      ? entries.listEntries(below, limit + 1)
      : newestOf(accounts.flatMap((account) => entries.listEntriesOf(account, below, limit + 1)));
  const items = found.slice(0, limit);
  return { items, nextBefore: found.length > limit ? (items.at(-1)?.number ?? null) : null };
}

/** Each once: an entry within a fund touches two of its parts. */
const newestOf = (found: readonly EntryView[]): readonly EntryView[] =>
  [...new Map(found.map((entry) => [entry.number, entry])).values()].toSorted(
    (one, other) => other.number - one.number,
  );

export function readOpenHolds({ holds }: Stores, { after = '', limit }: ListHolds): HoldPage {
  assertPage(limit);
  const expiresAt = holds.loadHold(after)?.expiresAt ?? 0;
  const found = holds.listOpen({ expiresAt, key: after }, limit + 1);
  const items = found.slice(0, limit);
  return { items, nextAfter: found.length > limit ? (items.at(-1)?.key ?? null) : null };
}
