/**
 * May an execution start? Decided on counts that were read in the same transaction that will change
 * them, so fifty requests at once cannot pass a quota of ten. Fuel that running executions may
 * still burn counts as used: a month's fuel can therefore not be passed by starting many at once.
 */
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';

export interface ExecutionQuota {
  readonly executionsPerMonth: number;
  readonly fuelPerMonth: number;
  readonly concurrentExecutions: number;
}

export interface ExecutionUsage {
  readonly executions: number;
  readonly fuel: number;
  readonly running: number;
  /** Upper bound of what the running ones may burn. */
  readonly fuelReserved: number;
  readonly storeBytes: number;
}

type QuotaDecision = Result<null, 'quota.exceeded'>;

const within = (name: string, limit: number, observed: number): QuotaDecision =>
  observed <= limit ? ok(null) : err('quota.exceeded', { detail: name, limit, observed });

/** Counted when it is made, not when it starts: a queue is no way around the month. */
export function decideAdmission(
  quota: ExecutionQuota,
  usage: ExecutionUsage,
  count: number,
): QuotaDecision {
  const month = within(
    'Executions of the month',
    quota.executionsPerMonth,
    usage.executions + count,
  );
  if (!month.ok) return month;
  const limit = LIMITS.executionStoreBytesMax.value;
  return within('Bytes stored for executions', limit, usage.storeBytes);
}

/** Code is about to run, at once or from the queue. */
export function decideStart(
  quota: ExecutionQuota,
  usage: ExecutionUsage,
  fuelMax: number,
): QuotaDecision {
  const concurrent = within(
    'Executions at the same time',
    quota.concurrentExecutions,
    usage.running + 1,
  );
  return concurrent.ok ? decideFuel(quota, usage, fuelMax) : concurrent;
}

/** May code run that can burn so much? Asked for executions, and for trials and replays, which are none. */
export const decideFuel = (
  { fuelPerMonth }: Pick<ExecutionQuota, 'fuelPerMonth'>,
  { fuel, fuelReserved }: Pick<ExecutionUsage, 'fuel' | 'fuelReserved'>,
  fuelMax: number,
): QuotaDecision => within('Fuel of the month', fuelPerMonth, fuel + fuelReserved + fuelMax);

export const decideQueueing = (queued: number, count: number): QuotaDecision =>
  within('Queued executions', LIMITS.queuedExecutionsMax.value, queued + count);

/** The month a use is booked to: `2026-11`, in UTC. */
export const usageMonth = (now: number): string => new Date(now).toISOString().slice(0, 7);
