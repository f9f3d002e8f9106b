/**
 * The books of customers as each last told of itself (M11): which have entries that no checkpoint
 * holds yet, and what stood in them at their last one. A notice may come twice, late or never.
 * Heights are compared, so that an older one changes nothing; and a book that was not heard of for a
 * day is woken and asked, whatever it did not say.
 */
import { and, asc, eq, lt, type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { LedgerNotice } from '../../../durable-objects/account-ledger/rpc.ts';
import { type BookIdentity, isPlatform } from '../../core/ledger/book.ts';
import { LIMITS as LEDGER_LIMITS } from '../../core/ledger/limits.ts';
import { toStored } from '../../core/money.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import { errorFields, type Log } from '../../http/log.ts';
import { bookOf } from '../gasbank/index.ts';
import { LIMITS } from './limits.ts';
import { gasbankBooks } from './tables.ts';

export interface BookDeps {
  readonly env: Env;
  readonly db: Database;
  readonly now: number;
}

/** What a book answers to a checkpoint; no sums where it never had an entry. */
export interface BookReport {
  readonly owner: string;
  readonly entry: number;
  readonly sums: Readonly<Record<string, string>>;
}

const changedSchema = z.object({ sinceHeight: z.int() });
const closedSchema = z.object({
  height: z.int(),
  entry: z.int(),
  sums: z.record(z.string(), z.string()),
});

/** Writes what the book has to tell, and lets it forget what is written. */
export async function hearBook(
  { env, now }: Pick<BookDeps, 'env' | 'now'>,
  book: BookIdentity,
): Promise<void> {
  const ledger = bookOf(env, book);
  const limit = LEDGER_LIMITS.ledgerNoticesBatchMax.value;
  const page = await ledger.listNotices({ afterSequence: 0, limit });
  const items = page.ok ? page.value.items : [];
  const last = items.at(-1);
  if (last === undefined) return;
  // The platform's own is asked at every checkpoint.
  if (!isPlatform(book))
    await runBatch(
      env.DB,
      items.map((notice) => statementOf(book, notice, now)),
    );
  await ledger.acknowledgeNotices(last.sequence);
}

function statementOf({ magic, owner }: BookIdentity, notice: LedgerNotice, now: number): SQL {
  const facts: unknown = JSON.parse(notice.dataJson);
  if (notice.type === 'checkpoint.closed') {
    const { height, entry, sums } = closedSchema.parse(facts);
    return saveReports({ magic, height, now }, [{ owner, entry, sums }]);
  }
  const { sinceHeight } = changedSchema.parse(facts);
  return sql`INSERT INTO gasbank_books (network_magic, owner, changed_height, asked_height, entry,
      available, reserved, in_transit, spent, other_books, seen_at)
    VALUES (${magic}, ${owner}, ${sinceHeight}, 0, 0, 0, 0, 0, 0, 0, ${now})
    ON CONFLICT DO UPDATE SET changed_height = MAX(COALESCE(changed_height, 0), ${sinceHeight}),
      seen_at = ${now}`;
}

interface Heard {
  readonly magic: number;
  readonly height: number;
  readonly now: number;
}

const PARTS = ['available', 'reserved', 'in_transit', 'spent', 'other_books'] as const;

/** One statement for all; sums of an older entry than is known change nothing. */
export function saveReports({ magic, height, now }: Heard, reports: readonly BookReport[]): SQL {
  const rows = reports.map(({ owner, entry, sums }) => [
    owner,
    entry,
    ...PARTS.map((part) => toStored(BigInt(sums[part] ?? '0'))),
  ]);
  return sql`INSERT INTO gasbank_books (network_magic, owner, changed_height, asked_height, entry,
      available, reserved, in_transit, spent, other_books, seen_at)
    SELECT ${magic}, value ->> 0, NULL, ${height}, value ->> 1, value ->> 2, value ->> 3,
      value ->> 4, value ->> 5, value ->> 6, ${now}
    FROM json_each(${JSON.stringify(rows)}) WHERE true
    ON CONFLICT DO UPDATE SET asked_height = MAX(asked_height, excluded.asked_height),
      available = IIF(excluded.entry >= entry, excluded.available, available),
      reserved = IIF(excluded.entry >= entry, excluded.reserved, reserved),
      in_transit = IIF(excluded.entry >= entry, excluded.in_transit, in_transit),
      spent = IIF(excluded.entry >= entry, excluded.spent, spent),
      other_books = IIF(excluded.entry >= entry, excluded.other_books, other_books),
      entry = MAX(entry, excluded.entry), seen_at = ${now}`;
}

/** Each account with a gas account has a book; one that nobody has heard of is to be asked. */
export const enrolBooks = (magic: number): SQL =>
  sql`INSERT INTO gasbank_books (network_magic, owner, changed_height, asked_height, entry,
      available, reserved, in_transit, spent, other_books, seen_at)
    SELECT DISTINCT network_magic, account_id, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM gas_accounts
    WHERE network_magic = ${magic} ON CONFLICT DO NOTHING`;

export interface Asking {
  readonly magic: number;
  readonly height: number;
  readonly isWalk: boolean;
  readonly now: number;
}

/** The next of those that may have changed since they were asked; on a walk, of all. */
export async function listUnasked(
  db: Database,
  { magic, height, isWalk, now }: Asking,
): Promise<readonly string[]> {
  const mayHaveChanged = sql`changed_height >= asked_height OR seen_at < ${unheardBefore(now)}`;
  const rows = await db
    .select({ owner: gasbankBooks.owner })
    .from(gasbankBooks)
    .where(
      and(
        eq(gasbankBooks.networkMagic, magic),
        lt(gasbankBooks.askedHeight, height),
        isWalk ? undefined : sql`(${mayHaveChanged})`,
      ),
    )
    .orderBy(asc(gasbankBooks.owner))
    .limit(LIMITS.checkpointBooksPerStep.value);
  return rows.map(({ owner }) => owner);
}

const unheardBefore = (now: number): number => now - LIMITS.bookUnheardMinutes.value * 60_000;

/**
 * For lost alarms (delivery rule D4), and for what this catalogue has lost: a book that says nothing
 * is woken and heard at once, and the next checkpoint asks it whatever it said.
 */
export async function wakeBooks(deps: BookDeps & { readonly log: Log }): Promise<void> {
  const { env, db, now, log } = deps;
  const silent = await db
    .select({ magic: gasbankBooks.networkMagic, owner: gasbankBooks.owner })
    .from(gasbankBooks)
    .where(lt(gasbankBooks.seenAt, unheardBefore(now)))
    .orderBy(asc(gasbankBooks.seenAt))
    .limit(LIMITS.bookWakesPerSweep.value);
  for (const book of silent) {
    try {
      await bookOf(env, book).wake();
      await hearBook(deps, book);
      await markUnasked(db, book, now);
    } catch (thrown) {
      log.error('proofs.book_silent', { ...book, ...errorFields(thrown) });
    }
  }
}

const markUnasked = (db: Database, { magic, owner }: BookIdentity, now: number) =>
  db
    .update(gasbankBooks)
    .set({
      seenAt: now,
      changedHeight: sql`MAX(COALESCE(changed_height, 0), asked_height)`,
    })
    .where(and(eq(gasbankBooks.networkMagic, magic), eq(gasbankBooks.owner, owner)));
