/**
 * The schema of D1 as all migrations leave it, in one text. Storage is made anew before every test
 * in workerd, and what one migration makes and another alters is made once here: half the time.
 */
import { DatabaseSync } from 'node:sqlite';
import { readD1Migrations } from '@cloudflare/vitest-plugin';

export async function readSchema(folder: string): Promise<string> {
  const database = new DatabaseSync(':memory:');
  try {
    for (const { queries } of await readD1Migrations(folder))
      for (const query of queries) database.exec(query);
    return listStatements(database).join('\n');
  } finally {
    database.close();
  }
}

function listStatements(database: DatabaseSync): readonly string[] {
  const rows = database
    .prepare(
      `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
       ORDER BY rowid`,
    )
    .all();
  return rows.map(({ type, name, sql }) => {
    if (type === 'table' && database.prepare(`SELECT 1 FROM "${String(name)}"`).get())
      throw new Error(`a migration fills ${String(name)}, which tests would not have`);
    return `${String(sql)};`;
  });
}
