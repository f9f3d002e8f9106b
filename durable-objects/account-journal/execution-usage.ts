/**
 * What an account used: counts and fuel by month (for quotas), and by function and hour (for
 * stats). Both are kept up in the transaction of the change they count, so they never disagree with
 * the executions.
 */
import {
  addDuration,
  type DurationHistogram,
  mergeDurations,
  percentileMs,
} from '../../worker/core/executions/duration-histogram.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { type ExecutionUsage, usageMonth } from '../../worker/core/executions/quota.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { policyOf } from './retention-policy.ts';
import type { FunctionStats, MonthUsage, RunStats, StatsQuery } from './rpc.ts';
import type { ExecutionRow } from './sql.ts';
import { readMeter, type Turn } from './turn.ts';

type MonthRow = { executions: number; failures: number; fuel: number };
type HourRow = { hour: number; runs: number; failures: number; fuel: number; durations: string };
type RunningRow = { running: number; reserved: number | null };

const HOUR_MS = 3_600_000;

export function addToMonth(turn: Turn, use: Partial<MonthRow>): void {
  turn.sql.write(
    `INSERT INTO usage_months (month, executions, failures, fuel) VALUES (?, ?, ?, ?)
     ON CONFLICT (month) DO UPDATE SET executions = executions + excluded.executions,
       failures = failures + excluded.failures, fuel = fuel + excluded.fuel`,
    usageMonth(turn.now),
    use.executions ?? 0,
    use.failures ?? 0,
    use.fuel ?? 0,
  );
}

/** A run whose runner died holds no place any more, even before the watchdog came by. */
export function readUsage(turn: Turn): ExecutionUsage {
  const month = readMonth(turn, usageMonth(turn.now));
  const running = turn.sql.first<RunningRow>(
    `SELECT count(*) AS running, sum(fuel_max) AS reserved FROM executions
     WHERE status = 'running' AND code_ended_at IS NULL AND watch_at > ?`,
    turn.now,
  );
  return {
    executions: month.executions,
    fuel: month.fuel,
    running: running?.running ?? 0,
    fuelReserved: running?.reserved ?? 0,
    storeBytes: turn.databaseBytes(),
  };
}

export const countQueued = (turn: Turn): number =>
  turn.sql.first<{ queued: number }>(
    "SELECT count(*) AS queued FROM executions WHERE status = 'queued'",
  )?.queued ?? 0;

const readMonth = (turn: Turn, month: string): MonthRow =>
  turn.sql.first<MonthRow>(
    'SELECT executions, failures, fuel FROM usage_months WHERE month = ?',
    month,
  ) ?? { executions: 0, failures: 0, fuel: 0 };

export function usage(turn: Turn, month: string): MonthUsage {
  const { running } = readUsage(turn);
  const audit = turn.sql.first<{ entries: number }>(
    `SELECT coalesce((SELECT max(sequence) FROM audit_entries)
       - (SELECT min(sequence) FROM audit_entries) + 1, 0) AS entries`,
  );
  return {
    month,
    ...readMonth(turn, month),
    running,
    queued: countQueued(turn),
    journalBytes: readMeter(turn, 'bytes.journal'),
    outputBytes: readMeter(turn, 'bytes.output'),
    auditEntries: audit?.entries ?? 0,
    eventsDropped: readMeter(turn, 'events.dropped'),
    storeBytes: turn.databaseBytes(),
    retention: policyOf(turn),
  };
}

/**
 * A run came to its end, whatever the end. Its fuel was booked to the month when its code ended.
 */
export function countRun(turn: Turn, row: ExecutionRow, failed: boolean): void {
  const hour = Math.floor(turn.now / HOUR_MS);
  const known = turn.sql.first<{ durations: string }>(
    'SELECT durations FROM function_hours WHERE function_id = ? AND hour = ?',
    row.function_id,
    hour,
  );
  const before = known === undefined ? {} : toHistogram(known.durations);
  const durations = row.duration_ms === null ? before : addDuration(before, row.duration_ms);
  turn.sql.write(
    `INSERT INTO function_hours (function_id, hour, runs, failures, fuel, durations)
     VALUES (?, ?, 1, ?, ?, ?)
     ON CONFLICT (function_id, hour) DO UPDATE SET runs = runs + 1,
       failures = failures + excluded.failures, fuel = fuel + excluded.fuel,
       durations = excluded.durations`,
    row.function_id,
    hour,
    failed ? 1 : 0,
    row.fuel ?? 0,
    JSON.stringify(durations),
  );
}

export function stats(turn: Turn, query: StatsQuery): Result<FunctionStats> {
  const [from, to] = [Math.floor(query.since / HOUR_MS), Math.ceil(query.until / HOUR_MS)];
  const limit = LIMITS.statsHoursMax.value;
  if (to - from > limit)
    return err('request.malformed', {
      limit,
      observed: to - from,
      detail: 'The period is too long',
    });
  const rows = turn.sql.all<HourRow>(
    `SELECT hour, runs, failures, fuel, durations FROM function_hours
     WHERE function_id = ? AND hour >= ? AND hour < ? ORDER BY hour`,
    query.functionId,
    from,
    to,
  );
  const hours = query.step === 'day' ? 24 : 1;
  const groups = Map.groupBy(rows, (row) => Math.floor(row.hour / hours) * hours);
  const periods = [...groups].map(([hour, group]) => ({ from: hour * HOUR_MS, ...sumUp(group) }));
  return ok({ ...sumUp(rows), periods });
}

function sumUp(rows: readonly HourRow[]): RunStats {
  const durations = mergeDurations(rows.map((row) => toHistogram(row.durations)));
  const sum = (pick: (row: HourRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  return {
    runs: sum((row) => row.runs),
    failures: sum((row) => row.failures),
    fuel: sum((row) => row.fuel),
    p50Ms: percentileMs(durations, 0.5) ?? null,
    p99Ms: percentileMs(durations, 0.99) ?? null,
  };
}

/** Written by countRun alone. */
const toHistogram = (text: string): DurationHistogram => JSON.parse(text) as DurationHistogram;
