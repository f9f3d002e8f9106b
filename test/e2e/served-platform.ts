/** `npm start` in a process of its own, over a state folder that outlives it. */
import { spawn } from 'node:child_process';
import { type Client, createClient } from '../../sdk/src/index.ts';

export interface ServedPlatform {
  readonly address: string;
  /** The operator's. */
  readonly token: string;
  /** Of the process that was started; the runtime is one of its descendants. */
  readonly processId: number;
  readonly operator: Client;
  /** An account with one admin key. */
  readonly openTenant: () => Promise<ServedTenant>;
  readonly stop: () => Promise<void>;
}

export interface ServedTenant {
  readonly client: Client;
  readonly accountId: string;
}

interface ServeOptions {
  readonly state: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function servePlatform({ state, env = {} }: ServeOptions): Promise<ServedPlatform> {
  const args = ['scripts/bootstrap.mjs', 'scripts/start.ts', '--port', '0', '--state', state];
  const child = spawn('node', args, {
    env: { ...process.env, LOG_LEVEL: 'error', KEY_REQUESTS_PER_SECOND: '10000', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  const [address, token] = await new Promise<readonly [string, string]>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`the start ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /^ready (\S+)$[^]*^token (\S+)$/m.exec(output);
      if (found) resolve([found[1] ?? '', found[2] ?? '']);
    });
  });
  const operator = createClient({ baseUrl: address, token });
  return {
    address,
    token,
    // A process that printed a line has an id.
    processId: child.pid ?? 0,
    operator,
    openTenant: async () => {
      const { id: accountId } = await operator.accounts.createAccount({ name: 'tenant' });
      const { key } = await operator.keys.createKey({ accountId, name: 'test', role: 'admin' });
      return { accountId, client: createClient({ baseUrl: address, token: key }) };
    },
    stop: async () => {
      child.kill('SIGINT');
      await closed;
    },
  };
}
