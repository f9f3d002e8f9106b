/**
 * The follower's SQL on node:sqlite, so that the very steps of the object run in Node and can be
 * killed: at any statement, with the transaction undone as SQLite undoes it.
 */
import { DatabaseSync } from 'node:sqlite';
import type { BoundedSql, SqlParameter, SqlRow } from '../../../durable-objects/bounded-sql.ts';
import { MIGRATIONS } from '../../../durable-objects/chain-follower/migrations.ts';

export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface NodeSql {
  readonly sql: BoundedSql;
  readonly transaction: <Value>(work: () => Value) => Value;
  /** Dies at the statement that many from now; 0 for never. */
  killAfter(statements: number): void;
  readonly statements: () => number;
}

export function openSql(): NodeSql {
  const database = new DatabaseSync(':memory:');
  for (const { sql } of MIGRATIONS) database.exec(sql);
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  let left = 0;
  let statements = 0;
  const statement = (text: string) => {
    statements += 1;
    if (left > 0) {
      left -= 1;
      if (left === 0) throw new Killed();
    }
    const known = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const values = (parameters: readonly SqlParameter[]) =>
    parameters as readonly (string | number | null | Uint8Array)[]; // No ArrayBuffer is bound here.
  const sql: BoundedSql = {
    all: <Row extends SqlRow>(text: string, ...parameters: readonly SqlParameter[]) =>
      statement(text).all(...values(parameters)) as Row[], // The caller names its row.
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the interface has it
    first: <Row extends SqlRow>(text: string, ...parameters: readonly SqlParameter[]) =>
      statement(text).get(...values(parameters)) as Row | undefined,
    write: (text, ...parameters) => {
      statement(text).run(...values(parameters));
    },
    run: (text, ...parameters) => Number(statement(text).run(...values(parameters)).changes),
  };
  const transaction = <Value>(work: () => Value): Value => {
    database.exec('BEGIN');
    try {
      const value = work();
      database.exec('COMMIT');
      return value;
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  };
  const killAfter = (count: number) => {
    left = count;
  };
  return { sql, transaction, killAfter, statements: () => statements };
}
