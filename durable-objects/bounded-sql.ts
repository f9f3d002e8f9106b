/**
 * The only door from an object to its SQLite. Production refuses a row of 2 MB, more than 100 bound
 * parameters and a statement over 100 KB; local workerd lets all three pass, so a test would be
 * green and a deploy would break. This wrapper refuses them everywhere, at half of the platform's
 * row size. It also refuses numbers SQLite would change in silence: NaN becomes NULL, and integers
 * past 2^53 - 1 come back rounded.
 *
 * A refusal here is a broken invariant (the method above should have bounded its input), so it
 * throws and the surrounding `transactionSync` rolls back. Row types must be type aliases:
 * interfaces have no index signature.
 */
import { assert } from '../worker/core/assert.ts';
import { LIMITS } from '../worker/core/limits.ts';

export type SqlParameter = string | number | null | ArrayBuffer | Uint8Array;
export type SqlRow = Record<string, SqlStorageValue>;

const STATEMENT_CHARS_MAX = 100_000;

/** What is asked of an SQLite: an object's own storage has it, and the simulation's in memory. */
export interface SqlExec {
  exec<Row extends SqlRow>(
    statement: string,
    ...parameters: readonly SqlParameter[]
  ): {
    toArray(): Row[];
    next(): IteratorResult<Row, undefined>;
    one(): Row;
  };
}

export interface BoundedSql {
  /** Every row. The caller bounds the count with LIMIT or knows it from the schema. */
  all<Row extends SqlRow>(statement: string, ...parameters: readonly SqlParameter[]): Row[];
  /** The first row, if there is one. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the row, as `all` does
  first<Row extends SqlRow>(
    statement: string,
    ...parameters: readonly SqlParameter[]
  ): Row | undefined;
  /** A write whose count nobody asks for; spares the second statement of `run` on hot paths. */
  write(statement: string, ...parameters: readonly SqlParameter[]): void;
  /** Runs a write and answers how many rows this statement changed, not counting index entries. */
  run(statement: string, ...parameters: readonly SqlParameter[]): number;
}

export function boundedSql(sql: SqlExec): BoundedSql {
  const exec = <Row extends SqlRow>(statement: string, parameters: readonly SqlParameter[]) => {
    assertBounds(statement, parameters);
    return sql.exec<Row>(statement, ...parameters);
  };
  return {
    all: <Row extends SqlRow>(statement: string, ...parameters: readonly SqlParameter[]) =>
      exec<Row>(statement, parameters).toArray(),
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the same
    first: <Row extends SqlRow>(statement: string, ...parameters: readonly SqlParameter[]) => {
      const next = exec<Row>(statement, parameters).next();
      return next.done === true ? undefined : next.value;
    },
    write: (statement, ...parameters) => {
      exec(statement, parameters).toArray();
    },
    run: (statement, ...parameters) => {
      exec(statement, parameters).toArray();
      return exec<{ changed: number }>('SELECT changes() AS changed', []).one().changed;
    },
  };
}

function assertBounds(statement: string, parameters: readonly SqlParameter[]): void {
  assert(statement.length <= STATEMENT_CHARS_MAX, 'an SQL statement is longer than 100 KB');
  assert(
    parameters.length <= LIMITS.boundParametersMax.value,
    `an SQL statement binds ${parameters.length} parameters`,
  );
  let bytes = 0;
  for (const parameter of parameters) bytes += parameterBytes(parameter);
  // Only a sum near the bound is worth encoding texts for: three bytes a UTF-16 unit is the most
  // UTF-8 can take.
  if (bytes > LIMITS.rowBytesMax.value) bytes = exactBytes(parameters);
  assert(bytes <= LIMITS.rowBytesMax.value, `an SQL statement binds ${bytes} bytes`);
}

function parameterBytes(parameter: SqlParameter): number {
  if (parameter === null) return 0;
  if (typeof parameter === 'string') return parameter.length * 3;
  if (typeof parameter !== 'number') return parameter.byteLength;
  assert(Number.isFinite(parameter), 'SQLite would store this number as NULL');
  assert(
    !Number.isInteger(parameter) || Number.isSafeInteger(parameter),
    'SQLite would give this integer back rounded',
  );
  return 8;
}

function exactBytes(parameters: readonly SqlParameter[]): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const parameter of parameters)
    bytes +=
      typeof parameter === 'string'
        ? encoder.encode(parameter).byteLength
        : parameterBytes(parameter);
  return bytes;
}
