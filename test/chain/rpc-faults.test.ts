/**
 * Our client between a sound endpoint and one that is made bad at will, in front of a real node:
 * lag, refusals, wrong answers, broken connections, a height that stands still.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { genesisAccount } from '../../scripts/devnet/accounts.ts';
import { nodeConfiguration, validatorWallet } from '../../scripts/devnet/config.ts';
import { blockCount } from '../../scripts/devnet/node.ts';
import { openRpc } from '../../scripts/devnet/rpc.ts';
import { ensureNeoGo } from '../../scripts/devnet/toolchain.ts';
import { choosePort } from '../../scripts/serve/ports.ts';
import type { RpcClient } from '../../worker/chain/rpc-client.ts';
import { getBlockCount, getBlockHash } from '../../worker/core/neo/rpc/chain-calls.ts';
import { sendRawTransaction } from '../../worker/core/neo/rpc/transaction-calls.ts';
import {
  devnet,
  openAccount,
  openFaultyEndpoint,
  validator,
  waitForHeight,
} from './support/devnet.ts';
import { draft, openClient, signed } from './support/rpc-client.ts';

/** The one that goes bad is the quicker one, so it is asked first. */
async function openPair() {
  const proxy = await openFaultyEndpoint();
  const slow = await openFaultyEndpoint();
  slow.set({ lagMs: 100 });
  const client = openClient([proxy.url, slow.url]);
  await client.probe();
  slow.clear();
  return { proxy, client, good: new URL(slow.url).host };
}

const standings = (client: RpcClient) => client.status().map(({ standing }) => standing);

describe('an endpoint that goes bad', () => {
  test.each([
    ['answers 429', { status: 429 }, 'cooling'],
    ['answers with an error of HTTP', { status: 500 }, 'failing'],
    ['resets connections', { connection: 'reset' }, 'failing'],
    ['half closes connections', { connection: 'half-closed' }, 'failing'],
    ['is frozen', { connection: 'silent' }, 'failing'],
    ['answers something else', { results: { getblockhash: { odd: true } } }, 'failing'],
    ['fails within', { errors: { getblockhash: { code: -32_603, message: '' } } }, 'failing'],
  ] as const)('%s: the other one answers, and it is left alone', async (_what, faults, then) => {
    const { proxy, client, good } = await openPair();
    proxy.set(faults);
    const asked = proxy.countOf('getblockhash');
    const answer = await client.ask(getBlockHash(0));
    expect(answer).toEqual({ kind: 'value', value: devnet.checkpoint.hash, endpoint: good });
    expect(proxy.countOf('getblockhash')).toBe(asked + 1);
    expect(standings(client)).toEqual([then, 'healthy']);
    await client.ask(getBlockHash(0));
    expect(proxy.countOf('getblockhash')).toBe(asked + 1);
  });

  test('is used again when it is well again', async () => {
    const { proxy, client } = await openPair();
    proxy.set({ connection: 'reset' });
    await client.ask(getBlockHash(0));
    expect(standings(client)[0]).toBe('failing');
    proxy.clear();
    await expect
      .poll(
        async () => {
          await client.probe();
          return standings(client)[0];
        },
        { timeout: 10_000 },
      )
      .toBe('healthy');
  });

  test('stands still, answers as if well, swallows transactions, and is not believed', async () => {
    const proxy = await openFaultyEndpoint();
    const start = await waitForHeight(0);
    proxy.set({ frozenHeight: start, swallowTransactions: true });
    // Old enough to be told from a pause.
    await waitForHeight(start + 12);
    const client = openClient([proxy.url, validator.rpcUrl]);
    await client.probe();
    expect(standings(client)).toEqual(['stale', 'healthy']);
    const answer = await client.ask(getBlockCount());
    expect(answer.kind === 'value' && answer.value).toBeGreaterThan(start + 2);

    const payer = await openAccount('faults-swallowed', { gas: 10n, neo: 0n });
    const transaction = signed(draft(payer, { validUntilBlock: start + 200 }), [payer]);
    const sent = await client.broadcast(transaction);
    expect(sent.sends.map(({ healthy, answer: said }) => [healthy, said.kind])).toEqual([
      [true, 'accepted'],
      [false, 'accepted'],
    ]);
    expect(sent.outcome).toBe('pooled');
    const alone = await openClient([proxy.url]).broadcast(transaction);
    expect(alone.outcome).toBe('later');
  });
});

describe('a pool of three transactions', () => {
  test('-502 to the fourth that pays no more than they do', async () => {
    const url = await startTinyPool();
    const client = openClient([url]);
    const genesis = genesisAccount();
    const meanings: string[] = [];
    // The pool empties with every block: a round of four may be cut by one.
    for (let round = 0; round < 5 && !meanings.includes('mempoolFull'); round += 1) {
      const validUntilBlock = (await blockCount(openRpc(url))) + 50;
      for (let index = 0; index < 4; index += 1) {
        const transaction = signed(draft(genesis, { validUntilBlock }), [genesis]);
        const answer = await client.ask(sendRawTransaction(transaction));
        meanings.push(answer.kind === 'refused' ? answer.error.meaning : answer.kind);
      }
    }
    expect(meanings).toContain('mempoolFull');
    expect(client.status()).toMatchObject([{ standing: 'healthy' }]);
  });
});

/** A network of its own, alike but for its pool. */
async function startTinyPool(): Promise<string> {
  const { program } = await ensureNeoGo();
  const folder = mkdtempSync(join(tmpdir(), 'chain-tiny-pool-'));
  const walletFile = join(folder, 'wallet.json');
  writeFileSync(walletFile, validatorWallet());
  const rpcPort = await choosePort('127.0.0.1', 0);
  const settings = JSON.parse(
    nodeConfiguration({
      rpcPort,
      p2pPort: await choosePort('127.0.0.1', 0),
      blockMs: devnet.blockMs,
      services: false,
      chainFolder: undefined,
      role: { kind: 'validator', walletFile },
    }),
  ) as { readonly ProtocolConfiguration: Record<string, unknown> }; // Written by the line above.
  settings.ProtocolConfiguration.MemPoolSize = 3;
  const configFile = join(folder, 'config.yml');
  writeFileSync(configFile, JSON.stringify(settings));
  const node = spawn(program, ['node', '--config-file', configFile], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => node.once('exit', () => resolve()));
  onTestFinished(async () => {
    node.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${String(rpcPort)}`;
  await expect
    .poll(() => blockCount(openRpc(url)).catch(() => 0), { timeout: 30_000 })
    .toBeGreaterThan(1);
  return url;
}
