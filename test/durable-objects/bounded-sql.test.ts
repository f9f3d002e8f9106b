import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type BoundedSql, boundedSql } from '../../durable-objects/bounded-sql.ts';
import { migrate } from '../../durable-objects/migrate.ts';

const { ACCOUNT_JOURNAL } = env as unknown as { ACCOUNT_JOURNAL: DurableObjectNamespace };

const inStorage = <Value>(work: (sql: BoundedSql, storage: DurableObjectStorage) => Value) =>
  runInDurableObject(ACCOUNT_JOURNAL.getByName('storage-of-a-test'), (_object, state) => {
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text)');
    return work(boundedSql(state.storage.sql), state.storage);
  });

describe('boundedSql', () => {
  it('refuses a row of more than 1 MiB, which production would refuse at 2 MB', () =>
    inStorage((sql) => {
      sql.run('INSERT INTO notes (text) VALUES (?)', new Uint8Array(1_048_576));
      const tooLarge = [new Uint8Array(1_048_577), 'x'.repeat(1_048_577), 'é'.repeat(524_289)];
      for (const value of tooLarge)
        expect(() => sql.run('INSERT INTO notes (text) VALUES (?)', value)).toThrow(/binds/);
      expect(sql.all('SELECT id FROM notes')).toHaveLength(1);
    }));

  it('refuses more than 100 parameters', () =>
    inStorage((sql) => {
      const list = (count: number) => Array.from({ length: count }, () => '?').join(', ');
      expect(sql.all(`SELECT ${list(100)}`, ...Array(100).fill(1))).toHaveLength(1);
      expect(() => sql.all(`SELECT ${list(101)}`, ...Array(101).fill(1))).toThrow(/101 parameters/);
    }));

  it('refuses numbers that SQLite would change in silence', () =>
    inStorage((sql) => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
        expect(() => sql.run('INSERT INTO notes (text) VALUES (?)', value)).toThrow(/SQLite would/);
    }));

  it('counts the rows a write changed and gives no first row when there is none', () =>
    inStorage((sql) => {
      sql.run("INSERT INTO notes (id, text) VALUES (1, 'a'), (2, 'b')");
      expect(sql.run("UPDATE notes SET text = 'c'")).toBe(2);
      expect(sql.run("UPDATE notes SET text = 'c' WHERE id = 3")).toBe(0);
      expect(sql.first('SELECT id FROM notes WHERE id = 3')).toBeUndefined();
    }));
});

describe('migrate', () => {
  const first = { name: 'pages', sql: 'CREATE TABLE pages (id INTEGER PRIMARY KEY, title TEXT)' };
  const second = {
    name: 'page sizes',
    sql: `ALTER TABLE pages ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
          UPDATE pages SET size = length(title);`,
  };
  const onEmpty = <Value>(work: (sql: BoundedSql, storage: DurableObjectStorage) => Value) =>
    inStorage((sql, storage) => {
      storage.sql.exec('DROP TABLE IF EXISTS schema_migrations');
      return work(sql, storage);
    });

  it('upgrades with the data in place and runs each migration once', () =>
    onEmpty((sql, storage) => {
      expect(migrate(storage, [first], 1)).toBe(1);
      sql.run("INSERT INTO pages (title) VALUES ('chapter')");
      expect(migrate(storage, [first, second], 2)).toBe(2);
      expect(migrate(storage, [first, second], 3)).toBe(2);
      expect(sql.first('SELECT title, size FROM pages')).toEqual({ title: 'chapter', size: 7 });
      expect(sql.all('SELECT version, applied_at FROM schema_migrations')).toEqual([
        { version: 1, applied_at: 1 },
        { version: 2, applied_at: 2 },
      ]);
    }));

  it('leaves no half of a migration when one of its statements fails', () =>
    onEmpty((sql, storage) => {
      const broken = { name: 'broken', sql: 'CREATE TABLE half (id); SELECT * FROM nowhere;' };
      expect(() => migrate(storage, [first, broken], 1)).toThrow();
      expect(sql.first("SELECT name FROM sqlite_master WHERE name = 'half'")).toBeUndefined();
      expect(migrate(storage, [first, second], 2)).toBe(2);
    }));

  it('stops when history was edited or the code is older than the schema', () =>
    onEmpty((_sql, storage) => {
      migrate(storage, [first, second], 1);
      expect(() => migrate(storage, [first], 2)).toThrow(/this code knows 1/);
      expect(() => migrate(storage, [{ ...first, name: 'books' }, second], 2)).toThrow(/changed/);
    }));
});
