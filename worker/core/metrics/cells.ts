/**
 * The form in which metrics are counted, sent and stored: cells. A counter or gauge is one cell for
 * each set of labels; a histogram of n bounds has n + 1 buckets (not cumulative here) and, as cell
 * n + 1, the sum of what was observed. Cells of many isolates and shards merge by adding them, or
 * for a `max` gauge by taking the larger.
 */
import { assert } from '../assert.ts';
import {
  definitionOf,
  isMetricName,
  type LabelDefinition,
  type MetricDefinition,
  type MetricName,
} from './definitions.ts';
import { LIMITS } from './limits.ts';

export interface Cell {
  readonly metric: MetricName;
  /** Values in the order of the definition's labels. */
  readonly labels: readonly string[];
  readonly index: number;
  readonly value: number;
}

/** Cells by identity, being merged. */
export class CellTable {
  readonly #cells = new Map<string, Cell>();

  get size(): number {
    return this.#cells.size;
  }

  add(cell: Cell): void {
    const key = cellKey(cell);
    const earlier = this.#cells.get(key);
    const value =
      earlier === undefined ? cell.value : merge(cell.metric, earlier.value, cell.value);
    this.#cells.set(key, { ...cell, value });
  }

  list(): readonly Cell[] {
    return [...this.#cells.values()];
  }
}

// Label values hold no control characters (their sets and forms), so the key is unambiguous.
const cellKey = ({ metric, labels, index }: Cell): string =>
  [metric, ...labels, index].join('\u0000');

export const mergeRule = (metric: MetricName): 'sum' | 'max' => {
  const definition = definitionOf(metric);
  return definition.type === 'gauge' ? definition.merge : 'sum';
};

const merge = (metric: MetricName, one: number, other: number): number =>
  mergeRule(metric) === 'max' ? Math.max(one, other) : one + other;

/**
 * Label values in order; refuses a value outside its set, and labels that are missing or too many.
 */
export function labelValues(
  metric: MetricName,
  labels: Readonly<Record<string, string>>,
): readonly string[] {
  const { labels: definitions } = definitionOf(metric);
  assert(Object.keys(labels).length === definitions.length, `${metric} takes other labels`);
  return definitions.map((definition) => {
    const value = labels[definition.name];
    assert(value !== undefined && isAllowed(definition, value), `${metric} refuses a label value`);
    return value;
  });
}

/** The two cells of one observation: its bucket and the sum. */
export function observationCells(
  metric: MetricName,
  labels: readonly string[],
  valueMs: number,
): readonly [Cell, Cell] {
  const definition = definitionOf(metric);
  assert(definition.type === 'histogram', `${metric} is no histogram`);
  assert(Number.isFinite(valueMs), `${metric} observes a number`);
  // A clock that stepped back must not make a sum fall.
  const value = Math.max(0, Math.round(valueMs));
  const found = definition.boundsMs.findIndex((bound) => value <= bound);
  const bucket = found === -1 ? definition.boundsMs.length : found;
  const sum = definition.boundsMs.length + 1;
  return [
    { metric, labels, index: bucket, value: 1 },
    { metric, labels, index: sum, value },
  ];
}

/**
 * At the door of a shard: what an isolate of another release sends must still have the form of a
 * known metric.
 */
export function isSoundCell(cell: Cell): boolean {
  if (!isMetricName(cell.metric) || !Number.isFinite(cell.value)) return false;
  const definition = definitionOf(cell.metric);
  if (definition.type === 'counter' && cell.value < 0) return false;
  return (
    cell.labels.length === definition.labels.length &&
    definition.labels.every((label, index) => isAllowed(label, cell.labels[index] ?? '')) &&
    Number.isInteger(cell.index) &&
    cell.index >= 0 &&
    cell.index < cellCount(definition)
  );
}

const cellCount = (definition: MetricDefinition): number =>
  definition.type === 'histogram' ? definition.boundsMs.length + 2 : 1;

function isAllowed({ values }: LabelDefinition, value: string): boolean {
  if (value.length > LIMITS.metricsValueCharsMax.value) return false;
  return values instanceof RegExp ? values.test(value) : values.includes(value);
}
