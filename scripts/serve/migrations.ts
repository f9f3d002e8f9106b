/**
 * Applies the numbered files of d1-migrations to a local database, in Wrangler's own bookkeeping
 * table, so that `wrangler d1 migrations` and `npm start` agree about what was applied. A file and
 * its row are one batch: a crash in between leaves neither.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_splitSqlQuery as splitSql } from 'wrangler';

/** The part of a D1 database that is used here. */
export interface MigratedDatabase<Statement extends MigrationStatement<Statement>> {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

export interface MigrationStatement<Self> {
  bind(...values: unknown[]): Self;
  run(): Promise<unknown>;
  all(): Promise<{ readonly results: readonly object[] }>;
}

const TABLE = `CREATE TABLE IF NOT EXISTS "d1_migrations"(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Answers the names of the files that were applied now. */
export async function applyMigrations<Statement extends MigrationStatement<Statement>>(
  database: MigratedDatabase<Statement>,
  folder: string,
): Promise<readonly string[]> {
  await database.prepare(TABLE).run();
  const rows = await database.prepare('SELECT name FROM "d1_migrations" ORDER BY id').all();
  const applied = new Set(rows.results.map((row) => 'name' in row && row.name));
  const pending = listMigrations(folder).filter((name) => !applied.has(name));
  for (const name of pending) {
    const statements = splitSql(readFileSync(join(folder, name), 'utf8'));
    const record = database.prepare('INSERT INTO "d1_migrations" (name) VALUES (?)').bind(name);
    await database.batch([...statements.map((sql) => database.prepare(sql)), record]);
  }
  return pending;
}

function listMigrations(folder: string): readonly string[] {
  const number = (name: string) => Number.parseInt(name, 10);
  return readdirSync(folder)
    .filter((name) => /^\d+_.*\.sql$/.test(name))
    .sort((left, right) => number(left) - number(right) || left.localeCompare(right));
}
