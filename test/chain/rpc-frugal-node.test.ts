/**
 * A node without sessions and without old state, as many public ones are run: what it refuses, that
 * the client turns to another node where one is configured, and that no part of a list passes for
 * the whole.
 */
import { describe, expect, test } from 'vitest';
import { gasOf } from '../../scripts/devnet/funds.ts';
import { execute } from '../../scripts/devnet/transactions.ts';
import { gas } from '../../worker/chain/contracts/gas.ts';
import { read, readIterator, reading } from '../../worker/chain/invoker.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import {
  invokeScriptHistoric,
  terminateSession,
  traverseIterator,
} from '../../worker/core/neo/rpc/invocation-calls.ts';
import { asBytes } from '../../worker/core/neo/vm/stack-item-values.ts';
import {
  openAccount,
  openFaultyEndpoint,
  probe,
  rpc,
  startFrugalFollower,
  validator,
  waitForHeight,
} from './support/devnet.ts';
import { openClient, RETURN, rawCall } from './support/rpc-client.ts';

const NO_SESSION = '00000000-0000-0000-0000-000000000000';
const UNKNOWN_ROOT = `0x${'ab'.repeat(32)}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what a frugal node does not keep', () => {
  test('it refuses with -601 and -606, which is not held against it', async () => {
    const { rpcUrl } = await startFrugalFollower();
    const client = openClient([rpcUrl]);
    const refusals = [
      [-601, 'sessionsDisabled', traverseIterator({ session: NO_SESSION, iterator: NO_SESSION })],
      [-601, 'sessionsDisabled', terminateSession(NO_SESSION)],
      [-606, 'stateNotKept', invokeScriptHistoric({ script: RETURN }, 1)],
      [-606, 'stateNotKept', rawCall('getproof', UNKNOWN_ROOT, probe, 'qqo=')],
      [-606, 'stateNotKept', rawCall('verifyproof', UNKNOWN_ROOT, 'AaoBAbs=')],
      [-606, 'stateNotKept', rawCall('getstate', UNKNOWN_ROOT, probe, 'qqo=')],
    ] as const;
    for (const [code, meaning, call] of refusals)
      expect(await client.ask<unknown>(call), call.method).toMatchObject({
        kind: 'refused',
        error: { code, meaning },
      });
    expect(client.status()).toMatchObject([{ standing: 'healthy' }]);
  });

  test('another node is asked for, where one is configured', async () => {
    const account = await openAccount('frugal-reader', { gas: 3n, neo: 0n });
    const then = await gasOf(rpc, account.scriptHash);
    const height = await waitForHeight(0);
    await openAccount('frugal-reader', { gas: 5n, neo: 0n });
    const [frugal, slow] = [await startFrugalFollower(), await openFaultyEndpoint()];
    // So that the frugal one comes first.
    slow.set({ lagMs: 300 });
    const client = openClient([frugal.rpcUrl, slow.url]);
    await client.probe();
    const balance = gas.balanceOf(account.scriptHash);
    expect(await read(client, balance, { height })).toMatchObject({
      kind: 'value',
      value: then,
      endpoint: new URL(slow.url).host,
    });
  });
});

describe('iterators of a node without sessions', () => {
  test('are read as far as it gives them, and never a part as the whole', async () => {
    const writer = await openAccount('frugal-writer', { gas: 100n, neo: 0n });
    const keys = Array.from({ length: 120 }, (_, index) => `fr${String(index).padStart(3, '0')}`);
    const puts = keys.map((key) => ({
      contract: probe,
      method: 'put',
      args: [key, 'x'].map((value) => ({ type: 'String', value }) as const),
      flags: CALL_FLAGS.All,
      result: 'kept' as const,
    }));
    await execute(rpc, writer, encodeCalls(puts));
    const { rpcUrl } = await startFrugalFollower();
    const client = openClient([rpcUrl]);
    const find = (prefix: string) => {
      const { call } = reading(
        probe,
        ['find', { type: 'ByteArray', value: bytes(prefix) }],
        asBytes,
      );
      return { call, parseItem: (item: { readonly type: string }) => item.type };
    };
    const short = await readIterator(client, find('fr00'), 1_000);
    expect(short).toMatchObject({ kind: 'value', value: { length: 10 } });
    const first = await readIterator(client, find('fr'), 100);
    expect(first).toMatchObject({ kind: 'value', value: { length: 100 } });
    expect(await readIterator(client, find('fr'), 1_000)).toEqual({
      kind: 'unreachable',
      attempts: [{ endpoint: new URL(rpcUrl).host, reason: 'keeps no sessions' }],
    });
    const keeping = openClient([validator.rpcUrl]);
    const all = await readIterator(keeping, find('fr'), 1_000);
    expect(all).toMatchObject({ kind: 'value', value: { length: 120 } });
  });
});
