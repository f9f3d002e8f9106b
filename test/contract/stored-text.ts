/**
 * Everything that is written anywhere, as one text to search: the catalogue's rows, the tables of
 * every object, and what was logged. Bytes are read as Latin-1, so that text inside a blob is found
 * as well.
 */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

const isOwnTable = (name: string): boolean => !name.startsWith('_cf') && !name.startsWith('sqlite');
const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'";

function toText(value: unknown): string {
  if (value instanceof ArrayBuffer) return latin1(new Uint8Array(value));
  if (value instanceof Uint8Array) return latin1(value);
  const isBlob = Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);
  return isBlob ? latin1(Uint8Array.from(value)) : String(value);
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

const rowsToText = (rows: readonly object[]): string =>
  rows.map((row) => Object.values(row).map(toText).join('\n')).join('\n');

export async function readCatalogue(): Promise<string> {
  const tables = await env.DB.prepare(TABLES).all<{ name: string }>();
  const names = tables.results.map(({ name }) => name).filter(isOwnTable);
  const dumps = await env.DB.batch<Record<string, unknown>>(
    names.map((name) => env.DB.prepare(`SELECT * FROM "${name}"`)),
  );
  return dumps.map(({ results }) => rowsToText(results)).join('\n');
}

const NAMESPACES = [
  'ACCOUNT_JOURNAL',
  'ACCOUNT_SCHEDULER',
  'ACCOUNT_LEDGER',
  'RATE_LIMITER',
  'METRICS_HUB',
] as const;

export async function readObjects(): Promise<string> {
  const texts: string[] = [];
  for (const name of NAMESPACES) {
    const namespace: DurableObjectNamespace = env[name];
    for (const id of await listDurableObjectIds(namespace))
      texts.push(
        await runInDurableObject(namespace.get(id), (_, { storage }) => readTables(storage.sql)),
      );
  }
  return texts.join('\n');
}

function readTables(sql: SqlStorage): string {
  const names = sql
    .exec<{ name: string }>(TABLES)
    .toArray()
    .map(({ name }) => name);
  return names
    .filter(isOwnTable)
    .map((name) => rowsToText(sql.exec(`SELECT * FROM "${name}"`).toArray()))
    .join('\n');
}
