/**
 * The statements of a MetricsHub. Labels are stored as the JSON of their values in the definition's
 * order.
 */
import { type Cell, mergeRule } from '../../worker/core/metrics/cells.ts';
import { isMetricName } from '../../worker/core/metrics/definitions.ts';
import type { BoundedSql } from '../bounded-sql.ts';

type CellRow = { metric: string; labels: string; cell: number; value: number };

const ADD = `INSERT INTO cells (metric, labels, cell, value) VALUES (?, ?, ?, ?)
  ON CONFLICT (metric, labels, cell) DO UPDATE SET value =`;

export function metricsStore(sql: BoundedSql) {
  return {
    /** False when the batch was counted before. */
    saveBatch: (id: string, at: number): boolean =>
      sql.run('INSERT INTO batches (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING', id, at) === 1,
    removeBatches: (before: number): number => sql.run('DELETE FROM batches WHERE at < ?', before),
    addCell({ metric, labels, index, value }: Cell): void {
      const merged =
        mergeRule(metric) === 'max' ? 'max(value, excluded.value)' : 'value + excluded.value';
      sql.run(`${ADD} ${merged}`, metric, JSON.stringify(labels), index, value);
    },
    hasCell: ({ metric, labels, index }: Cell): boolean =>
      sql.first(
        'SELECT 1 AS found FROM cells WHERE metric = ? AND labels = ? AND cell = ?',
        metric,
        JSON.stringify(labels),
        index,
      ) !== undefined,
    countCells: (): number => sql.first<{ n: number }>('SELECT COUNT(*) AS n FROM cells')?.n ?? 0,
    /** Rows of a metric that this release does not know any more are left out. */
    listCells: (): Cell[] =>
      sql
        .all<CellRow>('SELECT metric, labels, cell, value FROM cells ORDER BY metric, labels, cell')
        .flatMap(({ metric, labels, cell, value }) => {
          if (!isMetricName(metric)) return [];
          const values: readonly string[] = JSON.parse(labels);
          return [{ metric, labels: values, index: cell, value }];
        }),
  };
}
