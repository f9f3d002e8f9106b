/**
 * Reads of `Devpack.chain` against nodes and contracts that lie, flood and echo. `fetch` is the outside; what a sound
 * node says is scripted by the small chain.
 */
import { base64 } from '@scure/base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { parseSettings } from '../../../worker/env.ts';
import type { Tenant } from '../../support/harness.ts';
import { type Script, ScriptedNode } from '../../support/scripted-node.ts';
import { answerAsNode, NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import {
  bindings,
  contextOf,
  executeIn,
  type FunctionFields,
  openWith,
  ran,
  storeSecret,
} from './runs-under-test.ts';

afterEach(() => vi.unstubAllGlobals());

const CONTRACT = `0x${'ab'.repeat(20)}`;
const READ = `async (params) => {
  try { return { value: await Devpack.chain[params.method](params.request) } }
  catch (error) { return { code: error.code, message: error.message } }
}`;

/** Another node at the same address; by the method of JSON-RPC. */
function nodeThat(scripts: Readonly<Record<string, Script>>): ScriptedNode {
  const node = new ScriptedNode();
  node.height = 7;
  for (const [method, script] of Object.entries(scripts)) node.scripts.set(method, script);
  vi.stubGlobal('fetch', async (_url: string, { body }: { readonly body: string }) => {
    node.blockTimeMs = Date.now();
    return node.serve(body);
  });
  return node;
}

const runOf =
  (changes: object): Script =>
  ({ params: [script] }) => ({
    result: {
      script,
      state: 'HALT',
      gasconsumed: '2007390',
      exception: null,
      stack: [],
      notifications: [],
      ...changes,
    },
  });
const leaving = (...stack: readonly object[]) => nodeThat({ invokescript: runOf({ stack }) });

async function read(method: string, request: object = {}, fields: FunctionFields = {}) {
  const { tenant, functionId } = await openWith(READ, fields);
  const execution = await ran(tenant, functionId, { method, request });
  expect(execution.status, JSON.stringify(execution.error)).toBe('succeeded');
  return { tenant, id: execution.id as string, ...execution.output };
}

const journalOf = async (tenant: Tenant, id: string) => {
  const { status, body, text } = await tenant.call(`GET /executions/${id}/journal`);
  expect(status).toBe(200);
  return { entries: body.entries, text };
};

describe('call', () => {
  it('gives every item with its type and all of its digits', async () => {
    const stack = [
      {
        type: 'Struct',
        value: [
          { type: 'Integer', value: (2n ** 255n - 1n).toString() },
          { type: 'ByteString', value: base64.encode(Uint8Array.of(1, 255)) },
          { type: 'Buffer', value: base64.encode(Uint8Array.of(1, 255)) },
          {
            type: 'Map',
            value: [{ key: { type: 'Integer', value: '-1' }, value: { type: 'Any' } }],
          },
        ],
      },
    ];
    leaving(...stack);
    const { value } = await read('call', { contract: CONTRACT, method: 'all' });
    expect(value).toEqual({ stack, gasConsumed: '2007390' });
  });

  it('asks for one call with the arguments and witnesses given, and may call further', async () => {
    const asked: (readonly unknown[])[] = [];
    nodeThat({
      invokescript: (request) => {
        asked.push(request.params);
        return runOf({ stack: [{ type: 'Any' }] })(request);
      },
    });
    const args = [{ type: 'Integer', value: '-5' }, { type: 'Any' }];
    const signers = [{ account: SMALL_CHAIN.sender, scopes: 'CalledByEntry' }];
    await read('call', { network: NETWORKS.up.id, contract: CONTRACT, method: 'm', args, signers });
    const [script, given] = asked[0] ?? [];
    const calls = decodeCalls(base64.decode(String(script)));
    expect(calls).toMatchObject({
      ok: true,
      value: [
        {
          contract: CONTRACT,
          method: 'm',
          args: [
            { type: 'Integer', value: -5n },
            { type: 'Any', value: null },
          ],
          flags: 15,
          result: 'kept',
        },
      ],
    });
    expect(given).toMatchObject([{ scopes: 'CalledByEntry' }]);
  });

  it('rejects with the exception of a FAULT', async () => {
    const exception = 'at instruction 2 (SYSCALL): no such method';
    nodeThat({ invokescript: runOf({ state: 'FAULT', exception }) });
    const { code, message } = await read('call', { contract: CONTRACT, method: 'none' });
    expect([code, message]).toEqual(['chain.call_faulted', exception]);
  });

  it.each([
    ['no contract', { contract: 'gas' }, '/contract'],
    ['no method', { method: '' }, '/method'],
    ['an argument of a wrong form', { args: [{ type: 'Integer', value: '1.5' }] }, '/args/0/value'],
    ['a number that is not exact', { args: [{ type: 'Integer', value: 2e60 }] }, '/args/0/value'],
    ['a signer that is none', { signers: [{ account: 'me' }] }, '/signers/0'],
    ['an unknown field', { flags: 'All' }, 'flags'],
    ['a network that is no text', { network: 5 }, '/network'],
  ])('says where it is wrong: %s', async (_what, change, place) => {
    const node = leaving();
    const { code, message } = await read('call', { contract: CONTRACT, method: 'm', ...change });
    expect(code).toBe('functions.call_invalid');
    expect(message).toContain(place);
    expect(node.asked).not.toContain('invokescript');
  });

  it('holds no answer of a mebibyte, and asks the same node again at once', async () => {
    const item = { type: 'ByteString', value: base64.encode(new Uint8Array(131_000)) };
    leaving({ type: 'Array', value: Array.from({ length: 8 }, () => item) });
    const { code, tenant, id } = await read('call', { contract: CONTRACT, method: 'flood' });
    expect(code).toBe('chain.answer_too_large');
    expect((await journalOf(tenant, id)).text.length).toBeLessThan(5_000);
    leaving({ type: 'Any' });
    expect(await read('call', { contract: CONTRACT, method: 'm' })).toMatchObject({
      value: { stack: [{ type: 'Any' }] },
    });
  });

  it('refuses items that nest deeper than code can read, and gives those that do not', async () => {
    const nested = (levels: number): object =>
      levels === 0 ? { type: 'Any' } : { type: 'Array', value: [nested(levels - 1)] };
    leaving(nested(300));
    const deep = await read('call', { contract: CONTRACT, method: 'deep' });
    expect(deep.code).toBe('functions.call_limit');
    leaving(nested(90));
    const { value } = await read('call', { contract: CONTRACT, method: 'deep' });
    expect(value.stack).toEqual([nested(90)]);
  });

  it('gives the values of an iterator and leaves no session behind, also after a FAULT', async () => {
    const session = 'e8e8e8e8-0000-4000-8000-000000000001';
    const stack = [{ type: 'InteropInterface', interface: 'IIterator', id: session }];
    const ended: unknown[] = [];
    const scripts: Record<string, Script> = {
      invokescript: runOf({ stack, session }),
      traverseiterator: () => ({ result: [{ type: 'Integer', value: '1' }] }),
      terminatesession: ({ params }) => {
        ended.push(params[0]);
        return { result: true };
      },
    };
    nodeThat(scripts);
    const { value } = await read('call', { contract: CONTRACT, method: 'tokens' });
    expect(value.stack).toEqual([
      { type: 'InteropInterface', iterator: [{ type: 'Integer', value: '1' }] },
    ]);
    nodeThat({ ...scripts, invokescript: runOf({ stack, session, state: 'FAULT' }) });
    await read('call', { contract: CONTRACT, method: 'tokens' });
    expect(ended).toEqual([session, session]);
  });
});

describe('a node that lies', () => {
  it('cannot answer for another script than the one it was asked to run', async () => {
    nodeThat({ invokescript: runOf({ script: 'QA==', stack: [{ type: 'Any' }] }) });
    const { code } = await read('call', { contract: CONTRACT, method: 'm' });
    expect(code).toBe('chain.unavailable');
  });

  it('cannot show another transaction than the one it was asked for', async () => {
    const asked = JSON.stringify({
      jsonrpc: '2.0',
      id: 0,
      method: 'getrawtransaction',
      params: [SMALL_CHAIN.faulted, true],
    });
    const other = JSON.parse(await answerAsNode(asked)) as { readonly result: unknown };
    nodeThat({ getrawtransaction: () => ({ result: other.result }) });
    const { code } = await read('transaction', { hash: SMALL_CHAIN.transfer });
    expect(code).toBe('chain.unavailable');
  });

  it.each([
    ['an integer that is no decimal', { type: 'Integer', value: '1e5' }],
    ['an integer of 300 bits', { type: 'Integer', value: (2n ** 300n).toString() }],
  ])('cannot hand on %s', async (_what, item) => {
    leaving(item);
    const { value, code } = await read('call', { contract: CONTRACT, method: 'm' });
    expect([value, code]).toEqual([undefined, 'chain.answer_unexpected']);
  });
});

describe('balance', () => {
  const token = (...values: readonly string[]) => {
    const [symbol = '', decimals = '', amount = ''] = values;
    return leaving(
      { type: 'ByteString', value: base64.encode(new TextEncoder().encode(symbol)) },
      { type: 'Integer', value: decimals },
      { type: 'Integer', value: amount },
    );
  };

  it('is of one token, in its smallest unit', async () => {
    const amount = (2n ** 200n).toString();
    token('GAS', '8', amount);
    const address = SMALL_CHAIN.receiver;
    const { value } = await read('balance', { address, token: 'GAS' });
    expect(value).toEqual({
      address,
      contract: SMALL_CHAIN.gas,
      symbol: 'GAS',
      decimals: 8,
      amount,
    });
  });

  it('is of all tokens when none is named', async () => {
    const address = SMALL_CHAIN.receiver;
    const { value } = await read('balance', { address });
    expect(value).toMatchObject({
      address,
      items: [{ contract: SMALL_CHAIN.gas, symbol: 'GAS', decimals: 8, amount: '100000000' }],
    });
  });

  it('refuses what is no token, no address, or answers as no token does', async () => {
    const address = SMALL_CHAIN.receiver;
    expect((await read('balance', { address: 'me' })).message).toContain('/address');
    expect((await read('balance', { address, token: 'gold' })).message).toContain('/token');
    leaving({ type: 'Integer', value: '5' });
    const { code } = await read('balance', { address, token: CONTRACT });
    expect(code).toBe('chain.answer_unexpected');
  });
});

describe('transaction', () => {
  it('comes with what it did', async () => {
    const { value } = await read('transaction', { hash: SMALL_CHAIN.transfer });
    expect(value).toMatchObject({
      hash: SMALL_CHAIN.transfer,
      systemFee: '9977780',
      inclusion: { blockHash: SMALL_CHAIN.blockHash },
      applicationLog: { vmState: 'HALT', notifications: [{ eventName: 'Transfer' }] },
    });
    const faulted = await read('transaction', { hash: SMALL_CHAIN.faulted });
    expect(faulted.value.applicationLog).toMatchObject({ vmState: 'FAULT', notifications: [] });
  });

  it('has no log while it waits, and none is made up', async () => {
    const { value } = await read('transaction', { hash: SMALL_CHAIN.waiting });
    expect(value).toMatchObject({ inclusion: null, applicationLog: null });
  });

  it('is not found, or not asked for, where there is none', async () => {
    const { code } = await read('transaction', { hash: `0x${'ee'.repeat(32)}` });
    expect(code).toBe('request.not_found');
    expect((await read('transaction', { hash: '0x1' })).message).toContain('/hash');
  });
});

describe('the network', () => {
  const settingsWith = (networks: readonly object[]) => {
    const NEO_NETWORKS = JSON.stringify(networks);
    const parsed = parseSettings({ ...bindings, NEO_NETWORKS });
    if (!parsed.ok) throw new Error(parsed.failure.code);
    return parsed.value;
  };
  async function heightWith(networks: readonly object[], request: object = {}) {
    const source = READ.replaceAll('params.method', "'height'").replace(
      'params.request',
      JSON.stringify(request),
    );
    const { tenant, functionId } = await openWith(source);
    const context = contextOf({ settings: settingsWith(networks) });
    const answer = await executeIn(context, tenant, functionId);
    if (!answer.ok) throw new Error(answer.failure.code);
    return answer.value.body.output as { value?: number; code?: string; message?: string };
  }

  it('need not be named where there is one, and must be where there are more', async () => {
    expect(await heightWith([NETWORKS.up])).toEqual({ value: SMALL_CHAIN.height });
    const two = await heightWith([NETWORKS.up, NETWORKS.down]);
    expect(two.code).toBe('chain.network_unknown');
    expect(two.message).toContain('neo3:private, neo3:down');
    const named = await heightWith([NETWORKS.up, NETWORKS.down], { network: NETWORKS.up.id });
    expect(named).toEqual({ value: SMALL_CHAIN.height });
  });

  it('must be one of this deployment', async () => {
    expect(await heightWith([NETWORKS.up], { network: 'neo3:mainnet' })).toMatchObject({
      code: 'chain.network_unknown',
    });
    expect((await heightWith([])).code).toBe('chain.network_unknown');
  });

  it('may be away', async () => {
    expect((await heightWith([NETWORKS.down])).code).toBe('chain.unavailable');
  });
});

describe('the reads of one run', () => {
  it('go to the nodes one after the other, and those left over when the run ends do not go', async () => {
    let [open, most, asked] = [0, 0, 0];
    const ended = Promise.withResolvers<void>();
    const node = leaving({ type: 'Any' });
    vi.stubGlobal('fetch', async (_url: string, { body }: { readonly body: string }) => {
      // What nodes are asked for their health goes beside it.
      const calls = body.includes('invokescript') ? 1 : 0;
      asked += calls;
      open += calls;
      most = Math.max(most, open);
      // The second one of the second run, if it goes at all, is on its way until that run is over.
      if (calls === 1 && asked === 5) await ended.promise;
      else await Promise.resolve();
      open -= calls;
      node.blockTimeMs = Date.now();
      return node.serve(body);
    });
    const call = `Devpack.chain.call({ contract: '${CONTRACT}', method: 'm' })`;
    const all = await openWith(
      `async () => (await Promise.all([${call}, ${call}, ${call}])).length`,
    );
    await ran(all.tenant, all.functionId);
    expect([most, asked]).toEqual([1, 3]);
    const first = await openWith(
      `async () => { const one = ${call}; ${call}; ${call}; await one }`,
    );
    await ran(first.tenant, first.functionId);
    ended.resolve();
    // By the end of another run with its three, a third one of the second would have gone.
    await ran(all.tenant, all.functionId);
    expect(asked).toBeLessThan(6 + 3);
  });

  it('are answered from the journal in a replay, which asks nobody', async () => {
    const { tenant, functionId } = await openWith(`async () => ({
      height: await Devpack.chain.height(),
      log: (await Devpack.chain.transaction({ hash: '${SMALL_CHAIN.transfer}' })).applicationLog,
      balance: await Devpack.chain.balance({ address: '${SMALL_CHAIN.receiver}' }),
      unknown: await Devpack.chain.height({ network: 'neo3:nowhere' }).catch(({ code }) => code),
    })`);
    const execution = await ran(tenant, functionId);
    expect(execution.output).toMatchObject({ height: 7, unknown: 'chain.network_unknown' });
    const node = nodeThat({});
    const { body } = await tenant.call(`POST /executions/${execution.id}/replay`);
    expect(body).toMatchObject({ equal: true, journalIntact: true, problem: null });
    expect(node.asked).toEqual([]);
  });

  it('keep a secret out of the journal, also when a contract sends it back', async () => {
    const secret = 'canary-5d1e-secret';
    const echo = base64.encode(new TextEncoder().encode(`<${secret}>`));
    const bytes = { type: 'ByteString', value: echo };
    leaving({
      type: 'Map',
      value: [{ key: bytes, value: { type: 'Array', value: [{ type: 'Buffer', value: echo }] } }],
    });
    const source = `async (_, secrets) => {
      const args = [{ type: 'String', value: secrets.token }];
      const { stack } = await Devpack.chain.call({ contract: '${CONTRACT}', method: 'm', args });
      return { echoed: atob(stack[0].value[0].key.value) };
    }`;
    const { tenant, functionId } = await openWith(source, { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: secret, grants: [functionId] });
    const execution = await ran(tenant, functionId);
    expect(execution.output).toEqual({ echoed: '<[secret:token]>' });
    const { text, entries } = await journalOf(tenant, execution.id);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(echo);
    expect(entries[1].request.args).toEqual([{ type: 'String', value: '[secret:token]' }]);
    const { body } = await tenant.call(`POST /executions/${execution.id}/replay`);
    expect(body).toMatchObject({ equal: true, problem: null });
    nodeThat({ invokescript: runOf({ state: 'FAULT', exception: `no ${secret} here` }) });
    const failed = await ran(tenant, functionId);
    expect(failed.error.message).toBe('no [secret:token] here');
  });
});
