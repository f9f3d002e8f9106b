/**
 * The follower against real nodes: what it delivers is what the node's own JSON says happened, and
 * an endpoint that is made bad in front of the same node costs time and nothing else.
 */
import { describe, expect, test } from 'vitest';
import { blockCount } from '../../scripts/devnet/node.ts';
import {
  awaitExecution,
  buildTransaction,
  execute,
  send,
} from '../../scripts/devnet/transactions.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import {
  callProbe,
  devnet,
  openAccount,
  openFaultyEndpoint,
  probe,
  rpc,
  follower as secondNode,
  validator,
  waitForHeight,
} from './support/devnet.ts';
import { LiveFollower, listRaised } from './support/live-follower.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;
const { magic, checkpoint } = devnet;
const emitMany = (text: string, count: bigint) =>
  callProbe('emitMany', { type: 'String', value: text }, { type: 'Integer', value: count });
const watchProbe = {
  subscriberId: 'watcher',
  contract: probe,
  eventName: 'Emitted',
  fromHeight: 1,
} as const;

async function runFaulting(name: string): Promise<string> {
  const account = await openAccount(name, { gas: 20n, neo: 0n });
  const script = callProbe('emitAndFault', { type: 'String', value: name });
  const transaction = await buildTransaction(rpc, account, { script, systemFee: 5_00000000n });
  const hash = await send(rpc, account, transaction);
  expect((await awaitExecution(rpc, hash)).vmState).toBe('FAULT');
  return hash;
}

describe('a follower of a real chain', () => {
  test('delivers what HALTed runs raised, from genesis on, and nothing of a faulted one', async () => {
    const payer = await openAccount('follower emits', { gas: 50n, neo: 0n });
    await execute(rpc, payer, emitMany('first', 20n));
    const faulted = await runFaulting('follower faults');
    await execute(rpc, payer, emitMany('second', 7n));
    const live = new LiveFollower({ urls: [validator.rpcUrl], magic, checkpoint });
    expect(live.follower.subscribe(watchProbe, Date.now()).ok).toBe(true);
    const to = (await blockCount(rpc)) - 1;
    await live.follow(to);
    const ids = live
      .drain('watcher')
      .filter(({ height }) => height <= to)
      .map(({ id }) => id);
    expect(ids).toEqual(await listRaised(rpc, { magic, contract: probe, from: 1, to }));
    expect(ids.length).toBeGreaterThanOrEqual(27);
    expect(ids.some((id) => id.includes(faulted))).toBe(false);
  });

  test('M10: delivers the fee burn of a faulted transaction, once', async () => {
    const live = new LiveFollower({ urls: [validator.rpcUrl], magic, checkpoint });
    const watchGas = { subscriberId: 'bank', contract: GAS, eventName: 'Transfer', fromHeight: 1 };
    expect(live.follower.subscribe(watchGas, Date.now()).ok).toBe(true);
    const faulted = await runFaulting('follower burns');
    await live.follow((await blockCount(rpc)) - 1);
    const events = live.drain('bank');
    const own = events.filter(({ transaction }) => transaction === faulted);
    expect(own.map(({ id, trigger }) => ({ id, trigger }))).toEqual([
      { id: `${String(magic)}:${faulted}:fee`, trigger: 'OnPersist' },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('M5: agrees with two nodes, and follows new blocks as they come', async () => {
    const urls = [validator.rpcUrl, secondNode.rpcUrl];
    const live = new LiveFollower({ urls, magic, checkpoint, quorum: 2 });
    const height = (await blockCount(rpc)) - 1;
    await live.follow(height);
    await waitForHeight(height + 2);
    await live.follow(height + 2);
    expect(live.status()).toMatchObject({ alert: null, gaps: [], faults: [] });
  });

  test('M6: takes no block of another chain, and goes on by an honest endpoint', async () => {
    const bad = await openFaultyEndpoint();
    const other = String(await rpc.call('getblock', [0]));
    bad.set({ results: { getblock: other } });
    const alone = new LiveFollower({ urls: [bad.url], magic, checkpoint });
    await alone.turn();
    expect(alone.status()).toMatchObject({ alert: 'header_rejected', verifiedHeight: 0 });
    const both = new LiveFollower({ urls: [bad.url, validator.rpcUrl], magic, checkpoint });
    await both.follow(5);
    expect(both.status().faults).toHaveLength(1);
  });

  test('D9: keeps a gap where an endpoint has the block and not its log, and fills it later', async () => {
    const bad = await openFaultyEndpoint();
    bad.set({ errors: { getapplicationlog: { code: -105, message: 'Unknown script container' } } });
    const live = new LiveFollower({ urls: [bad.url], magic, checkpoint });
    expect(live.follower.subscribe(watchProbe, Date.now()).ok).toBe(true);
    await live.turn();
    const { verifiedHeight, deliveredHeight, gaps } = live.status();
    expect(verifiedHeight).toBeGreaterThan(1);
    expect(deliveredHeight).toBe(0);
    expect(gaps).toEqual([{ fromHeight: 1, toHeight: verifiedHeight, reason: 'log_unreadable' }]);
    bad.clear();
    await live.follow(verifiedHeight);
    const ids = live.drain('watcher').filter(({ height }) => height <= verifiedHeight);
    const query = { magic, contract: probe, from: 1, to: verifiedHeight };
    expect(ids.map(({ id }) => id)).toEqual(await listRaised(rpc, query));
  });

  test('goes round an endpoint that stands still', async () => {
    const frozen = await openFaultyEndpoint();
    frozen.set({ frozenHeight: 2 });
    const live = new LiveFollower({ urls: [frozen.url, validator.rpcUrl], magic, checkpoint });
    const height = await waitForHeight(4);
    await live.follow(height);
  });
});
