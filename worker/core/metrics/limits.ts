/** Bounds of the metrics; `GET /limits` shows them. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  metricsShards: {
    value: 8,
    unit: 'objects',
    reason: 'isolates flush to one each; a read asks all',
  },
  metricsFlushIntervalMs: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'fresh enough for a scrape each 15 s; an isolate that dies loses no more',
  },
  metricsFlushEvents: {
    value: 1_000,
    unit: 'events',
    reason: 'a busy isolate flushes earlier, so that little is lost with it',
  },
  metricsBatchCellsMax: {
    value: 10_000,
    unit: 'cells',
    reason: 'all operations with all their statuses and buckets fit several times; about 1 MB',
  },
  metricsSeriesMax: {
    value: 20_000,
    unit: 'cells',
    reason: 'a scrape of 8 shards stays within 16 MiB an answer; more is dropped and counted',
  },
  metricsBatchKeepMs: {
    value: 600_000,
    unit: 'milliseconds',
    reason: 'a repeated flush is known for ten minutes; isolates give up on it earlier',
  },
  metricsBatchRetryMs: {
    value: 300_000,
    unit: 'milliseconds',
    reason: 'half of the time in which a repetition is known as such',
  },
  metricsValueCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'operation ids and codes are shorter; an id of a tenant is no label',
  },
} as const satisfies Record<string, Limit>;
