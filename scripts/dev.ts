/**
 * `npm run dev`: both Workers under `wrangler dev`, which rebuilds on every change. Arguments are
 * passed on. For work on the code: it is many times slower than `npm start` and has no outbound
 * door, so outgoing requests are judged by their text alone. Data is Wrangler's own (.wrangler),
 * apart from that of `npm start`; the credentials are the same.
 */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { WORKERS } from './serve/bundles.ts';
import { loadCredentials } from './serve/credentials.ts';
import { endWith, UserError } from './serve/user-error.ts';
import { QUIET_WRANGLER, wranglerCommand, wranglerEnv } from './serve/wrangler.ts';

const root = dirname(import.meta.dirname);

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, prefix } = wranglerCommand(root);
  const child = spawn(command, [...prefix, ...args], { cwd: root, env, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  process.on('disconnect', () => void child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code ?? 1);
    });
  });
}

try {
  loadCredentials(root);
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--local', '-c', WORKERS.api];
  if ((await run(migrate, wranglerEnv())) !== 0) throw new UserError('The migrations failed.');
  const configs = ['-c', WORKERS.api, '-c', WORKERS.bridge];
  const args = ['dev', ...configs, '--ip', '127.0.0.1', ...process.argv.slice(2)];
  // Without `CI`, so that the keys of `wrangler dev` work on a terminal.
  process.exit(await run(args, { ...process.env, ...QUIET_WRANGLER }));
} catch (error) {
  endWith(error);
}
