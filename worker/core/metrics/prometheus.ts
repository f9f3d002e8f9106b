/**
 * The Prometheus text exposition format 0.0.4: `# HELP` and `# TYPE` once for each metric, then its
 * samples; histograms as cumulative `_bucket` samples with `le`, `_sum` and `_count`. Sorted, so
 * that the same cells give the same text. A metric that was never recorded still stands there with
 * its help; without labels it shows 0.
 */
import { assert } from '../assert.ts';
import { type Cell, CellTable } from './cells.ts';
import {
  definitionOf,
  isMetricName,
  METRICS,
  type MetricDefinition,
  type MetricName,
} from './definitions.ts';

interface Series {
  readonly labels: readonly string[];
  /** By index of the cell. */
  readonly values: ReadonlyMap<number, number>;
}

/** Adds the cells of all shards up and renders them. */
export function renderPrometheus(shards: readonly (readonly Cell[])[]): string {
  const table = new CellTable();
  for (const cell of shards.flat()) if (isMetricName(cell.metric)) table.add(cell);
  const byMetric = Map.groupBy(table.list(), ({ metric }) => metric);
  const names = Object.keys(METRICS).filter(isMetricName).sort();
  return names.map((name) => renderMetric(name, byMetric.get(name) ?? [])).join('');
}

function renderMetric(name: MetricName, cells: readonly Cell[]): string {
  const definition = definitionOf(name);
  const lines = [
    `# HELP ${name} ${escapeHelp(definition.help)}`,
    `# TYPE ${name} ${definition.type}`,
    ...seriesOf(definition, cells).flatMap((series) => sampleLines(name, definition, series)),
  ];
  return `${lines.join('\n')}\n`;
}

function seriesOf(definition: MetricDefinition, cells: readonly Cell[]): readonly Series[] {
  const groups = Map.groupBy(cells, ({ labels }) => labels.join('\u0000'));
  if (groups.size === 0 && definition.labels.length === 0)
    return [{ labels: [], values: new Map() }];
  return [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => ({
      labels: group[0]?.labels ?? [],
      values: new Map(group.map(({ index, value }) => [index, value])),
    }));
}

function sampleLines(name: MetricName, definition: MetricDefinition, series: Series): string[] {
  const labels = definition.labels.map(
    (label, index) => `${label.name}="${escapeLabel(series.labels[index] ?? '')}"`,
  );
  if (definition.type !== 'histogram')
    return [`${name}${braced(labels)} ${numberText(series.values.get(0) ?? 0)}`];
  let count = 0;
  const buckets = [...definition.boundsMs, Number.POSITIVE_INFINITY].map((bound, index) => {
    count += series.values.get(index) ?? 0;
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : numberText(bound / 1_000);
    return `${name}_bucket${braced([...labels, `le="${le}"`])} ${numberText(count)}`;
  });
  const sumMs = series.values.get(definition.boundsMs.length + 1) ?? 0;
  return [
    ...buckets,
    `${name}_sum${braced(labels)} ${numberText(sumMs / 1_000)}`,
    `${name}_count${braced(labels)} ${numberText(count)}`,
  ];
}

const braced = (labels: readonly string[]): string =>
  labels.length === 0 ? '' : `{${labels.join(',')}}`;

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

/** Go's ParseFloat, which readers use, takes what JavaScript prints for every finite number. */
function numberText(value: number): string {
  assert(Number.isFinite(value), 'a sample is a finite number');
  return String(value);
}
