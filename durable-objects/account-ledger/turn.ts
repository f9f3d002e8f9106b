/**
 * One command's view of a book: its stores, the time, and whether there is room. A turn lives inside
 * one transaction and awaits nothing. It runs over any SQLite with the statements of `BoundedSql`,
 * so the simulation drives the very code the object runs.
 */
import { assert } from '../../worker/core/assert.ts';
import {
  type BookIdentity,
  isBook,
  isFundName,
  isPlatform,
  MAIN,
} from '../../worker/core/ledger/book.ts';
import type {
  KnownCommand,
  LedgerView,
  Posting,
  Receipt,
} from '../../worker/core/ledger/change.ts';
import type { BookProgress } from '../../worker/core/ledger/checkpoint.ts';
import { LIMITS } from '../../worker/core/ledger/limits.ts';
import { deliverSoon } from '../../worker/core/ledger/notices.ts';
import type { BoundedSql, SqlParameter, SqlRow } from '../bounded-sql.ts';
import { type Book, bookStore } from './book-sql.ts';
import { type EntryDraft, entryStore } from './entries-sql.ts';
import { holdStore } from './holds-sql.ts';
import { moveStore } from './moves-sql.ts';
import type { EntryView, LedgerNotice } from './rpc.ts';

export function ledgerStores(bounded: BoundedSql) {
  const sql = readWhole(bounded);
  return {
    books: bookStore(sql),
    entries: entryStore(sql),
    holds: holdStore(sql),
    moves: moveStore(sql),
  };
}
export type Stores = ReturnType<typeof ledgerStores>;

export interface Turn {
  readonly stores: Stores;
  readonly now: number;
  /** Of the database, against the size of an object; asked only where something new begins. */
  readonly bytes: () => number;
}

/**
 * Every first row here is the only one. A cursor that is read to its end gives its statement back to
 * be used again; one that is left open makes the runtime prepare the next one anew.
 */
const readWhole = (sql: BoundedSql): BoundedSql => ({
  ...sql,
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the row, as `all` does
  first: <Row extends SqlRow>(statement: string, ...parameters: readonly SqlParameter[]) =>
    sql.all<Row>(statement, ...parameters)[0],
});

/** The book of this object, which is made by the first that is told its name. */
export function openBook({ stores, now }: Turn, identity: BookIdentity): Book {
  const known = stores.books.load();
  if (known !== undefined) {
    const { magic, owner } = known.identity;
    const isSame = magic === identity.magic && owner === identity.owner;
    assert(isSame, 'a command was sent to the book of another account or network');
    return known;
  }
  assert(isBook(identity), 'a book is of an account or the platform, on one network');
  stores.books.add(identity, now);
  if (!isPlatform(identity)) stores.books.addFund(MAIN, now);
  const closed = { height: 0, entry: 0 };
  const last = { number: 0, at: 0 };
  return { identity, isClosed: false, closed, chainHeight: 0, last, accounts: 0, fault: null };
}

export const progressOf = ({ closed, chainHeight, last }: Book): BookProgress => ({
  closed,
  chainHeight,
  lastEntry: last.number,
});

export function viewOf({ stores, bytes }: Turn, { identity, isClosed }: Book): LedgerView {
  const { books, entries, holds } = stores;
  return {
    book: identity,
    isClosed,
    isFull: () => bytes() >= LIMITS.ledgerBookBytesMax.value,
    command: (key) => knownCommand(stores, key),
    // The platform's are made by what is put into them.
    fund: (name) =>
      isPlatform(identity) && isFundName(identity, name) ? 'open' : books.loadFund(name),
    openFunds: books.countOpenFunds,
    balance: remembered((account) => entries.balance(account)),
    hold: (key) => holds.loadHold(key),
    used: (counter) => holds.used(counter),
    watchedSince: books.loadWatch,
    hasGas: entries.hasGas,
  };
}

/** Within a turn, before anything is posted. */
function remembered<Key, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

function knownCommand({ entries }: Stores, key: string): KnownCommand | undefined {
  const stored = entries.loadCommand(key);
  if (stored === undefined || stored.kind === 'taken' || stored.kind === 'refused')
    return undefined;
  const { body, kind, closedHeight: _closedHeight, ...receipt } = stored;
  const id = key.slice(key.indexOf('/') + 1);
  return { body, receipt: { ...receipt, id, kind } satisfies Receipt };
}

interface Posted {
  readonly kind: EntryView['kind'];
  /** The key of the command that the entries belong to. */
  readonly command: string;
  readonly postings: readonly Posting[];
}

/** Appends the entries, and finds the book balanced after them. */
export function postAll(turn: Turn, book: Book, { kind, command, postings }: Posted): void {
  if (postings.length === 0) return;
  const { last, closed } = book;
  // Entries are in the order of time even when the clock steps back, so a time has one balance.
  const at = Math.max(turn.now, last.at);
  for (const [index, posting] of postings.entries())
    postOne(turn, book, last.number + index + 1, { at, command, kind, ...posting });
  if (book.accounts <= LIMITS.ledgerSumAccountsMax.value) assertBalanced(turn);
  if (last.number === closed.entry) noteChanged(turn, book);
}

function postOne({ stores }: Turn, book: Book, number: number, entry: EntryDraft): void {
  const { entries } = stores;
  if (entries.addEntry(number, entry)) return;
  for (const account of [entry.from, entry.to]) entries.addAccount(book.identity, account);
  assert(entries.addEntry(number, entry), 'an entry is between two accounts');
}

export function assertBalanced({ stores }: Turn): void {
  assert(stores.entries.sumAll() === 0, 'the accounts of the book do not add up to nothing');
}

/** The first that waits is told in a moment; those after it leave with it. */
export function tellNotice(
  { stores: { books }, now }: Pick<Turn, 'stores' | 'now'>,
  notice: Pick<LedgerNotice, 'id' | 'type' | 'dataJson'>,
): void {
  if (books.loadDelivery() === null) books.saveDelivery(deliverSoon(now));
  books.addNotice({ ...notice, at: now });
}

/** So that a proof knows which books to ask, without asking all of them (M11). */
function noteChanged({ stores, now }: Turn, { identity, closed }: Book): void {
  const { magic, owner } = identity;
  tellNotice(
    { stores, now },
    {
      id: `${String(magic)}:${owner}:${String(closed.height)}:changed`,
      type: 'book.changed',
      dataJson: JSON.stringify({ magic, owner, sinceHeight: closed.height }),
    },
  );
}
