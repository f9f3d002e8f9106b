/**
 * `npm run devnet`: a private Neo network with funded accounts and our contracts, fault switches in
 * front of every node, and the whole platform attached. It prints what one needs to use it and runs
 * until Ctrl-C; then everything ends in order, and the next start goes on where this one ended.
 * Standard output holds the description alone; the logs of the Workers go to standard error.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROFILE, startAttached, storeProfile } from './devnet/attached-platform.ts';
import { type FaultProxy, startFaultProxy } from './devnet/fault-proxy.ts';
import { type NetworkDescription, startNetwork } from './devnet/network.ts';
import { type DevnetOptions, parseDevnetOptions, USAGE } from './devnet/options.ts';
import { checkPort } from './serve/ports.ts';
import { claimStateFolder } from './serve/state-folder.ts';
import { endWith, UserError } from './serve/user-error.ts';

/** Counted from the port of the node's RPC. */
const PORT_OF_PROXY = 5;
const PORT_OF_CONTROL = 6;
const PORT_OF_FOLLOWER = 10;
/** A clean stop of platform and nodes takes a few seconds; what hangs is killed by its keeper. */
const STOP_WITHIN_MS = 25_000;

type Stop = () => Promise<void>;

async function runDevnet(options: DevnetOptions): Promise<void> {
  const stops: Stop[] = [];
  const end = stopOnSignals(stops);
  if (options.platform) await checkPort('127.0.0.1', options.port);
  const state = claimStateFolder(options.stateFolder, options);
  process.once('exit', () => state.release());
  const network = await startNetwork({ ...options, folder: state.storage, storage: 'disk' });
  stops.push(network.stop);
  const proxies = await startProxies(network.description, options);
  stops.push(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });
  const endpoints = proxies.map(({ url }) => url);
  const written = { ...network.description, endpoints: proxies.map(toEndpoint) };
  writeFileSync(join(options.stateFolder, 'network.json'), `${JSON.stringify(written, null, 2)}\n`);
  printNetwork(network.description, proxies);
  if (options.platform) {
    const platform = await startAttached({
      port: options.port,
      stateFolder: join(options.stateFolder, 'platform'),
      fresh: options.fresh,
      env: platformSettings(network.description, endpoints),
    });
    stops.push(platform.stop);
    storeProfile(platform);
    process.stdout.write(
      `\nplatform  ${platform.address}   docs ${platform.address}/docs\n` +
        `token     ${platform.token}\nslctl     slctl --profile ${PROFILE} ...\n`,
    );
    void platform.ended.then(end);
  }
  process.stdout.write('\nready; Ctrl-C ends it\n');
}

function startProxies(
  { nodes }: NetworkDescription,
  { rpcPort }: DevnetOptions,
): Promise<readonly FaultProxy[]> {
  const started = nodes.map(({ rpcUrl }, index) => {
    const port = (offset: number): number =>
      rpcPort === undefined ? 0 : rpcPort + offset + index * PORT_OF_FOLLOWER;
    const [own, control] = [port(PORT_OF_PROXY), port(PORT_OF_CONTROL)];
    return startFaultProxy({ target: rpcUrl, port: own, controlPort: control });
  });
  return Promise.all(started);
}

const toEndpoint = ({ url, controlUrl }: FaultProxy) => ({ url, controlUrl });

/** The platform sees the nodes through the switches, so that a person can try what they do. */
function platformSettings(
  { magic, checkpoint, nodes }: NetworkDescription,
  rpc: readonly string[],
): Readonly<Record<string, string>> {
  const network = { id: 'neo3:devnet', magic, rpc, quorum: nodes.length, checkpoint };
  return { NEO_NETWORKS: JSON.stringify([network]) };
}

function printNetwork(network: NetworkDescription, proxies: readonly FaultProxy[]): void {
  const lines = [`network   neo3:devnet, magic ${network.magic}, ${network.userAgent}`];
  for (const [index, { rpcUrl }] of network.nodes.entries()) {
    const proxy = proxies[index];
    lines.push(`node      ${rpcUrl}   WebSocket ${rpcUrl.replace('http', 'ws')}/ws`);
    lines.push(`  faults  ${proxy?.url}   switches ${proxy?.controlUrl}`);
  }
  lines.push('', 'accounts  (the keys are public: nothing of value belongs on them)');
  for (const [name, { address, wif }] of Object.entries(network.accounts)) {
    lines.push(`  ${name.padEnd(12)}${address}  ${wif}`);
  }
  lines.push(`  ${'council'.padEnd(12)}${network.council.address}  2 of the 3 approvers`);
  lines.push('', 'contracts');
  for (const [name, hash] of Object.entries(network.contracts)) {
    lines.push(`  ${name.padEnd(12)}${hash}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Last started, first stopped. */
function stopOnSignals(stops: Stop[]): () => void {
  let stopping = false;
  const end = (): void => {
    // Ctrl-C reaches the whole process group and is forwarded by the bootstrap as well.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stopAll(stops).then(() => process.exit(0), endWith);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
  return end;
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
}

try {
  if (process.platform === 'win32')
    throw new UserError('The private network needs a POSIX system.');
  const options = parseDevnetOptions(process.argv.slice(2), dirname(import.meta.dirname));
  if (options === undefined) process.stdout.write(`${USAGE}\n`);
  else await runDevnet(options);
} catch (error) {
  endWith(error);
}
