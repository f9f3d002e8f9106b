/**
 * Every metric of the product. A label takes its values from a closed set or a closed form, never
 * an id of a tenant: the number of series is bounded by this file, and a scrape tells nothing about
 * one customer.
 *
 * Values are whole numbers inside (milliseconds, not seconds), so that sums are exact whatever the
 * order of addition.
 */
import { WORK_KINDS } from '../queue/kinds.ts';

export interface LabelDefinition {
  readonly name: string;
  /** A list of all values, or the form of a value for the two sets that other files own. */
  readonly values: readonly string[] | RegExp;
}

interface MetricBasis {
  readonly help: string;
  readonly labels: readonly LabelDefinition[];
}

export type MetricDefinition = MetricBasis &
  (
    | { readonly type: 'counter' }
    /**
     * `max` keeps the highest value ever seen; `sum` adds what is recorded, which may be negative.
     */
    | { readonly type: 'gauge'; readonly merge: 'sum' | 'max' }
    /** Upper bounds in milliseconds, ascending; shown in seconds. */
    | { readonly type: 'histogram'; readonly boundsMs: readonly number[] }
  );

const OPERATION: LabelDefinition = {
  name: 'operation',
  values: /^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/,
};
const STATUS: LabelDefinition = { name: 'status', values: /^[1-5][0-9]{2}$/ };

export const METRICS = {
  nsl_http_requests_total: {
    type: 'counter',
    help: 'HTTP requests answered, by operation and status.',
    labels: [OPERATION, STATUS],
  },
  nsl_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the arrival of a request to its answer.',
    labels: [OPERATION],
    boundsMs: [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000],
  },
  nsl_function_runs_total: {
    type: 'counter',
    help: 'Function runs that ended, by status.',
    labels: [{ name: 'status', values: /^[a-z][a-z_]*$/ }],
  },
  nsl_function_fuel_total: {
    type: 'counter',
    help: 'Fuel used by function runs.',
    labels: [],
  },
  nsl_queue_items_total: {
    type: 'counter',
    help: 'Work items that left a runner, by kind and outcome.',
    labels: [
      { name: 'kind', values: WORK_KINDS },
      { name: 'outcome', values: ['done', 'retry', 'dead', 'released', 'stale'] },
    ],
  },
  nsl_queue_backlog_peak: {
    type: 'gauge',
    merge: 'max',
    help: 'The largest backlog of one account seen at an enqueue.',
    labels: [],
  },
  nsl_rate_limited_total: {
    type: 'counter',
    help: 'Requests refused by a rate limit, by policy.',
    labels: [{ name: 'policy', values: ['key', 'address'] }],
  },
  nsl_egress_requests_total: {
    type: 'counter',
    help: 'Outgoing requests made for tenants, by outcome.',
    labels: [
      { name: 'outcome', values: ['answered', 'refused', 'failed', 'timed_out', 'too_large'] },
    ],
  },
  nsl_audit_outbox_drained_total: {
    type: 'counter',
    help: 'Audit lines moved from the outbox to a journal.',
    labels: [],
  },
  nsl_events_dropped_total: {
    type: 'counter',
    help: 'Platform events dropped because their outbox was full or they were too old.',
    labels: [],
  },
  nsl_metrics_dropped_total: {
    type: 'counter',
    help: 'Recorded events lost: too many series, or a flush that was given up.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

type LabelsOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number] extends {
  readonly name: infer Label extends string;
}
  ? Readonly<Record<Label, string>>
  : Readonly<Record<string, never>>;

/** The labels a metric takes, all of them. */
export type MetricLabels<Name extends MetricName> = LabelsOf<Name>;

type NamesOfType<Type> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];

export type CounterName = NamesOfType<'counter'>;
export type GaugeName = NamesOfType<'gauge'>;
export type HistogramName = NamesOfType<'histogram'>;

export const isMetricName = (text: string): text is MetricName => Object.hasOwn(METRICS, text);

/** The definition without its literal types, for code that treats all metrics alike. */
export const definitionOf = (name: MetricName): MetricDefinition => METRICS[name];
