/** `Devpack.chain` on real nodes: functions on the metered runtime, whose reads the host sends to neo-go. */
import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { execute } from '../../scripts/devnet/transactions.ts';
import type { JsonValue } from '../../worker/core/functions-runtime/json-text.ts';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import { defaultSettings } from '../../worker/env.ts';
import { createLog } from '../../worker/http/log.ts';
import { createChainHost } from '../../worker/services/executions/chain-host.ts';
import { runAndReplay } from '../core/functions-runtime/harness.ts';
import { runtime } from '../core/functions-runtime/node-runtime.ts';
import { callProbe, devnet, openAccount, probe, rpc, validator } from './support/devnet.ts';

// The platform's own module, which Node does not have.
vi.mock('cloudflare:workers', () => ({ waitUntil: (work: Promise<unknown>) => void work }));

const network = { id: 'neo3:private', magic: devnet.magic, rpc: [validator.rpcUrl], quorum: 1 };
const deps = {
  settings: { ...defaultSettings, NEO_NETWORKS: [network] },
  log: createLog('silent', {}),
};

/** What the body returns; replayed from the journal with nobody to ask, it is the same. */
async function resultOf(body: string, params: JsonValue = {}): Promise<unknown> {
  const source = `async (params) => {
    const call = (method, ...args) =>
      Devpack.chain.call({ contract: '${probe}', method, args, ...params.more });
    const failure = (read) => read.then(() => 'none', ({ code, message }) => [code, message]);
    ${body} }`;
  const host = createChainHost(deps, []);
  const { first, again } = await runAndReplay(runtime, source, { params, host });
  expect(again).toEqual({ ok: true, value: first });
  if (first.status !== 'succeeded') throw new Error(JSON.stringify(first.error));
  return first.output['result'] ?? first.output;
}

test('a value comes back with its type and all of its digits', async () => {
  const source = `
    const most = 2n ** 255n - 1n;
    const [integer] = (await call('echo', { type: 'Integer', value: most })).stack;
    const [bytes] = (await call('echo', { type: 'ByteArray', value: btoa('\\x01\\xff') })).stack;
    const [text] = (await call('echo', { type: 'String', value: 'Neo' })).stack;
    const [list] = (await call('echo', { type: 'Array', value: [
      { type: 'Any' }, { type: 'Boolean', value: true } ] })).stack;
    return { same: BigInt(integer.value) === most, bytes, text: atob(text.value), list };`;
  expect(await resultOf(source)).toEqual({
    same: true,
    bytes: { type: 'ByteString', value: 'Af8=' },
    text: 'Neo',
    list: { type: 'Array', value: [{ type: 'Any' }, { type: 'Boolean', value: true }] },
  });
});

test('a witness is found where signers give it, and nobody signs', async () => {
  const account = encodeAddress(probe);
  const source = `return (await call('witnessed', { type: 'Hash160', value: '${account}' })).stack[0].value`;
  expect(await resultOf(source)).toBe(false);
  const signers = [{ account: probe, scopes: 'Global' }];
  expect(await resultOf(source, { more: { signers } })).toBe(true);
});

test('a FAULT rejects with the exception of the machine', async () => {
  const source = `return [
    await failure(call('abort')),
    await failure(call('emitAndFault', { type: 'String', value: 'why it failed' })),
    await failure(call('noSuchMethod')),
    await failure(Devpack.chain.balance({ address: '${encodeAddress(probe)}', token: '${probe}' })),
    await failure(Devpack.chain.call({ contract: '0x${'12'.repeat(20)}', method: 'm' })),
  ]`;
  expect(await resultOf(source)).toEqual([
    ['chain.call_faulted', expect.stringContaining('ABORT')],
    ['chain.call_faulted', expect.stringContaining('why it failed')],
    ['chain.call_faulted', expect.stringContaining('noSuchMethod')],
    ['chain.call_faulted', expect.stringContaining('symbol')],
    ['chain.call_faulted', expect.stringMatching(/not found|unknown/i)],
  ]);
});

test('more iterators are opened than a node keeps sessions, and each gives its values', async () => {
  const prefix = randomBytes(8).toString('base64');
  const owner = await openAccount(`devpack-${randomBytes(4).toString('hex')}`, {
    gas: 20n,
    neo: 0n,
  });
  const key = Buffer.from(prefix, 'base64');
  await execute(
    rpc,
    owner,
    callProbe('put', { type: 'ByteArray', value: key }, { type: 'ByteArray', value: key }),
  );
  // A node keeps twenty, for everybody.
  const source = `const counts = [];
    for (let i = 0; i < 20; i++) {
      const [item] = (await call('find', { type: 'ByteArray', value: '${prefix}' })).stack;
      counts.push(item.iterator.length);
    }
    return counts;`;
  for (let round = 0; round < 2; round += 1)
    expect(await resultOf(source)).toEqual(Array(20).fill(1));
});

test('a transaction comes with what it did, and heights and balances are those of the node', async () => {
  const owner = await openAccount(`devpack-${randomBytes(4).toString('hex')}`, {
    gas: 20n,
    neo: 3n,
  });
  const emit = callProbe('emit', { type: 'String', value: 'seen' }, { type: 'Integer', value: 7n });
  const { hash } = await execute(rpc, owner, emit);
  const source = `
    const transaction = await Devpack.chain.transaction({ hash: params.hash });
    const { notifications, vmState } = transaction.applicationLog;
    const { address } = params;
    const [gas, neo] = [
      await Devpack.chain.balance({ address, token: 'GAS' }),
      await Devpack.chain.balance({ address, token: 'NEO' }),
    ];
    const { items } = await Devpack.chain.balance({ address });
    return {
      vmState, sender: transaction.sender, event: notifications[0].eventName,
      neo: neo.amount, symbols: [gas.symbol, neo.symbol],
      same: items.find(({ contract }) => contract === gas.contract).amount === gas.amount,
      paid: BigInt(gas.amount) + BigInt(transaction.systemFee) + BigInt(transaction.networkFee) + '',
      height: await Devpack.chain.height(),
      unknown: (await failure(Devpack.chain.transaction({ hash: '0x${'34'.repeat(32)}' })))[0],
    };`;
  const address = encodeAddress(owner.scriptHash);
  const result = await resultOf(source, { hash, address });
  expect(result).toMatchObject({
    vmState: 'HALT',
    sender: address,
    neo: '3',
    symbols: ['GAS', 'NEO'],
    same: true,
    paid: '2000000000',
    unknown: 'request.not_found',
  });
  expect((result as { readonly height: number }).height).toBeGreaterThan(0);
});
