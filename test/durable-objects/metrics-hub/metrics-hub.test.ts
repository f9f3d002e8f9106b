import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MetricsHub } from '../../../durable-objects/metrics-hub/metrics-hub.ts';
import type { Cell } from '../../../worker/core/metrics/cells.ts';
import type { MetricName } from '../../../worker/core/metrics/definitions.ts';
import { LIMITS } from '../../../worker/core/metrics/limits.ts';
import { createMetrics, metricsHubs, renderMetrics } from '../../../worker/http/metrics.ts';

const bindings = env as unknown as { METRICS_HUB: DurableObjectNamespace<MetricsHub> };
const shard = () => bindings.METRICS_HUB.getByName('shard-0');
const batchId = (n: number) => n.toString(16).padStart(32, '0');
const fuel = (value: number): Cell => ({
  metric: 'nsl_function_fuel_total',
  labels: [],
  index: 0,
  value,
});
const peak = (value: number): Cell => ({ ...fuel(value), metric: 'nsl_queue_backlog_peak' });

async function cells(): Promise<readonly Cell[]> {
  const answer = await shard().read();
  return answer.ok ? answer.value.cells : [];
}

afterEach(() => {
  vi.useRealTimers();
});

describe('flush', () => {
  it('adds counters and keeps the highest peak', async () => {
    await shard().flush({ batchId: batchId(1), cells: [fuel(3), peak(9)] });
    await shard().flush({ batchId: batchId(2), cells: [fuel(4), peak(2)] });
    expect(await cells()).toEqual([fuel(7), peak(9)]);
  });

  it('counts a repeated batch once, also across an eviction', async () => {
    const batch = { batchId: batchId(1), cells: [fuel(3)] };
    expect(await shard().flush(batch)).toMatchObject({ value: { isRepeat: false } });
    expect(await shard().flush(batch)).toMatchObject({ value: { isRepeat: true } });
    await evictDurableObject(shard());
    expect(await shard().flush(batch)).toMatchObject({ value: { isRepeat: true } });
    expect(await cells()).toEqual([fuel(3)]);
  });

  it('counts a batch once when it arrives twenty times together', async () => {
    const batch = { batchId: batchId(1), cells: [fuel(3)] };
    await Promise.all(Array.from({ length: 20 }, () => shard().flush(batch)));
    expect(await cells()).toEqual([fuel(3)]);
  });

  it('forgets batch ids when no isolate would send them again', async () => {
    await shard().flush({ batchId: batchId(1), cells: [fuel(1)] });
    vi.useFakeTimers({
      toFake: ['Date'],
      now: Date.now() + LIMITS.metricsBatchKeepMs.value + 60_000,
    });
    await shard().flush({ batchId: batchId(2), cells: [fuel(1)] });
    const kept = await runInDurableObject(shard(), (_instance, state) =>
      state.storage.sql.exec('SELECT id FROM batches').toArray(),
    );
    expect(kept).toEqual([{ id: batchId(2) }]);
  });

  it('drops and counts what is no cell of a known metric, and keeps the rest', async () => {
    const unknown = { ...fuel(1), metric: 'nsl_unknown_total' as MetricName };
    await shard().flush({ batchId: batchId(1), cells: [unknown, fuel(2)] });
    expect(await cells()).toEqual([
      fuel(2),
      { metric: 'nsl_metrics_dropped_total', labels: [], index: 0, value: 1 },
    ]);
  });

  it('does not take more series than its bound, and says what it dropped', async () => {
    await runInDurableObject(shard(), (_instance, state) => {
      state.storage.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < ${LIMITS.metricsSeriesMax.value}) INSERT INTO cells SELECT
        'nsl_function_runs_total', '["s' || i || '"]', 0, 1 FROM n`);
    });
    await shard().flush({ batchId: batchId(1), cells: [fuel(1), fuel(1)] });
    const found = (await cells()).filter(({ metric }) => metric !== 'nsl_function_runs_total');
    expect(found).toEqual([
      { metric: 'nsl_metrics_dropped_total', labels: [], index: 0, value: 2 },
    ]);
  });

  it('writes nothing of a batch that is refused', async () => {
    await runInDurableObject(shard(), async (instance) => {
      const refused = instance.flush({ batchId: 'short', cells: [fuel(1)] });
      await expect(refused).rejects.toThrow('batch id');
    });
    expect(await cells()).toEqual([]);
  });
});

describe('renderMetrics', () => {
  it('shows what isolates flushed to different shards as one sum', async () => {
    for (const byte of [0, 1, 7, 8]) {
      const isolate = createMetrics();
      isolate.recordRequest({ operation: 'system.getVersion', status: 200, durationMs: 3 });
      const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
      await isolate.flush({
        now: Date.now(),
        hubFor: metricsHubs(bindings),
        random: (length) => (length === 1 ? Uint8Array.of(byte) : random(length)),
      });
    }
    expect(await renderMetrics(bindings)).toContain(
      'nsl_http_requests_total{operation="system.getVersion",status="200"} 4\n',
    );
  });
});
