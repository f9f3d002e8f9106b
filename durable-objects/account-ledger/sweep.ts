/**
 * What the alarm does to the book itself: holds whose time is over end, counters of days long past
 * go, and what is to be told is told. Each call touches a bounded number of rows; `nextAlarmAt` says
 * when to come again, at once when rows were left over.
 */
import type { BookIdentity } from '../../worker/core/ledger/book.ts';
import { dayOf } from '../../worker/core/ledger/budget.ts';
import { LIMITS } from '../../worker/core/ledger/limits.ts';
import { deliverAgain } from '../../worker/core/ledger/notices.ts';
import { expire } from './execute.ts';
import type { Stores, Turn } from './turn.ts';

const ROWS = LIMITS.ledgerSweepRowsMax.value;
const DAYS_KEPT = LIMITS.ledgerBudgetDaysKept.value;
const DAY_MS = 86_400_000;

/** Answers how many rows it moved. */
export function sweep(turn: Turn): number {
  const { books, holds } = turn.stores;
  const book = books.load();
  if (book === undefined) return 0;
  const overdue = holds.listOverdue(turn.now, ROWS);
  // Loaded anew, since each ends at the next entry.
  for (const hold of overdue) expire(turn, books.load() ?? book, hold);
  const oldest = holds.firstDay();
  const firstKept = dayOf(turn.now) - DAYS_KEPT;
  const isOld = oldest !== null && oldest < firstKept;
  return overdue.length + (isOld ? holds.removeDaysBefore(firstKept, ROWS) : 0);
}

/** The next time is set before anybody is called: who dies with notices is followed by another. */
export function takeNotices({ stores: { books }, now }: Turn): BookIdentity | null {
  const delivery = books.loadDelivery();
  if (delivery === null || delivery.after > now) return null;
  books.saveDelivery(deliverAgain(delivery.tries, now));
  return books.load()?.identity ?? null;
}

/** Those up to this one are told, and the rest at once. */
export function acknowledgeNotices({ stores: { books }, now }: Turn, through: number): number {
  const removed = books.removeNotices(through);
  if (removed > 0) books.saveDelivery({ tries: 0, after: now });
  return removed;
}

/** When something is to be done next; null when nothing is stored that could need it. */
export function nextAlarmAt({ books }: Stores): number | null {
  const { expiry, move, day, notices } = books.nextTimes();
  const forget = day === null ? null : (day + DAYS_KEPT + 1) * DAY_MS;
  const times = [expiry, move, notices, forget].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
