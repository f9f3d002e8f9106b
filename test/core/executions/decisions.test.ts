import { describe, expect, it } from 'vitest';
import {
  addDuration,
  type DurationHistogram,
  mergeDurations,
  percentileMs,
} from '../../../worker/core/executions/duration-histogram.ts';
import { LIMITS } from '../../../worker/core/executions/limits.ts';
import {
  decideAdmission,
  decideQueueing,
  decideStart,
  type ExecutionUsage,
  usageMonth,
} from '../../../worker/core/executions/quota.ts';
import { DEFAULT_RETENTION, decideRetention } from '../../../worker/core/executions/retention.ts';

const quota = { executionsPerMonth: 100, fuelPerMonth: 1000, concurrentExecutions: 5 };
const unused: ExecutionUsage = {
  executions: 0,
  fuel: 0,
  running: 0,
  fuelReserved: 0,
  storeBytes: 0,
};
const verdict = (decision: ReturnType<typeof decideStart>) =>
  decision.ok ? 'ok' : [decision.failure.detail, decision.failure.limit, decision.failure.observed];

describe('quotas', () => {
  it('admit up to the month and no further, counting the whole batch', () => {
    const used = { ...unused, executions: 95 };
    expect(verdict(decideAdmission(quota, used, 5))).toBe('ok');
    expect(verdict(decideAdmission(quota, used, 6))).toEqual(['Executions of the month', 100, 101]);
  });

  it('keep a reserve of the object for the audit log', () => {
    const limit = LIMITS.executionStoreBytesMax.value;
    const full = { ...unused, storeBytes: limit + 1 };
    expect(verdict(decideAdmission(quota, full, 1))).toEqual([
      'Bytes stored for executions',
      limit,
      limit + 1,
    ]);
  });

  it('start up to the concurrency', () => {
    expect(verdict(decideStart(quota, { ...unused, running: 4 }, 1))).toBe('ok');
    const busy = { ...unused, running: 5 };
    expect(verdict(decideStart(quota, busy, 1))).toEqual(['Executions at the same time', 5, 6]);
  });

  it('count fuel that running executions may still burn', () => {
    const used = { ...unused, fuel: 500, fuelReserved: 300 };
    expect(verdict(decideStart(quota, used, 200))).toBe('ok');
    expect(verdict(decideStart(quota, used, 201))).toEqual(['Fuel of the month', 1000, 1001]);
  });

  it('bound the queue', () => {
    const limit = LIMITS.queuedExecutionsMax.value;
    expect(verdict(decideQueueing(limit - 100, 100))).toBe('ok');
    expect(verdict(decideQueueing(limit - 99, 100))).toEqual([
      'Queued executions',
      limit,
      limit + 1,
    ]);
  });

  it('book to the month in UTC', () => {
    expect(usageMonth(Date.UTC(2026, 10, 30, 23, 59, 59, 999))).toBe('2026-11');
    expect(usageMonth(Date.UTC(2026, 11, 1))).toBe('2026-12');
  });
});

describe('decideRetention', () => {
  it('takes the defaults when nothing is asked', () => {
    expect(decideRetention({}, {})).toEqual(DEFAULT_RETENTION);
  });

  it('never goes above the maximum of the operator, nor that above the product', () => {
    const wanted = { journalDays: 1e9, journalBytes: 1e15 };
    expect(decideRetention(wanted, { journalDays: 60 })).toMatchObject({
      journalDays: 60,
      journalBytes: LIMITS.retentionBytesMax.value,
    });
    const maximum = decideRetention({ outputDays: 1e9 }, { outputDays: 1e9 });
    expect(maximum.outputDays).toBe(LIMITS.retentionDaysMax.value);
  });

  it('never shortens the audit log, whoever asks', () => {
    expect(decideRetention({ auditDays: 0 }, { auditDays: 1 }).auditDays).toBe(
      LIMITS.auditKeepDays.value,
    );
  });
});

describe('percentileMs', () => {
  const durations = Array.from({ length: 1000 }, (_, n) => n + 1);
  const histogram = durations.reduce<DurationHistogram>(addDuration, {});

  it('is never below the true percentile and at most 9.1 % above it', () => {
    for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = Math.max(1, share * 1000);
      const told = percentileMs(histogram, share) ?? 0;
      expect(told).toBeGreaterThanOrEqual(exact);
      expect(told).toBeLessThanOrEqual(exact * 1.091 + 0.01);
    }
  });

  it('is the same from parts as from the whole', () => {
    const half = (from: number) =>
      durations.slice(from, from + 500).reduce<DurationHistogram>(addDuration, {});
    expect(mergeDurations([half(0), half(500)])).toEqual(histogram);
  });

  it('knows nothing of no runs', () => {
    expect(percentileMs({}, 0.5)).toBeUndefined();
  });
});
