/**
 * The statements of an AccountLedger about the book itself: whose it is, its funds, the checkpoints
 * it has closed, the addresses it watches, and what it has to tell.
 */
import type { BookIdentity } from '../../worker/core/ledger/book.ts';
import type { Closed } from '../../worker/core/ledger/checkpoint.ts';
import type { Delivery } from '../../worker/core/ledger/notices.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { CheckpointView, LedgerNotice } from './rpc.ts';

type BookRow = {
  magic: number;
  owner: string;
  closed_at: number | null;
  checkpoint_height: number;
  checkpoint_entry: number;
  chain_height: number;
  last_entry: number | null;
  last_at: number | null;
  last_account: number | null;
  fault_at: number | null;
  fault_message: string | null;
};

type NextTimes = {
  expiry: number | null;
  move: number | null;
  day: number | null;
  notices: number | null;
};

export interface Book {
  readonly identity: BookIdentity;
  readonly isClosed: boolean;
  readonly closed: Closed;
  readonly chainHeight: number;
  /** As it was when the book was loaded; number 0 before the first. */
  readonly last: { readonly number: number; readonly at: number };
  /** How many accounts it had then. */
  readonly accounts: number;
  /** The last alarm that failed: a defect, for operators. */
  readonly fault: { readonly at: number; readonly message: string } | null;
}

export const bookStore = (sql: BoundedSql) => ({
  ...bookRow(sql),
  ...fundRows(sql),
  ...checkpointRows(sql),
  ...noticeRows(sql),
});

const bookRow = (sql: BoundedSql) => ({
  /** Undefined until the first command. */
  load(): Book | undefined {
    const row = sql.first<BookRow>(
      `SELECT magic, owner, closed_at, checkpoint_height, checkpoint_entry, chain_height, fault_at,
         fault_message, e.number AS last_entry, e.at AS last_at,
         (SELECT MAX(number) FROM accounts) AS last_account
       FROM book LEFT JOIN entries e ON e.number = (SELECT MAX(number) FROM entries)`,
    );
    if (row === undefined) return undefined;
    const { magic, owner, fault_at: at, fault_message: message } = row;
    return {
      identity: { magic, owner },
      isClosed: row.closed_at !== null,
      closed: { height: row.checkpoint_height, entry: row.checkpoint_entry },
      chainHeight: row.chain_height,
      last: { number: row.last_entry ?? 0, at: row.last_at ?? 0 },
      accounts: row.last_account ?? 0,
      fault: at === null ? null : { at, message: message ?? 'unknown' },
    };
  },
  add: ({ magic, owner }: BookIdentity, now: number): void =>
    sql.write(
      'INSERT INTO book (only, magic, owner, opened_at) VALUES (1, ?, ?, ?)',
      magic,
      owner,
      now,
    ),
  /**
   * When the first hold is over, the first move is to be told, notices are, and the first day with
   * counters.
   */
  nextTimes: (): NextTimes =>
    sql.first<NextTimes>(
      `SELECT (SELECT COALESCE(expires_at, 0) FROM holds WHERE state = 'held'
             AND COALESCE(expires_at, 0) > 0 ORDER BY COALESCE(expires_at, 0) LIMIT 1) AS expiry,
         (SELECT MIN(due_at) FROM moves WHERE due_at IS NOT NULL) AS move,
         (SELECT MIN(span) FROM counters WHERE span >= 0) AS day,
         (SELECT deliver_after FROM book WHERE EXISTS (SELECT 1 FROM notices)) AS notices`,
    ) ?? { expiry: null, move: null, day: null, notices: null },
  close: (now: number): void => sql.write('UPDATE book SET closed_at = ?', now),
  saveClosed: ({ height, entry }: Closed): void =>
    sql.write('UPDATE book SET checkpoint_height = ?, checkpoint_entry = ?', height, entry),
  saveChainHeight: (height: number): void =>
    sql.write('UPDATE book SET chain_height = ? WHERE chain_height < ?', height, height),
  saveFault: (at: number, message: string): void =>
    sql.write('UPDATE book SET fault_at = ?, fault_message = ?', at, message),
});

const fundRows = (sql: BoundedSql) => ({
  loadFund(name: string): 'open' | 'closed' | undefined {
    const row = sql.first<{ closed_at: number | null }>(
      'SELECT closed_at FROM funds WHERE name = ?',
      name,
    );
    if (row === undefined) return undefined;
    return row.closed_at === null ? 'open' : 'closed';
  },
  countOpenFunds: (): number =>
    sql.first<{ open: number }>('SELECT COUNT(*) AS open FROM funds WHERE closed_at IS NULL')
      ?.open ?? 0,
  addFund: (name: string, now: number): void =>
    sql.write('INSERT INTO funds (name, opened_at) VALUES (?, ?)', name, now),
  closeFund: (name: string, now: number): void =>
    sql.write('UPDATE funds SET closed_at = ? WHERE name = ?', now, name),
  loadWatch: (address: string): number | undefined =>
    sql.first<{ since_height: number }>(
      'SELECT since_height FROM watched WHERE address = ?',
      address,
    )?.since_height,
  addWatch: (address: string, height: number): void =>
    sql.write('INSERT INTO watched (address, since_height) VALUES (?, ?)', address, height),
});

type CheckpointRow = { height: number; entry: number; at: number; sums: string };

const checkpointRows = (sql: BoundedSql) => ({
  addCheckpoint: ({ height, entry, at, sums }: CheckpointView): void =>
    sql.write(
      'INSERT INTO checkpoints (height, entry, at, sums) VALUES (?, ?, ?, ?)',
      height,
      entry,
      at,
      JSON.stringify(sums),
    ),
  /** The one that holds at this height: of unchanged books an earlier one is carried over. */
  loadCheckpoint(height: number): CheckpointView | undefined {
    const row = sql.first<CheckpointRow>(
      'SELECT height, entry, at, sums FROM checkpoints WHERE height <= ? ORDER BY height DESC LIMIT 1',
      height,
    );
    // Written above, from sums, and by nobody else.
    return row && { ...row, sums: JSON.parse(row.sums) as CheckpointView['sums'] };
  },
});

type NoticeRow = {
  sequence: number;
  id: string;
  type: LedgerNotice['type'];
  at: number;
  data: string;
};

const noticeRows = (sql: BoundedSql) => ({
  addNotice: ({ id, type, at, dataJson }: Omit<LedgerNotice, 'sequence'>): void =>
    sql.write(
      'INSERT INTO notices (id, type, at, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      type,
      at,
      dataJson,
    ),
  listNotices: (afterSequence: number, limit: number): LedgerNotice[] =>
    sql
      .all<NoticeRow>(
        'SELECT * FROM notices WHERE sequence > ? ORDER BY sequence LIMIT ?',
        afterSequence,
        limit,
      )
      .map(({ data, ...notice }) => ({ ...notice, dataJson: data })),
  removeNotices: (throughSequence: number): number =>
    sql.run('DELETE FROM notices WHERE sequence <= ?', throughSequence),
  /** Null while none waits. */
  loadDelivery(): Delivery | null {
    const row = sql.first<{ tries: number; after: number }>(
      `SELECT deliver_tries AS tries, deliver_after AS after FROM book
       WHERE EXISTS (SELECT 1 FROM notices)`,
    );
    return row ?? null;
  },
  saveDelivery: ({ tries, after }: Delivery): void =>
    sql.write('UPDATE book SET deliver_tries = ?, deliver_after = ?', tries, after),
  countNotices: (): number =>
    sql.first<{ notices: number }>('SELECT COUNT(*) AS notices FROM notices')?.notices ?? 0,
});
