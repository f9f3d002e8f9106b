/**
 * `npm start`: builds both Workers, makes development credentials once, migrates, serves, and says
 * where. Standard output holds the ready lines and the Workers' own log; everything else goes to
 * standard error. Ends with 0 within seconds of Ctrl-C or SIGTERM, and when the process that
 * started it dies.
 */
import { dirname } from 'node:path';
import { type EgressAllowance, parseEgressAllow } from '../worker/core/egress/policy.ts';
import type { NetworkSettings } from '../worker/core/neo/network-settings.ts';
import { settingsSchema } from '../worker/env.ts';
import { buildBundles } from './serve/bundles.ts';
import {
  type Credentials,
  firstOperatorToken,
  loadCredentials,
  type Variables,
} from './serve/credentials.ts';
import { checkNeoNetworks } from './serve/neo-networks.ts';
import { parseStartOptions, type StartOptions, USAGE } from './serve/options.ts';
import { createOutboundDoor } from './serve/outbound.ts';
import { configuredVariables, startPlatform } from './serve/platform.ts';
import { checkPort, choosePort } from './serve/ports.ts';
import { pickSettings, SETTING_NAMES } from './serve/settings.ts';
import { claimStateFolder } from './serve/state-folder.ts';
import { endWith, UserError } from './serve/user-error.ts';

const root = dirname(import.meta.dirname);
/** Longer than any clean stop; a runtime that hangs is left to the operating system. */
const STOP_WITHIN_MS = 8000;

async function start(options: StartOptions): Promise<void> {
  const cleanUp = stopOnSignals();
  await checkPort(options.host, options.port);
  const credentials = loadCredentials(options.credentialsFolder);
  const own = {
    api: { ...configuredVariables(root, 'api'), ...settingsOf('api', credentials) },
    bridge: { ...configuredVariables(root, 'bridge'), ...settingsOf('bridge', credentials) },
  };
  const networks = parseNetworks(own.api);
  await refuseOtherNetworks(networks);
  const outbound = createOutboundDoor({ allow: [...parseAllow(own.api), ...nodesOf(networks)] });
  const state = options.memory ? undefined : claimStateFolder(options.stateFolder, options);
  process.once('exit', () => state?.release());
  const bundles = await buildBundles(root);
  const port = await choosePort(options.host, options.port);
  const OWN_HOSTS = `127.0.0.1:${port},localhost:${port},[::1]:${port}`;
  const SIGN_IN_ORIGINS = `http://127.0.0.1:${port},http://localhost:${port}`;
  const variables = { ...own, api: { OWN_HOSTS, SIGN_IN_ORIGINS, ...own.api } };
  const platform = await startPlatform({
    root,
    host: options.host,
    port,
    storage: state?.storage,
    bundles,
    variables,
    outbound,
  });
  cleanUp.stop = () => platform.stop();
  cleanUp.listen();
  printReady(`http://${urlHost(options.host)}:${port}`, variables.api);
}

function settingsOf(worker: keyof Credentials, credentials: Credentials) {
  return { ...credentials[worker], ...pickSettings(SETTING_NAMES[worker], process.env) };
}

/** A malformed setting is left to the Worker, which names it in `/readyz` with all others. */
function parseNetworks({ NEO_NETWORKS }: Variables): readonly NetworkSettings[] {
  return settingsSchema.shape.NEO_NETWORKS.safeParse(NEO_NETWORKS).data ?? [];
}

async function refuseOtherNetworks(networks: readonly NetworkSettings[]): Promise<void> {
  const { problems, warnings } = await checkNeoNetworks(networks);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
}

/**
 * The platform's own nodes may be on this machine. They are let through here alone: what tenants
 * ask for is judged in the Worker before, by `EGRESS_ALLOW`.
 */
function nodesOf(networks: readonly NetworkSettings[]): readonly EgressAllowance[] {
  const entries = networks.flatMap(({ rpc }) => rpc.map(toAllowEntry));
  const allow = parseEgressAllow(entries);
  return allow.ok ? allow.value : [];
}

function toAllowEntry(rpc: string): string {
  const { protocol, hostname, port } = new URL(rpc);
  const isPlain = protocol === 'http:';
  return `${isPlain ? 'http://' : ''}${hostname}:${port || (isPlain ? '80' : '443')}`;
}

function parseAllow(variables: Readonly<Record<string, string>>) {
  const entries = (variables.EGRESS_ALLOW ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const allow = parseEgressAllow(entries);
  if (allow.ok) return allow.value;
  throw new UserError(`EGRESS_ALLOW: ${allow.failure.fields?.[0]?.detail ?? 'malformed'}.`);
}

/** An address of all interfaces is no address to call; the loopback one reaches it. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '*') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function printReady(address: string, variables: Readonly<Record<string, string>>): void {
  const token = firstOperatorToken(variables.API_TOKENS ?? '');
  process.stdout.write(`ready ${address}\ndocs  ${address}/docs\n`);
  if (token !== undefined) process.stdout.write(`token ${token}\n`);
}

interface CleanUp {
  /** What to stop; nothing until there is something. */
  stop: () => Promise<void>;
  listen(): void;
}

function stopOnSignals(): CleanUp {
  let stopping = false;
  const end = (): void => {
    // Ctrl-C reaches the whole process group and is forwarded by the bootstrap as well, so it comes
    // twice.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    cleanUp.stop().then(() => process.exit(0), endWith);
  };
  const cleanUp: CleanUp = {
    stop: () => Promise.resolve(),
    listen: () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        // The runtime's own listeners end the process at once, with 130, in the middle of what is
        // being written.
        process.removeAllListeners(signal).on(signal, end);
      }
    },
  };
  cleanUp.listen();
  process.on('disconnect', end);
  return cleanUp;
}

try {
  const options = parseStartOptions(process.argv.slice(2), { root, env: process.env });
  if (options === undefined) process.stdout.write(`${USAGE}\n`);
  else await start(options);
} catch (error) {
  endWith(error);
}
