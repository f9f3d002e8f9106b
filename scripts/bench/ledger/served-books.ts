/** The Worker of the books, bundled and served as the floors are, with its data on the same disk. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_readConfig as readConfig } from 'wrangler';
import { choosePort } from '../../serve/ports.ts';

const WORKER = new URL('./worker.ts', import.meta.url);
const HOST = '127.0.0.1';

export interface ServedBooks {
  readonly origin: string;
  stop(): Promise<void>;
}

export async function serveBooks(root: string, folder: string): Promise<ServedBooks> {
  const script = join(folder, 'books', 'index.js');
  await build({
    entryPoints: [fileURLToPath(WORKER.href)],
    outfile: script,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:workers'],
    logLevel: 'error',
  });
  const { compatibility_date: date } = readConfig({ config: join(root, 'wrangler.toml') });
  const port = await choosePort(HOST, 0);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      logRequests: false,
      telemetry: { enabled: false },
      resourcePersistencePath: join(folder, 'books', 'storage'),
      workers: [
        {
          name: 'books',
          ...(date === undefined ? {} : { compatibilityDate: date }),
          modules: true,
          scriptPath: script,
          durableObjects: {
            LEDGERS: { className: 'FilledLedger', useSQLite: true },
            ROWS: { className: 'Rows', useSQLite: true },
          },
          unsafeDirectSockets: [{ host: HOST, port }],
        },
      ],
    }),
  );
  await runtime.ready;
  return { origin: `http://${HOST}:${port}`, stop: () => runtime.dispose() };
}
