/**
 * Statements as one D1 batch: the only atomic unit D1 has. Production refuses statements with more
 * than 100 parameters and rows over 2 MB, which local runs let pass; so they are refused here,
 * before anything is written.
 */
import type { SQL } from 'drizzle-orm';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import { assert } from '../core/assert.ts';
import { LIMITS } from '../core/limits.ts';

const dialect = new SQLiteAsyncDialect();

export async function runBatch(database: D1Database, statements: readonly SQL[]): Promise<void> {
  const prepared = statements.map((statement) => {
    const { sql, params } = dialect.sqlToQuery(statement);
    checkBounds(sql, params);
    return database.prepare(sql).bind(...params);
  });
  if (prepared.length > 0) await database.batch(prepared);
}

function checkBounds(sql: string, params: readonly unknown[]): void {
  const most = LIMITS.boundParametersMax.value;
  assert(params.length <= most, `a statement binds ${params.length} parameters: ${sql}`);
  const bytes = params.reduce<number>((sum, value) => sum + sizeOf(value), 0);
  assert(bytes <= LIMITS.rowBytesMax.value, `a statement carries ${bytes} bytes: ${sql}`);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string')
    return value.length * 3 > LIMITS.rowBytesMax.value ? utf8Bytes(value) : value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).byteLength;
