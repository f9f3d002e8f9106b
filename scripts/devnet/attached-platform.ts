/**
 * `npm start` beside the private network: the platform in a process of its own, configured for the
 * network by its settings alone, and a profile of `slctl` that reaches it. The other profiles of
 * the user stay as they are, and so does the one in use.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { UserError } from '../serve/user-error.ts';
import { isObject } from './rpc.ts';

const root = dirname(dirname(import.meta.dirname));
const SLCTL = join(root, 'cli', 'slctl.mjs');
export const PROFILE = 'devnet';

export interface AttachedPlatform {
  readonly address: string;
  readonly token: string;
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface PlatformSettings {
  readonly port: number;
  readonly stateFolder: string;
  readonly fresh: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export async function startAttached(settings: PlatformSettings): Promise<AttachedPlatform> {
  const { port, stateFolder, fresh, env } = settings;
  const args = ['--port', String(port), '--state', stateFolder, ...(fresh ? ['--fresh'] : [])];
  const child = fork(join(root, 'scripts', 'start.ts'), args, {
    execArgv: [],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { address, token } = await readReadyLines(child);
  // From here on it is the log of the Workers.
  child.stdout?.pipe(process.stderr);
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { address, token, ended, stop };
}

function readReadyLines(child: ChildProcess): Promise<Pick<AttachedPlatform, 'address' | 'token'>> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (text: string): void => {
      output += text;
      const [, address, token] = /^ready (\S+)$[^]*^token (\S+)$/m.exec(output) ?? [];
      if (address === undefined || token === undefined) return;
      child.stdout?.off('data', read);
      resolve({ address, token });
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new UserError(`The platform did not start (${code}).`)));
  });
}

/** `slctl login` makes its profile the one in use; the earlier one is put back. */
export function storeProfile({
  address,
  token,
}: Pick<AttachedPlatform, 'address' | 'token'>): void {
  const earlier = currentProfile();
  slctl(['login', '--profile', PROFILE, '--addr', address, '--token', '-'], token);
  if (earlier !== undefined && earlier !== PROFILE) slctl(['profiles', 'use', earlier]);
}

function currentProfile(): string | undefined {
  const listed: unknown = JSON.parse(slctl(['profiles', 'list', '--json']));
  const items: unknown = isObject(listed) ? listed.items : undefined;
  const found = Array.isArray(items) ? items.filter(isObject).find(({ current }) => current) : {};
  return typeof found?.name === 'string' ? found.name : undefined;
}

function slctl(args: readonly string[], input = ''): string {
  const command = [SLCTL, ...args];
  const run = spawnSync(process.execPath, command, { input, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`slctl ${args[0] ?? ''}: ${run.stderr.trim()}`);
  return run.stdout;
}
