/**
 * The isolate's side of the metrics: events are added up in memory and flushed to one MetricsHub
 * shard after answers were sent, when some time has passed or enough has come together. A batch
 * whose flush failed is sent again as it is, with its id and to its shard, so it is neither lost
 * nor counted twice; after five minutes it is given up and counted as dropped. An isolate that is
 * evicted loses what it had not flushed: metrics are for trends, the journal for proof.
 *
 * Recording asserts names and label values: a label that would grow without bound is a defect,
 * found by its first test.
 */
import type { MetricsBatch, MetricsHubRpc } from '../../durable-objects/metrics-hub/rpc.ts';
import { CellTable, labelValues, observationCells } from '../core/metrics/cells.ts';
import type { CounterName, GaugeName, MetricLabels } from '../core/metrics/definitions.ts';
import { LIMITS } from '../core/metrics/limits.ts';
import { renderPrometheus } from '../core/metrics/prometheus.ts';

export interface RequestMeasure {
  /** The id of the operation, or `http.unmatched` for a path that is none. */
  readonly operation: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface FlushDeps {
  readonly now: number;
  /** A fresh stub each time. */
  readonly hubFor: (shard: number) => MetricsHubRpc;
  /** So many fresh random bytes: for the ids of batches and, once, for the choice of the shard. */
  readonly random: (length: number) => Uint8Array;
}

export interface Metrics {
  recordRequest(measure: RequestMeasure): void;
  count<Name extends CounterName>(name: Name, labels: MetricLabels<Name>, n?: number): void;
  gauge<Name extends GaugeName>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** Starts a flush when one is due and hands its promise to `defer` (`waitUntil`). */
  flushIfDue(deps: FlushDeps, defer: (work: Promise<void>) => void): void;
  /** Flushes now; never rejects. */
  flush(deps: FlushDeps): Promise<void>;
}

interface HubBinding {
  readonly METRICS_HUB: { getByName(name: string): MetricsHubRpc };
}

export const metricsHubs =
  ({ METRICS_HUB }: HubBinding): FlushDeps['hubFor'] =>
  (shard) =>
    METRICS_HUB.getByName(`shard-${shard}`);

/**
 * The scrape. One shard that does not answer fails it: sums without it would look like counters
 * that fell.
 */
export async function renderMetrics(env: HubBinding): Promise<string> {
  const hubFor = metricsHubs(env);
  const shards = Array.from({ length: LIMITS.metricsShards.value }, (_, shard) => hubFor(shard));
  const answers = await Promise.all(shards.map((hub) => hub.read()));
  return renderPrometheus(answers.map((answer) => (answer.ok ? answer.value.cells : [])));
}

interface PendingBatch extends MetricsBatch {
  readonly madeAt: number;
  readonly events: number;
}

/** One for an isolate. */
export function createMetrics(): Metrics {
  let table = new CellTable();
  let events = 0;
  let lastFlushAt = 0;
  let shard: number | undefined;
  let pending: PendingBatch | undefined;
  let flushingUntil = 0;

  const count: Metrics['count'] = (name, labels, n = 1) => {
    table.add({ metric: name, labels: labelValues(name, labels), index: 0, value: n });
    events++;
  };

  /** Makes the next batch unless an earlier one still waits to be sent again. */
  const nextBatch = ({ now, random }: FlushDeps): PendingBatch | undefined => {
    if (pending !== undefined && now - pending.madeAt > LIMITS.metricsBatchRetryMs.value) {
      count('nsl_metrics_dropped_total', {}, pending.events);
      pending = undefined;
    }
    if (pending !== undefined || table.size === 0) return pending;
    pending = { batchId: toHex(random(16)), cells: table.list(), madeAt: now, events };
    table = new CellTable();
    events = 0;
    return pending;
  };

  const flush: Metrics['flush'] = async (deps) => {
    if (deps.now < flushingUntil) return;
    lastFlushAt = deps.now;
    shard ??= (deps.random(1)[0] ?? 0) % LIMITS.metricsShards.value;
    const batch = nextBatch(deps);
    if (batch === undefined) return;
    // Not a plain flag: a request that ends early takes its promise with it, and nobody would lower
    // the flag again.
    flushingUntil = deps.now + LIMITS.metricsFlushIntervalMs.value;
    try {
      await deps.hubFor(shard).flush({ batchId: batch.batchId, cells: batch.cells });
      if (pending === batch) pending = undefined;
    } catch {
      // Kept in `pending` and sent again by the next flush; a log line each time would drown the
      // log in an outage.
    } finally {
      flushingUntil = 0;
    }
  };

  return {
    count,
    flush,
    recordRequest({ operation, status, durationMs }) {
      count('nsl_http_requests_total', { operation, status: String(status) });
      const labels = labelValues('nsl_http_request_duration_seconds', { operation });
      for (const cell of observationCells('nsl_http_request_duration_seconds', labels, durationMs))
        table.add(cell);
    },
    gauge(name, labels, value) {
      table.add({ metric: name, labels: labelValues(name, labels), index: 0, value });
      events++;
    },
    flushIfDue(deps, defer) {
      const waitedLong = deps.now - lastFlushAt >= LIMITS.metricsFlushIntervalMs.value;
      const hasMany = events >= LIMITS.metricsFlushEvents.value;
      // A batch that could not be sent waits for its time: a shard in trouble is not asked by each
      // request.
      if (waitedLong || (hasMany && pending === undefined)) defer(flush(deps));
    },
  };
}

const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
