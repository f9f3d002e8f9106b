/**
 * The built Workers in the local runtime: workerd under the Miniflare API, with the public port as
 * a direct socket of the API Worker (no proxy in between), storage in a folder or in memory, and
 * the outbound door before the network. It does not choose settings or credentials; they are handed
 * in.
 */
import './quiet-wrangler.ts';

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  CoreHeaders,
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  Response,
} from 'miniflare';
import {
  unstable_readConfig as readConfig,
  unstable_getMiniflareWorkerOptions as readWorkerOptions,
} from 'wrangler';
import { type Bundle, type Bundles, WORKERS } from './bundles.ts';
import type { Variables } from './credentials.ts';
import { type CronDriver, driveCrons } from './cron.ts';
import { applyMigrations } from './migrations.ts';
import type { OutboundRequest, OutboundResponse } from './outbound.ts';

export interface PlatformOptions {
  readonly root: string;
  readonly host: string;
  readonly port: number;
  /** Absent: in memory. */
  readonly storage: string | undefined;
  readonly bundles: Bundles;
  readonly variables: { readonly api: Variables; readonly bridge: Variables };
  readonly outbound: (request: OutboundRequest) => Promise<OutboundResponse>;
}

export interface Platform {
  readonly migrated: readonly string[];
  stop(): Promise<void>;
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  hideRequestPropertiesHeader();
  const config = readConfig({ config: join(options.root, WORKERS.api) });
  const name = nameOf(config.name);
  const runtime = new Miniflare(miniflareOptions(options));
  try {
    await runtime.ready;
    const [database] = config.d1_databases;
    const migrated =
      database === undefined
        ? []
        : await applyMigrations(
            await runtime.getD1Database(database.binding, name),
            join(options.root, database.migrations_dir ?? 'd1-migrations'),
          );
    const crons = await startCrons(runtime, { name, patterns: config.triggers.crons ?? [] });
    return { migrated, stop: () => stopPlatform(runtime, crons) };
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

/**
 * On a direct socket the runtime fills `request.cf` from a request header of a known name, and with
 * it the caller's own address; a client could send that header and choose the address it is limited
 * by. A name that nobody knows cannot be sent.
 */
function hideRequestPropertiesHeader(): void {
  const names: { CF_BLOB: string } = CoreHeaders;
  names.CF_BLOB = `x-${randomBytes(16).toString('hex')}`;
}

/**
 * Two weaknesses of the local runtime are accepted here. A direct socket also takes `CONNECT` to a
 * fixed inner name, by which the runtime's own tools reach the Worker; whoever can connect could
 * fire a cron turn, which is idempotent. And a SIGKILL of this very process leaves workerd running;
 * one of the bootstrap, or of the terminal, does not.
 */
function miniflareOptions(options: PlatformOptions) {
  const { host, port, bundles, variables } = options;
  const api = workerOptions('api', options);
  const bridge = workerOptions('bridge', options);
  return convertV4MiniflareOptions({
    // The runtime's own port, not the public one: it stays on this machine whatever --host says.
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.WARN),
    logRequests: false,
    telemetry: { enabled: false },
    ...(options.storage === undefined ? {} : { resourcePersistencePath: options.storage }),
    workers: [
      {
        ...api.workerOptions,
        ...sources(bundles.api),
        bindings: variables.api,
        unsafeDirectSockets: [{ host, port }],
        outboundService: outboundOf(options),
      },
      {
        ...bridge.workerOptions,
        ...sources(bundles.bridge),
        bindings: variables.bridge,
        outboundService: outboundOf(options),
      },
      ...api.externalWorkers,
      ...bridge.externalWorkers,
    ],
  });
}

function workerOptions(worker: keyof typeof WORKERS, { root }: PlatformOptions) {
  const config = readConfig({ config: join(root, WORKERS[worker]) });
  const { workerOptions, externalWorkers } = readWorkerOptions(config);
  return { workerOptions: { ...workerOptions, name: nameOf(config.name) }, externalWorkers };
}

function sources({ folder, modules }: Bundle) {
  return { modules: [...modules], modulesRoot: folder };
}

function outboundOf({ outbound }: PlatformOptions) {
  return async (request: OutboundRequest) => {
    const { status, headers, body } = await outbound(request);
    return new Response(body, { status, headers });
  };
}

async function startCrons(
  runtime: Miniflare,
  { name, patterns }: { readonly name: string; readonly patterns: readonly string[] },
): Promise<CronDriver> {
  const worker = await runtime.getWorker(name);
  return driveCrons(patterns, worker, (pattern, error) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`cron "${pattern}" failed: ${reason}\n`);
  });
}

/** A run that hangs must not keep the terminal: after this the runtime is ended under it. */
const CRON_GRACE_MS = 2000;

async function stopPlatform(runtime: Miniflare, crons: CronDriver): Promise<void> {
  const grace = new Promise<void>((resolve) => setTimeout(resolve, CRON_GRACE_MS).unref());
  await Promise.race([crons.stop(), grace]);
  await runtime.dispose();
}

/** Values of wrangler.toml that the settings of the two Workers start from. */
export function configuredVariables(root: string, worker: keyof typeof WORKERS): Variables {
  const { vars } = readConfig({ config: join(root, WORKERS[worker]) });
  const texts = Object.entries(vars).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(texts);
}

function nameOf(name: string | undefined): string {
  if (name === undefined) throw new Error('wrangler.toml has no name');
  return name;
}
