/**
 * By when an account's scheduler should have been awake, kept in D1 so that a cron sweep finds one
 * whose alarm was lost (delivery rule D4). The object writes it at most once in ten minutes and
 * never clears it: an object on time passes each `wakeBy` by writing a later one, and one with
 * nothing left to do is woken once by the sweep, says so, and the sweep clears the row. Clearing it
 * here would leave ten minutes in which new work is not covered.
 *
 * Worst case for a lost alarm: ten minutes and the grace, plus the time of the sweep.
 */
import { LIMITS } from './limits.ts';

export interface SavedWake {
  readonly wakeBy: number;
  readonly writtenAt: number;
}

export interface WakeQuestion {
  readonly now: number;
  /** When work is due next; null when nothing is open. */
  readonly dueAt: number | null;
  /** Undefined before the first write and after the sweep was told that nothing is left. */
  readonly saved: SavedWake | undefined;
}

/** What to write, or undefined for nothing. */
export function decideWakeBy({ now, dueAt, saved }: WakeQuestion): SavedWake | undefined {
  if (dueAt === null) return undefined;
  const nextWriteAt = now + LIMITS.queueWakeWriteMs.value;
  if (saved !== undefined && now - saved.writtenAt < LIMITS.queueWakeWriteMs.value)
    return undefined;
  return { wakeBy: Math.max(dueAt, nextWriteAt) + LIMITS.queueWakeGraceMs.value, writtenAt: now };
}
