/**
 * The steps of a deployment and what refuses one. Everything that can be refused is refused before
 * anything changes: a placeholder left in the configuration, a bundle that does not build, a secret
 * that is missing by name. Values are never read; that no development value was set is checked by
 * the Workers themselves (`/readyz`).
 */
import { join } from 'node:path';
import { type Unstable_Config as Config, unstable_readConfig as readConfig } from 'wrangler';
import { settingsSchema } from '../../worker/env.ts';
import { checkNeoNetworks } from './neo-networks.ts';
import { UserError } from './user-error.ts';

/** Calls Wrangler; its output is in the outcome only when `capture` is set. */
export type WranglerRun = (
  args: readonly string[],
  options: { readonly capture: boolean },
) => Promise<{ readonly code: number; readonly output: string; readonly errors: string }>;

interface Deployment {
  readonly root: string;
  readonly environment: string;
  /** Checks the files and builds; asks no network. */
  readonly dryRun: boolean;
  readonly wrangler: WranglerRun;
  readonly print: (line: string) => void;
}

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

/**
 * An id of zeros stands in wrangler.toml until the operator writes what `wrangler d1 create` told.
 */
const PLACEHOLDER_ID = /^[0-]*.?$/;
/**
 * Before the first deployment there is no Worker, so it has no secrets; any other failure is one.
 */
const WORKER_NOT_FOUND = /\b10007\b/;

export async function deploy(deployment: Deployment): Promise<void> {
  const { root, environment, print } = deployment;
  const api = readConfig({ config: join(root, API.config), env: environment });
  const bridge = readConfig({ config: join(root, BRIDGE.config), env: environment });
  refuseIfAny(findConfigProblems({ api, bridge, environment }));
  for (const { title, config } of TARGETS) {
    print(`build ${title}`);
    await run(deployment, ['deploy', '--dry-run', '-c', config]);
  }
  if (deployment.dryRun) return print('dry run: nothing was deployed');
  await checkNetworks(api, print);
  refuseIfAny(await findMissingSecrets(deployment));
  for (const { database_name: database = '' } of api.d1_databases) {
    print(`migrate ${database}`);
    await run(deployment, ['d1', 'migrations', 'apply', database, '--remote', '-c', API.config]);
  }
  for (const { title, config } of TARGETS) {
    print(`deploy ${title}`);
    await run(deployment, ['deploy', '-c', config]);
  }
}

async function run({ environment, wrangler }: Deployment, args: readonly string[]): Promise<void> {
  const { code } = await wrangler([...args, '--env', environment], { capture: false });
  if (code !== 0) throw new UserError(`wrangler ${args.join(' ')} ended with ${code}.`);
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
  problems.push(...findSettingProblems(api, environment));
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

/** What the Worker would refuse to start with, and what would leave it open. */
function findSettingProblems({ vars }: Config, environment: string): readonly string[] {
  const place = `${API.config}: [env.${environment}.vars]`;
  const parsed = settingsSchema.safeParse(vars);
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `${place} ${path.join('.')}: ${message}`);
  if (parsed.data.OWN_HOSTS.length > 0) return [];
  return [
    `${place} OWN_HOSTS is empty; write the host of the route there, ` +
      'so that no function can reach the platform itself',
  ];
}

async function checkNetworks({ vars }: Config, print: (line: string) => void): Promise<void> {
  const { NEO_NETWORKS: networks } = settingsSchema.parse(vars);
  const { problems, warnings } = await checkNeoNetworks(networks);
  for (const warning of warnings) print(warning);
  refuseIfAny(problems);
}

async function findMissingSecrets(deployment: Deployment): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { config, secrets } of TARGETS) {
    const present = await listSecrets(deployment, config);
    for (const name of secrets.filter((secret) => !present.includes(secret))) {
      const put = `npx wrangler secret put ${name} -c ${config} --env ${deployment.environment}`;
      problems.push(`secret ${name} is missing; run \`${put}\``);
    }
  }
  return problems;
}

async function listSecrets(
  { environment, wrangler }: Deployment,
  config: string,
): Promise<readonly string[]> {
  const list = ['secret', 'list', '-c', config, '--env', environment, '--format', 'json'];
  const { code, output, errors } = await wrangler(list, { capture: true });
  if (code !== 0) {
    if (WORKER_NOT_FOUND.test(`${output}${errors}`)) return [];
    throw new UserError(`wrangler ${list.join(' ')} ended with ${code}.\n${output}${errors}`);
  }
  const entries: unknown = JSON.parse(output.slice(Math.max(output.indexOf('['), 0)));
  if (!Array.isArray(entries)) throw new UserError('`wrangler secret list` answered no list.');
  return entries.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'name' in entry ? [String(entry.name)] : [],
  );
}

function refuseIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new UserError(`Nothing was deployed:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
}
