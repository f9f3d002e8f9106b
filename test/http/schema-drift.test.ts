/**
 * Queries are written against the drizzle tables, storage is made by the numbered migrations; nothing else ties the
 * two. Here every declared table is held against the migrated database: its columns, their types, which may be null,
 * the primary key, the indexes. And every migrated table is declared by somebody.
 */
import { env } from 'cloudflare:workers';
import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../worker/env.ts';

/** Vite's own import of all files of a pattern; its types come with vite/client, which would bring the DOM. */
declare global {
  interface ImportMeta {
    glob(pattern: string, options: { readonly eager: true }): Readonly<Record<string, object>>;
  }
}

const modules = import.meta.glob('../../worker/**/tables.ts', { eager: true });
const tables = Object.values(modules)
  .flatMap((module) => Object.values(module) as unknown[])
  .filter((exported) => is(exported, SQLiteTable));

type Column = { name: string; type: string; notnull: number; pk: number };

const database = (): D1Database => (env as unknown as Env).DB;

async function migratedColumns(table: string) {
  const { results } = await database()
    .prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)')
    .bind(table)
    .all<Column>();
  return results.map(({ name, type, notnull, pk }) => ({
    name,
    type: type.toLowerCase(),
    isNotNull: notnull === 1,
    isKey: pk > 0,
  }));
}

function declaredColumns(table: SQLiteTable) {
  const { columns, primaryKeys } = getTableConfig(table);
  const keys = new Set(primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)));
  return columns.map((column) => ({
    name: column.name,
    type: column.getSQLType(),
    isNotNull: column.notNull || column.primary,
    isKey: column.primary || keys.has(column.name),
  }));
}

const byName = (one: { name: string }, other: { name: string }): number =>
  one.name < other.name ? -1 : 1;

describe('the declared tables and the migrated database', () => {
  for (const table of tables) {
    const { name } = getTableConfig(table);
    it(`have the same columns, types, nulls and keys in ${name}`, async () => {
      const migrated = await migratedColumns(name);
      expect(declaredColumns(table).toSorted(byName)).toEqual(migrated.toSorted(byName));
    });
  }

  it('are the same tables', async () => {
    const { results } = await database()
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table'
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations'`,
      )
      .all<{ name: string }>();
    const declared = tables.map((table) => getTableConfig(table).name);
    expect(declared.toSorted()).toEqual(results.map(({ name }) => name).toSorted());
  });

  it('have the same indexes, unique or not', async () => {
    for (const table of tables) {
      const { name, indexes } = getTableConfig(table);
      const { results } = await database()
        .prepare(`SELECT name, "unique" FROM pragma_index_list(?) WHERE origin = 'c'`)
        .bind(name)
        .all<{ name: string; unique: number }>();
      const migrated = results.map((index) => ({ name: index.name, isUnique: index.unique === 1 }));
      const declared = indexes.map(({ config }) => ({
        name: config.name,
        isUnique: config.unique,
      }));
      expect(declared.toSorted(byName)).toEqual(migrated.toSorted(byName));
    }
  });
});
