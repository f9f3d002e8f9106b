/**
 * Fuel of runs that leave no execution, trials and replays, counted where that of executions is.
 * All that such a run may burn is booked before it starts, so that many at once cannot pass the
 * month's quota together, and what it did not burn is given back when it ends. A runner that dies in
 * between gives nothing back: the month then counts the most that its code can have burnt.
 */
import { decideFuel, usageMonth } from '../../worker/core/executions/quota.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { addToMonth, readUsage } from './execution-usage.ts';
import type { BookedFuel, BookFuel, ReturnFuel } from './rpc.ts';
import type { Turn } from './turn.ts';

export function bookFuel(turn: Turn, { fuelMax, quota }: BookFuel): Result<BookedFuel> {
  const allowed = decideFuel(quota, readUsage(turn), fuelMax);
  if (!allowed.ok) return allowed;
  addToMonth(turn, { fuel: fuelMax });
  return ok({ month: usageMonth(turn.now) });
}

/** To the month it was taken from, which may be over; a month that was purged meanwhile stays gone. */
export function returnFuel(turn: Turn, { month, fuel }: ReturnFuel): void {
  turn.sql.write(
    'UPDATE usage_months SET fuel = max(0, fuel - ?) WHERE month = ?',
    Math.max(0, fuel),
    month,
  );
}
