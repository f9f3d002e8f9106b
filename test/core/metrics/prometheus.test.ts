import { describe, expect, it } from 'vitest';
import {
  type Cell,
  CellTable,
  isSoundCell,
  labelValues,
  observationCells,
} from '../../../worker/core/metrics/cells.ts';
import { METRICS, type MetricName } from '../../../worker/core/metrics/definitions.ts';
import { renderPrometheus } from '../../../worker/core/metrics/prometheus.ts';

const counter = (metric: MetricName, labels: readonly string[], value: number): Cell => ({
  metric,
  labels,
  index: 0,
  value,
});

/** The lines of one metric, HELP and TYPE included. */
const linesOf = (text: string, metric: string): readonly string[] =>
  text.split('\n').filter((line) => new RegExp(`^(# (HELP|TYPE) )?${metric}\\b`).test(line));

describe('renderPrometheus', () => {
  it('adds the shards up and sorts the series', () => {
    const text = renderPrometheus([
      [
        counter('nsl_http_requests_total', ['secrets.createSecret', '201'], 2),
        counter('nsl_http_requests_total', ['accounts.listAccounts', '200'], 1),
      ],
      [counter('nsl_http_requests_total', ['secrets.createSecret', '201'], 40)],
    ]);
    expect(linesOf(text, 'nsl_http_requests_total')).toEqual([
      '# HELP nsl_http_requests_total HTTP requests answered, by operation and status.',
      '# TYPE nsl_http_requests_total counter',
      'nsl_http_requests_total{operation="accounts.listAccounts",status="200"} 1',
      'nsl_http_requests_total{operation="secrets.createSecret",status="201"} 42',
    ]);
  });

  it('renders a histogram cumulatively in seconds, with sum and count', () => {
    const name = 'nsl_http_request_duration_seconds';
    const labels = ['system.getVersion'];
    const cells = [1, 5, 6, 300, 60_000].flatMap((ms) => observationCells(name, labels, ms));
    const samples = linesOf(renderPrometheus([cells]), `${name}_\\w+`);
    const bucket = (le: string, count: number) =>
      `${name}_bucket{operation="system.getVersion",le="${le}"} ${count}`;
    expect(samples).toEqual([
      bucket('0.005', 2),
      bucket('0.01', 3),
      bucket('0.025', 3),
      bucket('0.05', 3),
      bucket('0.1', 3),
      bucket('0.25', 3),
      bucket('0.5', 4),
      bucket('1', 4),
      bucket('2.5', 4),
      bucket('5', 4),
      bucket('10', 4),
      bucket('30', 4),
      bucket('+Inf', 5),
      `${name}_sum{operation="system.getVersion"} 60.312`,
      `${name}_count{operation="system.getVersion"} 5`,
    ]);
  });

  it('takes the highest of a peak over the shards', () => {
    const shards = [3, 9, 4].map((value) => [counter('nsl_queue_backlog_peak', [], value)]);
    expect(linesOf(renderPrometheus(shards), 'nsl_queue_backlog_peak').at(-1)).toBe(
      'nsl_queue_backlog_peak 9',
    );
  });

  it('shows every metric with help and type before anything was recorded, and 0 where no labels are', () => {
    const text = renderPrometheus([]);
    for (const name of Object.keys(METRICS)) {
      expect(text).toContain(`# HELP ${name} `);
      expect(text).toContain(`# TYPE ${name} `);
    }
    expect(text).toContain('\nnsl_function_fuel_total 0\n');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('gives the same text whatever the order of cells and shards', () => {
    const cells = [
      counter('nsl_rate_limited_total', ['key'], 1),
      counter('nsl_rate_limited_total', ['address'], 2),
      counter('nsl_function_runs_total', ['succeeded'], 3),
    ];
    expect(renderPrometheus([cells])).toBe(renderPrometheus([[], cells.toReversed()]));
  });

  it('escapes what would leave a quoted value or a line', () => {
    const cells = [counter('nsl_rate_limited_total', ['a"b\\c\nd'], 1)];
    expect(renderPrometheus([cells])).toContain(
      'nsl_rate_limited_total{policy="a\\"b\\\\c\\nd"} 1\n',
    );
  });

  it('matches the exposition grammar line by line', () => {
    const cells = [
      ...observationCells('nsl_http_request_duration_seconds', ['a.b'], 7),
      counter('nsl_function_fuel_total', [], 9e15),
    ];
    const sample =
      /^[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? [0-9.e+]+$/;
    for (const line of renderPrometheus([cells]).trimEnd().split('\n'))
      expect(line.startsWith('# ') || sample.test(line)).toBe(true);
  });
});

describe('labelValues', () => {
  it('puts values into the order of the definition', () => {
    const labels = { status: '200', operation: 'system.getVersion' };
    expect(labelValues('nsl_http_requests_total', labels)).toEqual(['system.getVersion', '200']);
  });

  it('refuses an id, a value outside its set, a missing and a surplus label', () => {
    const refused: [MetricName, Record<string, string>][] = [
      ['nsl_http_requests_total', { operation: 'acc_01jd', status: '200' }],
      ['nsl_http_requests_total', { operation: 'a.b', status: '2xx' }],
      ['nsl_http_requests_total', { operation: 'a.b' }],
      ['nsl_http_requests_total', { operation: 'a.b', status: '200', account: 'acc_01jd' }],
      ['nsl_queue_items_total', { kind: 'execution.run', outcome: 'lost' }],
      ['nsl_function_runs_total', { status: 'x'.repeat(65) }],
    ];
    for (const [metric, labels] of refused) expect(() => labelValues(metric, labels)).toThrow();
  });
});

describe('cells', () => {
  it('keep sums exact whatever the order of addition', () => {
    const table = new CellTable();
    for (let index = 0; index < 1_000; index++)
      for (const cell of observationCells('nsl_http_request_duration_seconds', ['a.b'], 100))
        table.add(cell);
    const text = renderPrometheus([table.list()]);
    expect(text).toContain('nsl_http_request_duration_seconds_sum{operation="a.b"} 100\n');
  });

  it('do not let a sum fall when the clock stepped back', () => {
    const [bucket, sum] = observationCells('nsl_http_request_duration_seconds', ['a.b'], -5_000);
    expect([bucket.index, sum.value]).toEqual([0, 0]);
  });

  it('are refused at a shard when they are none of a known metric', () => {
    const sound = counter('nsl_rate_limited_total', ['key'], 1);
    expect(isSoundCell(sound)).toBe(true);
    const unsound = [
      { ...sound, metric: 'toString' as MetricName },
      { ...sound, labels: [] },
      { ...sound, labels: ['acc_01jd'] },
      { ...sound, index: 1 },
      { ...sound, value: -1 },
      { ...sound, value: Number.NaN },
    ];
    for (const cell of unsound) expect(isSoundCell(cell)).toBe(false);
  });
});
