/**
 * Schema of a MetricsHub. Only added to, never edited. Values are REAL: exact up to 2^53, and no
 * error beyond.
 */
import type { Migration } from '../migrate.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'cells and batches',
    sql: `
CREATE TABLE cells (
  metric TEXT NOT NULL,
  labels TEXT NOT NULL,
  cell INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (metric, labels, cell)
) STRICT, WITHOUT ROWID;
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_by_time ON batches (at);`,
  },
];
