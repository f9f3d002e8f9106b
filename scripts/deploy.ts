/**
 * `npm run deploy -- --env staging|production [--dry-run]`: checks, builds, migrates, then puts up
 * the bridge and after it the API Worker that needs it (serve/deployment.ts). Calls the `wrangler`
 * that the PATH finds first, which is the pinned one under the bootstrap.
 */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { deploy, type WranglerRun } from './serve/deployment.ts';
import { endWith, UserError } from './serve/user-error.ts';
import { wranglerEnv } from './serve/wrangler.ts';

const root = dirname(import.meta.dirname);
const ENVIRONMENTS = ['staging', 'production'];
const USAGE = 'usage: npm run deploy -- --env staging|production [--dry-run]';

const wrangler: WranglerRun = (args, { capture }) => {
  const output = capture ? 'pipe' : 'inherit';
  const child = spawn('wrangler', args, {
    cwd: root,
    env: wranglerEnv(),
    stdio: ['ignore', output, output],
  });
  const texts = { output: '', errors: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new UserError(`wrangler: ${error.message}`)));
    child.on('close', (code) => resolve({ code: code ?? 1, ...texts }));
  });
};

function parseOptions(): { readonly environment: string; readonly dryRun: boolean } {
  try {
    const options = { env: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
    const { values } = parseArgs({ options });
    const { env: environment = '' } = values;
    if (!ENVIRONMENTS.includes(environment)) throw new UserError(USAGE);
    return { environment, dryRun: values['dry-run'] ?? false };
  } catch {
    throw new UserError(USAGE);
  }
}

try {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  await deploy({ ...parseOptions(), root, wrangler, print });
} catch (error) {
  endWith(error);
}
