import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { accountNamed, councilAccount, genesisAccount } from '../../scripts/devnet/accounts.ts';
import {
  compileContract,
  contractNames,
  hashOfContract,
  loadContract,
} from '../../scripts/devnet/contracts.ts';
import { gasOf, payFromGenesis } from '../../scripts/devnet/funds.ts';
import { blockCount, startNode } from '../../scripts/devnet/node.ts';
import { isObject, openRpc, RpcRefusal } from '../../scripts/devnet/rpc.ts';
import {
  awaitExecution,
  buildTransaction,
  execute,
  send,
} from '../../scripts/devnet/transactions.ts';
import { choosePort } from '../../scripts/serve/ports.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import { parseScriptHash } from '../../worker/core/neo/script-hash.ts';
import {
  callProbe,
  devnet,
  follower,
  freeze,
  openAccount,
  probe,
  rpc,
  startOwnFollower,
  startOwnPair,
  validator,
  waitForHeight,
} from './support/devnet.ts';

const emit = (text: string, number: bigint): Uint8Array =>
  callProbe('emit', { type: 'String', value: text }, { type: 'Integer', value: number });

describe('the private network', () => {
  test('is a node of neo-go, with the magic of private networks', async () => {
    const version = await rpc.call('getversion');
    expect(version).toMatchObject({
      useragent: expect.stringMatching(/^\/NEO-GO:0\.\d+\.\d+\/$/),
      protocol: { network: devnet.magic, msperblock: devnet.blockMs },
    });
  });

  test('makes blocks', async () => {
    const height = (await blockCount(rpc)) - 1;
    expect(await waitForHeight(height + 1)).toBeGreaterThan(height);
  });

  test('has a follower with the same blocks', async () => {
    const height = (await blockCount(rpc)) - 1;
    await waitForHeight(height, openRpc(follower.rpcUrl));
    const own = await rpc.call('getblockhash', [height]);
    expect(await openRpc(follower.rpcUrl).call('getblockhash', [height])).toBe(own);
  });

  test('has money on every account it names', async () => {
    const named = Object.keys(devnet.accounts).map(accountNamed);
    for (const { scriptHash } of [...named, councilAccount()]) {
      expect(await gasOf(rpc, scriptHash)).toBeGreaterThan(0n);
    }
  });

  test('knows the addresses of its accounts by the same script hashes as we do', async () => {
    for (const { address, scriptHash } of Object.values(devnet.accounts)) {
      const answer = await rpc.call('validateaddress', [address]);
      expect(answer).toMatchObject({ address, isvalid: true });
      expect(parseScriptHash(scriptHash)).toBe(scriptHash);
    }
  });

  test('holds our contracts under the hashes computed in advance', async () => {
    for (const name of contractNames()) {
      const hash = hashOfContract(await loadContract(name), accountNamed('deployer'));
      expect(hash).toBe(devnet.contracts[name]);
      expect(await rpc.call('getcontractstate', [hash])).toMatchObject({ hash });
    }
  });

  test('compiles the same sources to the same bytes, whatever was kept', async () => {
    const kept = await Promise.all(contractNames().map(compileContract));
    const folder = mkdtempSync(join(tmpdir(), 'compiled-again-'));
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    });
    // The compiler itself has been found by now.
    vi.stubEnv('XDG_CACHE_HOME', folder);
    expect(await Promise.all(contractNames().map(compileContract))).toEqual(kept);
    expect(readdirSync(join(folder, 'neo-service-layer/contracts'))).toHaveLength(kept.length);
  });

  test('runs a transaction of two of three keys', async () => {
    const { vmState } = await execute(rpc, councilAccount(), emit('council', 2n));
    expect(vmState).toBe('HALT');
  });

  test('pays an account of a test', async () => {
    const account = await openAccount('network-test', { gas: 5n, neo: 1n });
    expect(await gasOf(rpc, account.scriptHash)).toBe(500_000_000n);
    await payFromGenesis(rpc, [account], { gas: 1n, neo: 0n });
    expect(await gasOf(rpc, account.scriptHash)).toBe(600_000_000n);
  });

  test('shows the event of the probe in the application log', async () => {
    const { hash } = await execute(rpc, accountNamed('stranger'), emit('seen', 7n));
    const log = await rpc.call('getapplicationlog', [hash]);
    const executions: unknown = isObject(log) ? log.executions : [];
    expect(executions).toMatchObject([
      { vmstate: 'HALT', notifications: [{ contract: probe, eventname: 'Emitted' }] },
    ]);
  });

  test('does not know a transaction that was never sent', async () => {
    const hash = `0x${'ab'.repeat(32)}`;
    await expect(rpc.call('getrawtransaction', [hash])).rejects.toThrow(RpcRefusal);
    const waiting = awaitExecution(openRpc('http://127.0.0.1:1'), hash);
    await expect(waiting).rejects.toThrow('fetch failed');
  });
});

describe('a node of a test', () => {
  test('hangs when it is frozen and is level again afterwards', async () => {
    const own = await startOwnFollower();
    await freeze(own);
    const height = await waitForHeight((await blockCount(rpc)) + 1);
    process.kill(own.processId, 'SIGCONT');
    expect(await waitForHeight(height, openRpc(own.rpcUrl))).toBeGreaterThanOrEqual(height);
  });

  test('ends when it is frozen', async () => {
    const own = await startOwnFollower();
    await freeze(own);
    await own.stop();
    expect(() => process.kill(own.processId, 0)).toThrow('ESRCH');
  });

  test('answers as if well when it is cut off, at a height that stands still', async () => {
    const own = await startOwnPair();
    await own.validator.stop();
    const cutOff = openRpc(own.follower.rpcUrl);
    const height = await blockCount(cutOff);
    const from = genesisAccount();
    const script = new ScriptBuilder().pushNull().toBytes();
    const hash = await send(cutOff, from, await buildTransaction(cutOff, from, { script }));
    // Long enough for blocks elsewhere.
    await waitForHeight((await blockCount(rpc)) + 1);
    expect(await blockCount(cutOff)).toBe(height);
    expect(await cutOff.call('getconnectioncount')).toBe(0);
    expect(await cutOff.call('getrawmempool')).toEqual([hash]);
  });

  test('is not taken for ready when another node answers at its port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chain-taken-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const starting = startNode({
      folder,
      storage: 'memory',
      blockMs: 1000,
      services: false,
      rpcPort: Number(new URL(validator.rpcUrl).port),
      p2pPort: await choosePort('127.0.0.1', 0),
    });
    await expect(starting).rejects.toThrow(/another node answers|ended early/);
  });
});
