/**
 * What the alarm does to the book itself: holds whose time is over end, and counters of days long
 * past go. Each call touches a bounded number of rows; `nextAlarmAt` says when to come again, at
 * once when rows were left over.
 */
import { dayOf } from '../../worker/core/ledger/budget.ts';
import { LIMITS } from '../../worker/core/ledger/limits.ts';
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

/** When something is to be done next; null when nothing is stored that could need it. */
export function nextAlarmAt({ books }: Stores): number | null {
  const { expiry, move, day } = books.nextTimes();
  const forget = day === null ? null : (day + DAYS_KEPT + 1) * DAY_MS;
  const times = [expiry, move, forget].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
