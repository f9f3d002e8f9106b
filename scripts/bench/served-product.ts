/**
 * The product as `npm start` serves it: its own script in its own process, on a free port, with its
 * data in a folder. Two settings differ, and the report says so: the rate limit of a key is raised
 * above the load, and requests are not logged, since every line would pass through this machine's
 * second core.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ServedProduct {
  readonly origin: string;
  readonly token: string;
  stop(): Promise<void>;
}

export const BENCH_SETTINGS = {
  KEY_REQUESTS_PER_SECOND: '100000',
  LOG_LEVEL: 'warn',
} as const;

const READY_WITHIN_MS = 60_000;

/** `settings`: of what one part of the bench needs beyond those that differ for all. */
export async function serveProduct(
  root: string,
  state: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServedProduct> {
  const child = spawn(
    process.execPath,
    [join(root, 'scripts', 'start.ts'), '--port', '0', '--state', state],
    // Over the channel it learns that this process died, even by SIGKILL.
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...BENCH_SETTINGS, ...settings },
    },
  );
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = await readReadyLines(child);
  return {
    origin: valueOf(lines, 'ready'),
    token: valueOf(lines, 'token'),
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

function readReadyLines(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error('the product was not ready in time'));
    }, READY_WITHIN_MS);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (!/^token .+$/m.test(text)) return;
      clearTimeout(late);
      resolve(text);
    });
    child.once('close', (code) => {
      clearTimeout(late);
      reject(new Error(`the product ended with ${code} instead of serving`));
    });
  });
}

function valueOf(lines: string, name: string): string {
  const value = new RegExp(`^${name}\\s+(\\S+)$`, 'm').exec(lines)?.[1];
  if (value === undefined) throw new Error(`the product did not print its ${name} line`);
  return value;
}
