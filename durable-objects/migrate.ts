/**
 * Brings an object's SQLite to the schema its code expects. Migrations are a numbered array that is
 * only added to; each one runs once, in its own transaction together with the row that records it,
 * so that a crash between two leaves a state from which the next start goes on. Data in place is
 * carried by the statements themselves.
 *
 * Two mistakes stop the object before it can write wrong rows: history that was edited after it
 * ran, and code older than the stored schema. Call it under `blockConcurrencyWhile` in the
 * constructor, where nothing else is done.
 */
import { assert } from '../worker/core/assert.ts';
import type { SqlExec } from './bounded-sql.ts';

export interface Migration {
  /** Names what changes, in words; compared with what was recorded. */
  readonly name: string;
  /** One or more SQL statements without parameters. */
  readonly sql: string;
}

/** The part of an object's storage that is needed here. */
export interface MigratedStorage {
  readonly sql: SqlExec;
  transactionSync<Value>(change: () => Value): Value;
}

type AppliedRow = { version: number; name: string };

const RECORD_SCHEMA = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT`;

/** Version n is the n-th element, counted from 1. Answers the version the object stands at. */
export function migrate(
  storage: MigratedStorage,
  migrations: readonly Migration[],
  now: number,
): number {
  storage.sql.exec(RECORD_SCHEMA);
  const applied = storage.sql
    .exec<AppliedRow>('SELECT version, name FROM schema_migrations ORDER BY version')
    .toArray();
  assert(
    applied.length <= migrations.length,
    `the stored schema is version ${applied.length}, this code knows ${migrations.length}`,
  );
  for (const [index, { version, name }] of applied.entries())
    assert(
      version === index + 1 && name === migrations[index]?.name,
      `migration ${index + 1} was changed after it had run`,
    );
  for (const [index, migration] of migrations.entries())
    if (index >= applied.length) applyOne(storage, { migration, version: index + 1, now });
  return migrations.length;
}

interface Step {
  readonly migration: Migration;
  readonly version: number;
  readonly now: number;
}

function applyOne(storage: MigratedStorage, { migration, version, now }: Step): void {
  storage.transactionSync(() => {
    storage.sql.exec(migration.sql);
    storage.sql.exec(
      'INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)',
      version,
      migration.name,
      now,
    );
  });
}
