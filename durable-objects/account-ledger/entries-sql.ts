/**
 * The statements of an AccountLedger about accounts, entries and the commands they belong to. An
 * entry is one INSERT; the schema's triggers change both balances and note them in `lines`, so there
 * is no other way to a balance, and any balance of the past is one look-up.
 */

import {
  type Account,
  type BookIdentity,
  mayBeNegative,
  unitOf,
} from '../../worker/core/ledger/book.ts';
import type { Receipt } from '../../worker/core/ledger/change.ts';
import { headingOf } from '../../worker/core/ledger/checkpoint.ts';
import { fromStored, toStored } from '../../worker/core/money.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { EntryView } from './rpc.ts';

type CommandRow = {
  kind: Receipt['kind'] | 'taken' | 'refused';
  body: string;
  at: number;
  last_entry: number;
  gas: number;
  credits: number;
  available: number;
  expires_at: number | null;
  destination: string | null;
  closed_height: number | null;
};

export interface StoredCommand {
  readonly kind: CommandRow['kind'];
  readonly body: string;
  readonly at: number;
  readonly lastEntry: number;
  readonly gas: bigint;
  readonly credits: bigint;
  readonly available: bigint;
  readonly expiresAt: number | null;
  readonly destination: string | null;
  /** Of an arrival from another book: what is answered to it. */
  readonly closedHeight: number | null;
}

export interface EntryDraft {
  readonly at: number;
  /** The key of the command it belongs to. */
  readonly command: string;
  readonly kind: EntryView['kind'];
  readonly from: Account;
  readonly to: Account;
  readonly amount: bigint;
}

type EntryRow = {
  number: number;
  at: number;
  command: string;
  kind: EntryView['kind'];
  from_name: Account;
  to_name: Account;
  amount: number;
  from_balance: number;
  to_balance: number;
  note: string | null;
};

export const entryStore = (sql: BoundedSql) => ({
  ...commandRows(sql),
  ...accountRows(sql),
  ...entryRows(sql),
  ...entryPages(sql),
});

const commandRows = (sql: BoundedSql) => ({
  loadCommand(key: string): StoredCommand | undefined {
    const row = sql.first<CommandRow>(
      `SELECT kind, body, at, last_entry, gas, credits, available, expires_at, destination,
         closed_height FROM commands WHERE key = ?`,
      key,
    );
    return row && toCommand(row);
  },
  addCommand: (key: string, command: StoredCommand, note: string | null): void =>
    sql.write(
      `INSERT INTO commands (key, kind, body, at, last_entry, gas, credits, available,
         expires_at, destination, closed_height, note)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      key,
      command.kind,
      command.body,
      command.at,
      command.lastEntry,
      toStored(command.gas),
      toStored(command.credits),
      toStored(command.available),
      command.expiresAt,
      command.destination,
      command.closedHeight,
      note,
    ),
});

const toCommand = (row: CommandRow): StoredCommand => ({
  kind: row.kind,
  body: row.body,
  at: row.at,
  lastEntry: row.last_entry,
  gas: fromStored(row.gas),
  credits: fromStored(row.credits),
  available: fromStored(row.available),
  expiresAt: row.expires_at,
  destination: row.destination,
  closedHeight: row.closed_height,
});

const accountRows = (sql: BoundedSql) => ({
  balance(account: Account): bigint {
    const row = sql.first<{ balance: number }>(
      'SELECT balance FROM accounts WHERE name = ?',
      account,
    );
    return row === undefined ? 0n : fromStored(row.balance);
  },
  addAccount: (book: BookIdentity, account: Account): void =>
    sql.write(
      `INSERT INTO accounts (name, heading, unit, is_bounded) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      account,
      headingOf(book, account),
      unitOf(account),
      mayBeNegative(account) ? 0 : 1,
    ),
  /** In the parts of any fund. */
  hasGas: (): boolean =>
    sql.first(
      `SELECT 1 AS found FROM accounts WHERE balance <> 0
         AND heading IN ('available', 'reserved', 'in_transit') LIMIT 1`,
    ) !== undefined,
  /** Of both units at once: no entry crosses them, so each adds up if both do. */
  sumAll: (): number =>
    sql.first<{ sum: number | null }>('SELECT SUM(balance) AS sum FROM accounts')?.sum ?? 0,
  /** By heading; the platform's book has one for each kind of fund and each address. */
  listSums: (): { readonly heading: string; readonly sum: bigint }[] =>
    sql
      .all<{ heading: string; sum: number }>(
        'SELECT heading, SUM(balance) AS sum FROM accounts GROUP BY heading ORDER BY heading',
      )
      .map(({ heading, sum }) => ({ heading, sum: fromStored(sum) })),
  listBalances: (
    after: string,
    limit: number,
  ): { readonly account: Account; readonly balance: bigint }[] =>
    sql
      .all<{ name: Account; balance: number }>(
        'SELECT name, balance FROM accounts WHERE name > ? ORDER BY name LIMIT ?',
        after,
        limit,
      )
      .map(({ name, balance }) => ({ account: name, balance: fromStored(balance) })),
  balanceAt: (account: Account, entry: number): bigint =>
    fromStored(
      sql.first<{ balance: number }>(
        `SELECT balance FROM lines WHERE account = (SELECT number FROM accounts WHERE name = ?)
           AND entry <= ? ORDER BY entry DESC LIMIT 1`,
        account,
        entry,
      )?.balance ?? 0,
    ),
  /** As they stood after this entry. */
  listBalancesAt: (
    entry: number,
    { after, limit }: { readonly after: string; readonly limit: number },
  ): { readonly account: Account; readonly balance: bigint }[] =>
    sql
      .all<{ name: Account; balance: number | null }>(
        `SELECT name, (SELECT balance FROM lines WHERE account = accounts.number AND entry <= ?
           ORDER BY entry DESC LIMIT 1) AS balance
         FROM accounts WHERE name > ? ORDER BY name LIMIT ?`,
        entry,
        after,
        limit,
      )
      .map(({ name, balance }) => ({ account: name, balance: fromStored(balance ?? 0) })),
});

const entryRows = (sql: BoundedSql) => ({
  lastEntry: (): { readonly number: number; readonly at: number } =>
    sql.first<{ number: number; at: number }>(
      'SELECT number, at FROM entries ORDER BY number DESC LIMIT 1',
    ) ?? { number: 0, at: 0 },
  /** False, and nothing is done, where one of the accounts is still missing. */
  addEntry: (number: number, { at, command, kind, from, to, amount }: EntryDraft): boolean =>
    sql.first(
      `INSERT INTO entries (number, at, command, kind, from_account, to_account, amount)
       SELECT ?, ?, ?, ?, f.number, t.number, ? FROM accounts f, accounts t
       WHERE f.name = ? AND t.name = ? RETURNING number`,
      number,
      at,
      command,
      kind,
      toStored(amount),
      from,
      to,
    ) !== undefined,
  entryTime: (number: number): number | undefined =>
    sql.first<{ at: number }>('SELECT at FROM entries WHERE number = ?', number)?.at,
});

const PAGE = `SELECT e.number, e.at, e.command, e.kind, f.name AS from_name, t.name AS to_name, e.amount,
    fl.balance AS from_balance, tl.balance AS to_balance, c.note
  FROM entries e JOIN commands c ON c.key = e.command
  JOIN accounts f ON f.number = e.from_account JOIN accounts t ON t.number = e.to_account
  JOIN lines fl ON fl.account = e.from_account AND fl.entry = e.number
  JOIN lines tl ON tl.account = e.to_account AND tl.entry = e.number`;

const entryPages = (sql: BoundedSql) => ({
  /** Newest first, below `before`. */
  listEntries: (before: number, limit: number): EntryView[] =>
    sql
      .all<EntryRow>(`${PAGE} WHERE e.number < ? ORDER BY e.number DESC LIMIT ?`, before, limit)
      .map(toEntry),
  /** Those of one account. */
  listEntriesOf: (account: Account, before: number, limit: number): EntryView[] =>
    sql
      .all<EntryRow>(
        `${PAGE} WHERE e.number IN (SELECT entry FROM lines
           WHERE account = (SELECT number FROM accounts WHERE name = ?) AND entry < ?
           ORDER BY entry DESC LIMIT ?) ORDER BY e.number DESC`,
        account,
        before,
        limit,
      )
      .map(toEntry),
});

const toEntry = (row: EntryRow): EntryView => ({
  number: row.number,
  at: row.at,
  command: row.command,
  kind: row.kind,
  from: { account: row.from_name, balance: fromStored(row.from_balance) },
  to: { account: row.to_name, balance: fromStored(row.to_balance) },
  amount: fromStored(row.amount),
  note: row.note,
});
