/**
 * What an address had at a block of the past, on real nodes: the reading that trial balances rest on
 * (M11), and `slctl gasbank prove` with nodes that know it and one that does not.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gasOf } from '../../scripts/devnet/funds.ts';
import { formatGas } from '../../worker/core/money.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { Statement } from '../../worker/core/proofs/statement.ts';
import { readAssets } from '../../worker/services/proofs/read-assets.ts';
import { CONTRACT_TABLE } from '../cli/support/contract-table.ts';
import { run } from '../cli/support/run-cli.ts';
import { listedKey, signedStatement } from '../cli/support/signing.ts';
import {
  devnet,
  follower,
  openAccount,
  rpc,
  startFrugalFollower,
  validator,
  waitForHeight,
} from './support/devnet.ts';
import { openClient } from './support/rpc-client.ts';

const NETWORK = 'neo3:devnet';
let folder = '';
let height = 0;
let addresses: readonly ScriptHash[] = [];
let amounts: readonly bigint[] = [];

const settings = { id: NETWORK, magic: devnet.magic, quorum: 2 };
const networkOf = (urls: readonly string[]) => ({
  settings: { ...settings, rpc: [...urls] },
  client: openClient(urls),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-'));
  const rich = await openAccount('proof-rich', { gas: 7n, neo: 0n });
  const poor = await openAccount('proof-poor', { gas: 1n, neo: 0n });
  addresses = [rich.scriptHash, poor.scriptHash];
  amounts = await Promise.all(addresses.map((address) => gasOf(rpc, address)));
  height = await waitForHeight(0);
  // What they have now is not what they had then.
  await openAccount('proof-rich', { gas: 12n, neo: 0n });
  await waitForHeight(height + 1);
});

afterAll(() => rm(folder, { recursive: true }));

const stating = (sums: readonly bigint[]): Statement => {
  const total = formatGas(sums.reduce((all, sum) => all + sum, 0n));
  return {
    formatVersion: 1,
    network: NETWORK,
    networkMagic: devnet.magic,
    height,
    cutAt: '2026-11-01T10:00:00.000Z',
    assets: addresses.map((address, index) => ({ address, amount: formatGas(sums[index] ?? 0n) })),
    liabilities: [{ heading: 'customers/available', amount: total }],
    tree: { root: '00'.repeat(32), sum: total, leaves: 1 },
  };
};

async function prove(statement: Statement, nodes: readonly string[]) {
  const files = { proof: signedStatement(statement), keys: [listedKey()] };
  for (const [name, document] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(document));
  const at = ['--network', NETWORK, '--height', String(height)];
  const from = ['--proof', join(folder, 'proof'), '--keys', join(folder, 'keys')];
  const by = nodes.flatMap((url) => ['--node', url]);
  return run(['gasbank', 'prove', ...at, ...from, ...by], { table: CONTRACT_TABLE });
}

describe('M11: balances at a block of the past', () => {
  test('are told by two nodes, and are not those of today', async () => {
    const network = networkOf([validator.rpcUrl, follower.rpcUrl]);
    const told = await readAssets(network, addresses, height);
    expect(told).toEqual({ kind: 'told', amounts });
  });

  test('are not told where one of two nodes keeps no old state', async () => {
    const { rpcUrl } = await startFrugalFollower();
    const read = await readAssets(networkOf([validator.rpcUrl, rpcUrl]), addresses, height);
    expect(read).toEqual({ kind: 'never', reason: 'state_not_kept' });
  });

  test('are told later where the block is not there yet', async () => {
    const network = networkOf([validator.rpcUrl, follower.rpcUrl]);
    expect(await readAssets(network, addresses, 4_000_000)).toEqual({ kind: 'later' });
  });
});

describe('slctl gasbank prove', () => {
  test('proves by real nodes, and finds a datoshi', async () => {
    const nodes = [validator.rpcUrl, follower.rpcUrl];
    expect(await prove(stating(amounts), nodes)).toMatchObject({ code: 0 });
    const [first = 0n, ...rest] = amounts;
    const more = await prove(stating([first + 1n, ...rest]), nodes);
    expect(more).toMatchObject({ code: 9, err: expect.stringContaining('proof.assets_differ') });
  });

  test('cannot prove by a node that keeps no old state', async () => {
    const { rpcUrl } = await startFrugalFollower();
    const { code, err } = await prove(stating(amounts), [rpcUrl]);
    expect([code, err]).toEqual([8, expect.stringContaining(`cannot prove at ${String(height)}`)]);
  });
});
