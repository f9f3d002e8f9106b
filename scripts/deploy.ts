/**
 * `npm run deploy -- --env staging|production`: checks, builds, migrates, then puts up the bridge
 * and after it the API Worker that needs it. Everything that can be refused is refused before
 * anything changes: a placeholder left in the configuration, a secret that is missing by name, a
 * bundle that does not build. Values are never read; that no development value was set is checked
 * by the Workers themselves (`/readyz`). `--dry-run` checks the files and builds, and asks no
 * network.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Unstable_Config as Config, unstable_readConfig as readConfig } from 'wrangler';
import { endWith, UserError } from './serve/user-error.ts';
import { wranglerEnv } from './serve/wrangler.ts';

const root = dirname(import.meta.dirname);
const ENVIRONMENTS = ['staging', 'production'];
const USAGE = 'usage: npm run deploy -- --env staging|production [--dry-run]';
/**
 * An id of zeros stands in wrangler.toml until the operator writes the one that `wrangler d1
 * create` told.
 */
const PLACEHOLDER_ID = /^[0-]*.?$/;

interface Target {
  readonly title: string;
  readonly config: string;
  readonly secrets: readonly string[];
}

const BRIDGE: Target = {
  title: 'bridge',
  config: 'enclave-bridge/wrangler.toml',
  secrets: ['SECRET_ENCRYPTION_KEY', 'SIGNING_KEY'],
};
const API: Target = { title: 'API', config: 'wrangler.toml', secrets: ['API_TOKENS'] };
/** In the order of deployment: the API Worker's service binding must find the bridge. */
const TARGETS = [BRIDGE, API];

async function deploy(environment: string, dryRun: boolean): Promise<void> {
  const api = readConfig({ config: join(root, API.config), env: environment });
  const bridge = readConfig({ config: join(root, BRIDGE.config), env: environment });
  refuseIfAny(findConfigProblems({ api, bridge, environment }));
  for (const { title, config } of TARGETS) {
    print(`build ${title}`);
    await wrangler(['deploy', '--dry-run', '-c', config, '--env', environment]);
  }
  if (dryRun) return print('dry run: nothing was deployed');
  refuseIfAny(await findMissingSecrets(environment));
  for (const { database_name: database } of api.d1_databases) {
    print(`migrate ${database}`);
    const migrate = ['d1', 'migrations', 'apply', database ?? '', '--remote', '-c', API.config];
    await wrangler([...migrate, '--env', environment]);
  }
  for (const { title, config } of TARGETS) {
    print(`deploy ${title}`);
    await wrangler(['deploy', '-c', config, '--env', environment]);
  }
}

interface Configs {
  readonly api: Config;
  readonly bridge: Config;
  readonly environment: string;
}

function findConfigProblems({ api, bridge, environment }: Configs): readonly string[] {
  const problems: string[] = [];
  for (const [config, path] of [
    [bridge, BRIDGE.config],
    [api, API.config],
  ] as const) {
    if (config.vars.ENVIRONMENT !== environment) {
      problems.push(`${path}: [env.${environment}.vars] ENVIRONMENT is not "${environment}"`);
    }
  }
  if (api.d1_databases.length === 0) problems.push(`${API.config}: no D1 database`);
  for (const { binding, database_id: id = '', database_name: name } of api.d1_databases) {
    if (!PLACEHOLDER_ID.test(id)) continue;
    problems.push(
      `${API.config}: database_id of ${binding} is a placeholder; ` +
        `run \`npx wrangler d1 create ${name}\` and write its id there`,
    );
  }
  if (!api.services?.some(({ service }) => service === bridge.name)) {
    problems.push(`${API.config}: no service binding to ${bridge.name}`);
  }
  return problems;
}

async function findMissingSecrets(environment: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { config, secrets } of TARGETS) {
    const present = await listSecrets(config, environment);
    for (const name of secrets.filter((secret) => !present.includes(secret))) {
      problems.push(
        `secret ${name} is missing; run \`npx wrangler secret put ${name} -c ${config} --env ${environment}\``,
      );
    }
  }
  return problems;
}

async function listSecrets(config: string, environment: string): Promise<readonly string[]> {
  const list = ['secret', 'list', '-c', config, '--env', environment, '--format', 'json'];
  const text = await wrangler(list, { capture: true, tolerate: WORKER_NOT_FOUND });
  if (text === undefined) return [];
  const entries: unknown = JSON.parse(text.slice(Math.max(text.indexOf('['), 0)));
  if (!Array.isArray(entries)) throw new UserError('`wrangler secret list` answered no list.');
  return entries.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'name' in entry ? [String(entry.name)] : [],
  );
}

/**
 * Before the first deployment there is no Worker, so it has no secrets; every other failure is one.
 */
const WORKER_NOT_FOUND = /\b10007\b/;

interface RunOptions {
  readonly capture?: boolean;
  /** Output of a failed run that means "nothing there". */
  readonly tolerate?: RegExp;
}

/** Output when captured; `undefined` for a tolerated failure. */
function wrangler(args: readonly string[], options: RunOptions = {}): Promise<string | undefined> {
  const { capture = false, tolerate } = options;
  const child = spawn('wrangler', args, {
    cwd: root,
    env: wranglerEnv(),
    stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
  });
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new UserError(`wrangler: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve(output);
      if (tolerate?.test(`${output}${errors}`)) return resolve(undefined);
      return reject(new UserError(`wrangler ${args.join(' ')} ended with ${code}.\n${errors}`));
    });
  });
}

function refuseIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new UserError(`Nothing was deployed:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

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
  const { environment, dryRun } = parseOptions();
  await deploy(environment, dryRun);
} catch (error) {
  endWith(error);
}
