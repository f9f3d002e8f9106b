/**
 * docs/storage-schema.md names every table and every column that a migration makes, of D1 and of each object: a store
 * nobody wrote down is a store nobody decided about.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/storage-schema.md'), 'utf8');

/** A definition ends at its closing parenthesis at the start of a line, as every migration is written. */
const TABLE = /CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([\s\S]*?)\n? *\)(?: STRICT|;|`|,)/g;
/** Constraints of a table are no columns. */
const CONSTRAINT = /^(PRIMARY|UNIQUE|CHECK|FOREIGN|CONSTRAINT)\b/;

interface Table {
  readonly file: string;
  readonly name: string;
  readonly columns: readonly string[];
}

function readTables(file: string): readonly Table[] {
  const sql = readFileSync(join(ROOT, file), 'utf8');
  return [...sql.matchAll(TABLE)].map(([, name = '', body = '']) => ({
    file,
    name,
    columns: splitDefinitions(body)
      .filter((definition) => !CONSTRAINT.test(definition))
      .map((definition) => /^\w+/.exec(definition)?.[0] ?? definition),
  }));
}

/** At commas outside of parentheses. */
function splitDefinitions(body: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of body) {
    depth += Number(character === '(') - Number(character === ')');
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const files = globSync(
  ['d1-migrations/*.sql', 'durable-objects/*/migrations.ts', 'durable-objects/migrate.ts'],
  { cwd: ROOT },
).toSorted();

describe('docs/storage-schema.md', () => {
  it('is held against every migration', () => {
    const created = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
    const count = created.match(/CREATE TABLE /g)?.length ?? 0;
    expect(files.flatMap(readTables)).toHaveLength(count);
    expect(count).toBeGreaterThan(20);
  });

  for (const file of files)
    it(`names every table and column of ${file}`, () => {
      const missing = readTables(file).flatMap(({ name, columns }) =>
        [name, ...columns].filter((word) => !DOCUMENT.includes(`\`${word}\``)),
      );
      expect(missing).toEqual([]);
    });
});
