/**
 * Ten thousand real blocks, restored from a dump as another operator would, with thousands of
 * events and faulted transactions among them; the follower is killed at 200 seeded points of its
 * catch-up and then follows 300 live blocks. Nothing is missed and nothing comes twice.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BOUNDS } from '../../durable-objects/chain-follower/stores.ts';
import { accountNamed } from '../../scripts/devnet/accounts.ts';
import { type Network, startNetwork } from '../../scripts/devnet/network.ts';
import { blockCount } from '../../scripts/devnet/node.ts';
import { openRpc, type Rpc } from '../../scripts/devnet/rpc.ts';
import { ensureNeoGo } from '../../scripts/devnet/toolchain.ts';
import { buildTransaction, send } from '../../scripts/devnet/transactions.ts';
import { parseScriptHash } from '../../worker/core/neo/script-hash.ts';
import { randomOf } from '../core/chain-follower/model-chain.ts';
import { callProbe } from './support/devnet.ts';
import { LiveFollower, listRaised } from './support/live-follower.ts';

const SEED = Number(process.env.SEED ?? 20_261_121);
const BLOCKS = 10_000;
const LIVE_BLOCKS = 300;
const DEATHS = 200;
/** Of 60 events each; every fourth transaction faults after it has raised one. */
const TRANSACTIONS = 120;

const open = (folder: string): Promise<Network> =>
  startNetwork({ folder, storage: 'disk', blockMs: 10, services: false, follower: false });

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a chain of 10,000 blocks, caught up with through 200 deaths', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catch-up-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const made = join(folder, 'made');
  await makeChain(made);
  const restored = join(folder, 'restored');
  await restore(made, restored);
  const network = await open(restored);
  onTestFinished(network.stop);
  const { magic, checkpoint, contracts, nodes } = network.description;
  const probe = parseScriptHash(contracts.probe ?? '');
  const url = nodes[0]?.rpcUrl;
  if (probe === null || url === undefined) throw new Error('the network has probe and node');
  const live = new LiveFollower({
    urls: [url],
    magic,
    checkpoint,
    // More steps than the usual hundred blocks each, so that there is enough to die in.
    bounds: { ...BOUNDS, readBlocks: 25 },
    followWithinMs: 400_000,
  });
  const watch = { subscriberId: 'watcher', contract: probe, eventName: null, fromHeight: 1 };
  expect(live.follower.subscribe(watch, Date.now()).ok).toBe(true);
  const rpc = openRpc(url);
  const random = randomOf(SEED);
  const startedAt = Date.now();
  const tip = (await blockCount(rpc)) - 1;
  await live.follow(BLOCKS, () => {
    live.killAfter(live.deaths < DEATHS ? 1 + Math.floor(random() * 120) : 0);
  });
  const seconds = (Date.now() - startedAt) / 1_000;
  console.info(
    `seed ${String(SEED)}: ${String(live.deaths)} deaths, ${(BLOCKS / seconds).toFixed(0)} blocks/s`,
  );
  expect(live.deaths).toBe(DEATHS);
  await live.follow(Math.max(tip, BLOCKS) + LIVE_BLOCKS);
  const to = live.status().deliveredHeight;
  const ids = live.drain('watcher').map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(await listRaised(rpc, { magic, contract: probe, from: 1, to }));
  expect(ids.length).toBeGreaterThanOrEqual(5_000);
}, 900_000);

async function makeChain(folder: string): Promise<void> {
  const network = await open(folder);
  try {
    const rpc = openRpc(network.description.nodes[0]?.rpcUrl ?? '');
    for (let number = 0; number < TRANSACTIONS; number += 1) {
      await raise(rpc, number);
      await wait(500);
    }
    while ((await blockCount(rpc)) <= BLOCKS) await wait(250);
  } finally {
    await network.stop();
  }
}

async function raise(rpc: Rpc, number: number): Promise<void> {
  const payer = accountNamed('payer');
  const text = { type: 'String', value: `catch-up ${String(number)}` } as const;
  const order =
    number % 4 === 3
      ? { script: callProbe('emitAndFault', text), systemFee: 1_00000000n }
      : { script: callProbe('emitMany', text, { type: 'Integer', value: 60n }) };
  await send(rpc, payer, await buildTransaction(rpc, payer, order));
}

/** Another node's data from a dump of the first, as `neo-go db` does it. */
async function restore(made: string, restored: string): Promise<void> {
  const { program } = await ensureNeoGo();
  const dump = join(made, 'chain.dump');
  const config = join(made, 'validator/config.yml');
  execFileSync(program, ['db', 'dump', '--config-file', config, '-o', dump], { stdio: 'pipe' });
  mkdirSync(join(restored, 'validator'), { recursive: true });
  cpSync(join(made, 'validator/wallet.json'), join(restored, 'validator/wallet.json'));
  const restoredConfig = join(restored, 'validator/config.yml');
  writeFileSync(restoredConfig, readFileSync(config, 'utf8').replaceAll(made, restored));
  execFileSync(program, ['db', 'restore', '--config-file', restoredConfig, '-i', dump], {
    stdio: 'pipe',
  });
}
