/**
 * The floors, served like the product: bundled, under the same runtime and options, each on a direct
 * socket of its own, with its data in a folder on the same disk. They share a process with each
 * other, which costs nothing, since one is asked at a time.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_readConfig as readConfig } from 'wrangler';
import { addGlobalsOnly } from '../functions-runtime/unmetered.ts';
import { applyMigrations } from '../serve/migrations.ts';
import { choosePort } from '../serve/ports.ts';
import type { D1 } from './rows.ts';

const SOURCES = {
  readAccount: new URL('./floors/read-account.ts', import.meta.url),
  listAccounts: new URL('./floors/list-accounts.ts', import.meta.url),
  createAccount: new URL('./floors/create-account.ts', import.meta.url),
  executeEmpty: new URL('./floors/execute-empty.ts', import.meta.url),
  runWasm: new URL('./floors/run-wasm.ts', import.meta.url),
} as const;
type Floor = keyof typeof SOURCES;
const FLOORS = Object.keys(SOURCES) as readonly Floor[];

const HOST = '127.0.0.1';
const DATABASE = 'floors';

export interface ServedFloors {
  readonly origins: Readonly<Record<Floor, string>>;
  readonly database: D1;
  stop(): Promise<void>;
}

export async function serveFloors(root: string, folder: string): Promise<ServedFloors> {
  const built = join(folder, 'built');
  await Promise.all(FLOORS.map((floor) => buildFloor(root, floor, join(built, floor))));
  const ports = new Map<Floor, number>();
  for (const floor of FLOORS) ports.set(floor, await freePort(ports));
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      logRequests: false,
      telemetry: { enabled: false },
      resourcePersistencePath: join(folder, 'storage'),
      workers: FLOORS.map((floor) => ({
        ...workerOptions(root, floor, join(built, floor)),
        unsafeDirectSockets: [{ host: HOST, port: ports.get(floor) ?? 0 }],
      })),
    }),
  );
  await runtime.ready;
  const database = await runtime.getD1Database('DB', 'readAccount');
  await applyMigrations(database, join(root, 'd1-migrations'));
  const origins = FLOORS.map((floor) => [floor, `http://${HOST}:${ports.get(floor)}`] as const);
  return {
    origins: Object.fromEntries(origins) as Record<Floor, string>, // One for each floor.
    database,
    stop: () => runtime.dispose(),
  };
}

/** The system gives one that is free, and may give the same one twice before it is used. */
async function freePort(taken: ReadonlyMap<Floor, number>): Promise<number> {
  for (;;) {
    const port = await choosePort(HOST, 0);
    if (![...taken.values()].includes(port)) return port;
  }
}

async function buildFloor(root: string, floor: Floor, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (floor === 'runWasm') {
    const quickjs = join(root, 'node_modules', 'quickjs-wasi', 'quickjs.wasm');
    writeFileSync(join(folder, 'unmetered.wasm'), addGlobalsOnly(readFileSync(quickjs)));
  }
  await build({
    entryPoints: [fileURLToPath(SOURCES[floor].href)],
    outfile: join(folder, 'index.js'),
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:workers', './unmetered.wasm'],
    loader: { '.wasm': 'copy' },
    logLevel: 'error',
  });
}

function workerOptions(root: string, floor: Floor, folder: string) {
  const names = readdirSync(folder).toSorted(
    (left, right) => Number(right === 'index.js') - Number(left === 'index.js'),
  );
  const { compatibility_date: date } = readConfig({ config: join(root, 'wrangler.toml') });
  return {
    name: floor,
    ...(date === undefined ? {} : { compatibilityDate: date }),
    modulesRoot: folder,
    modules: names.map((name) => ({
      type: name.endsWith('.wasm') ? ('CompiledWasm' as const) : ('ESModule' as const),
      path: join(folder, name),
    })),
    d1Databases: { DB: DATABASE },
    ...(floor === 'executeEmpty'
      ? { durableObjects: { RECORDS: { className: 'Records', useSQLite: true } } }
      : {}),
  };
}
