import { describe, expect, it } from 'vitest';
import type { MetricsBatch, MetricsHubRpc } from '../../durable-objects/metrics-hub/rpc.ts';
import { LIMITS } from '../../worker/core/metrics/limits.ts';
import { ok } from '../../worker/core/result.ts';
import { createMetrics } from '../../worker/http/metrics.ts';

const START = 1_700_000_000_000;
const INTERVAL = LIMITS.metricsFlushIntervalMs.value;

/** A shard that can fail before or after it has counted, and keeps what reached it. */
function setUp() {
  const received: { shard: number; batch: MetricsBatch }[] = [];
  const clock = { now: START };
  let trouble: 'none' | 'lost answer' | 'hangs' = 'none';
  let randomBytes = 0;
  const hubFor = (shard: number): MetricsHubRpc => ({
    flush: async (batch) => {
      received.push({ shard, batch });
      if (trouble === 'lost answer') throw new Error('the connection broke');
      if (trouble === 'hangs') await new Promise(() => undefined);
      return ok({ isRepeat: false });
    },
    read: async () => ok({ cells: [] }),
  });
  const random = (length: number) => new Uint8Array(length).fill(++randomBytes);
  const deps = () => ({ now: clock.now, hubFor, random });
  const metrics = createMetrics();
  const due = async () => {
    const work: Promise<void>[] = [];
    metrics.flushIfDue(deps(), (promise) => void work.push(promise));
    await Promise.all(work);
    return work.length;
  };
  const setTrouble = (next: typeof trouble) => {
    trouble = next;
  };
  return { clock, deps, due, metrics, received, setTrouble };
}

const request = { operation: 'system.getVersion', status: 200, durationMs: 12 };

describe('createMetrics', () => {
  it('flushes a request as its count, its bucket and its sum', async () => {
    const { deps, metrics, received } = setUp();
    metrics.recordRequest(request);
    metrics.recordRequest(request);
    await metrics.flush(deps());
    expect(received[0]?.batch.cells.map(({ index, value }) => [index, value])).toEqual([
      [0, 2],
      [2, 2],
      [13, 24],
    ]);
  });

  it('sends nothing when nothing was recorded', async () => {
    const { deps, metrics, received } = setUp();
    await metrics.flush(deps());
    expect(received).toHaveLength(0);
  });

  it('flushes when its time has come or enough has come together, else not', async () => {
    const { clock, due, metrics, received } = setUp();
    metrics.count('nsl_rate_limited_total', { policy: 'key' });
    expect(await due()).toBe(1);
    metrics.count('nsl_rate_limited_total', { policy: 'key' });
    expect(await due()).toBe(0);
    for (let event = 0; event < LIMITS.metricsFlushEvents.value; event++)
      metrics.count('nsl_rate_limited_total', { policy: 'key' });
    expect(await due()).toBe(1);
    clock.now += INTERVAL;
    metrics.count('nsl_rate_limited_total', { policy: 'key' });
    expect(await due()).toBe(1);
    expect(received.map(({ batch }) => batch.cells[0]?.value)).toEqual([1, 1_001, 1]);
  });

  it('sends a failed batch again unchanged, to the same shard, before anything else', async () => {
    const { clock, due, metrics, received, setTrouble } = setUp();
    setTrouble('lost answer');
    metrics.count('nsl_function_fuel_total', {}, 5);
    await due();
    metrics.count('nsl_function_fuel_total', {}, 7);
    setTrouble('none');
    clock.now += INTERVAL;
    await due();
    clock.now += INTERVAL;
    await due();
    expect(received).toHaveLength(3);
    expect(received[1]).toEqual(received[0]);
    expect(received[2]?.batch.cells[0]?.value).toBe(7);
    expect(received[2]?.batch.batchId).not.toBe(received[0]?.batch.batchId);
    expect(received[2]?.shard).toBe(received[0]?.shard);
  });

  it('does not ask a shard in trouble at each request', async () => {
    const { due, metrics, received, setTrouble } = setUp();
    setTrouble('lost answer');
    for (let event = 0; event < 3_000; event++) {
      metrics.count('nsl_rate_limited_total', { policy: 'key' });
      await due();
    }
    expect(received).toHaveLength(1);
  });

  it('gives a batch up after its time and counts the events that were lost', async () => {
    const { clock, due, metrics, received, setTrouble } = setUp();
    setTrouble('lost answer');
    for (let event = 0; event < 3; event++)
      metrics.count('nsl_rate_limited_total', { policy: 'key' });
    await due();
    setTrouble('none');
    clock.now += LIMITS.metricsBatchRetryMs.value + 1;
    await due();
    expect(received[1]?.batch.cells).toEqual([
      { metric: 'nsl_metrics_dropped_total', labels: [], index: 0, value: 3 },
    ]);
  });

  it('goes on when the request that carried a flush was gone before its end', async () => {
    const { clock, deps, due, metrics, received, setTrouble } = setUp();
    setTrouble('hangs');
    metrics.count('nsl_function_fuel_total', {}, 5);
    void metrics.flush(deps());
    setTrouble('none');
    clock.now += INTERVAL;
    await due();
    expect(received).toHaveLength(2);
    expect(received[1]).toEqual(received[0]);
  });

  it('refuses a label value that is an id', () => {
    const { metrics } = setUp();
    const measure = { ...request, operation: 'acc_01jd8x' };
    expect(() => metrics.recordRequest(measure)).toThrow('refuses a label value');
  });
});
