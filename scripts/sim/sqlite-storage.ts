/**
 * The part of an object's storage that its statements need, over the SQLite of Node: the same SQL
 * in one process, without workerd. Nothing outlives the process.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlRow } from '../../durable-objects/bounded-sql.ts';
import type { MigratedStorage } from '../../durable-objects/migrate.ts';

export function storageInMemory(): MigratedStorage {
  const database = new DatabaseSync(':memory:');
  const prepared = new Map<string, StatementSync | 'script'>();
  const prepare = (statement: string): StatementSync | 'script' => {
    const known = prepared.get(statement);
    if (known !== undefined) return known;
    const fresh = /;\s*\S/.test(statement) ? 'script' : database.prepare(statement);
    prepared.set(statement, fresh);
    return fresh;
  };
  const run = <Row extends SqlRow>(statement: string, parameters: readonly unknown[]): Row[] => {
    const ready = prepare(statement);
    if (ready === 'script') {
      database.exec(statement);
      return [];
    }
    // What the statements bind and read are values of SQLite, in both engines.
    return ready.all(...(parameters as Parameters<StatementSync['all']>)) as Row[];
  };
  return {
    sql: {
      exec: <Row extends SqlRow>(statement: string, ...parameters: readonly unknown[]) =>
        cursorOf(run<Row>(statement, parameters)),
    },
    transactionSync: (change) => {
      database.exec('BEGIN');
      try {
        const value = change();
        database.exec('COMMIT');
        return value;
      } catch (fault) {
        database.exec('ROLLBACK');
        throw fault;
      }
    },
  };
}

const cursorOf = <Row>(rows: Row[]) => ({
  toArray: () => rows,
  next: (): IteratorResult<Row, undefined> => {
    const [value] = rows;
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  },
  one: (): Row => {
    const [row, ...others] = rows;
    if (row === undefined || others.length > 0) throw new Error('not one row');
    return row;
  },
});
