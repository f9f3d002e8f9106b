/** `npm run devnet` as a person has it: one process, over a state folder that outlives it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { openRpc } from '../../scripts/devnet/rpc.ts';
import { createClient } from '../../sdk/src/index.ts';

const run = promisify(execFile);
const LONG_MS = 120_000;

interface Started {
  readonly child: ChildProcess;
  readonly output: string;
}

test('brings up network, platform and profile, and ends cleanly', {
  timeout: LONG_MS,
}, async () => {
  const { folder, env } = openHome();
  const slctl = (...args: readonly string[]) =>
    run('node', ['cli/slctl.mjs', ...args], { env, encoding: 'utf8' });
  const { child, output } = await startDevnet(folder, env, '--port', '0');
  const [, address = ''] = /^platform {2}(\S+)/m.exec(output) ?? [];
  const [, token = ''] = /^token {5}(\S+)/m.exec(output) ?? [];
  const client = createClient({ baseUrl: address, token });
  expect(await client.system.getStatus({})).toMatchObject({ caller: { kind: 'operator' } });
  const { stdout } = await slctl('profiles', 'list', '--json');
  // The profile that was in use stays in use.
  expect(JSON.parse(stdout)).toMatchObject({
    items: [
      { name: 'mine', current: true },
      { name: 'devnet', addr: address, current: false },
    ],
  });
  const network = readNetwork(folder);
  expect(output).toContain(network.accounts.payer.wif);
  expect(output).toContain(network.contracts.probe);
  const [{ url, controlUrl }] = network.endpoints;
  await fetch(controlUrl, { method: 'PUT', body: '{"frozenHeight":0}' });
  expect(await openRpc(url).call('getblockcount')).toBe(1);
  expect(await endBy(child, 'SIGINT')).toBe(0);
  await expectGone(network.nodes[0].rpcUrl);
});

test('goes on with a kept chain, and drops it when told to', { timeout: LONG_MS }, async () => {
  const { folder, env } = openHome();
  const first = await startDevnet(folder, env, '--no-platform');
  const { hash, height } = await lastBlock(folder);
  expect(await endBy(first.child, 'SIGTERM')).toBe(0);
  const second = await startDevnet(folder, env, '--no-platform');
  expect(await rpcOf(folder).call('getblockhash', [height])).toBe(hash);
  expect(await endBy(second.child, 'SIGTERM')).toBe(0);
  const other = spawnDevnet(folder, env, '--no-platform', '--block-ms', '500');
  expect(await text(other.stderr)).toContain('--fresh');
  const third = await startDevnet(folder, env, '--no-platform', '--block-ms', '500', '--fresh');
  expect(await rpcOf(folder).call('getblockhash', [height])).not.toBe(hash);
  expect(await endBy(third.child, 'SIGTERM')).toBe(0);
});

test('leaves no node behind when it is killed', { timeout: LONG_MS }, async () => {
  const { folder, env } = openHome();
  const { child } = await startDevnet(folder, env, '--no-platform');
  const { nodes } = readNetwork(folder);
  await endBy(child, 'SIGKILL');
  await expectGone(nodes[0].rpcUrl);
});

/** A folder for everything, with a profile of slctl that the user has already. */
function openHome() {
  const folder = mkdtempSync(join(tmpdir(), 'devnet-command-'));
  mkdirSync(join(folder, 'slctl'));
  const profiles = { mine: { addr: 'https://api.example', token: 'x'.repeat(43) } };
  const book = { formatVersion: 1, current: 'mine', profiles };
  writeFileSync(join(folder, 'slctl', 'config.json'), JSON.stringify(book), { mode: 0o600 });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Neither the profiles nor the settings of whoever runs the tests.
  return { folder, env: { ...process.env, XDG_CONFIG_HOME: folder, LOG_LEVEL: 'error' } };
}

function spawnDevnet(folder: string, env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const command = ['scripts/devnet.ts', '--state', folder, '--rpc-port', '0', ...args];
  return spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function startDevnet(
  folder: string,
  env: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<Started> {
  const child = spawnDevnet(folder, env, ...args);
  onTestFinished(() => void child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${errors}`)));
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
      if (/^ready/m.test(output)) resolve();
    });
  });
  return { child, output };
}

function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}

const readNetwork = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8'));

const rpcOf = (folder: string) => openRpc(readNetwork(folder).nodes[0].rpcUrl);

async function lastBlock(folder: string) {
  const rpc = rpcOf(folder);
  const height = Number(await rpc.call('getblockcount')) - 1;
  return { height, hash: await rpc.call('getblockhash', [height]) };
}

/** A node that was told to end takes a moment. */
async function expectGone(rpcUrl: string): Promise<void> {
  await expect
    .poll(
      () =>
        openRpc(rpcUrl)
          .call('getversion')
          .catch((error: Error) => error.message),
      {
        timeout: 20_000,
      },
    )
    .toBe('fetch failed');
}
