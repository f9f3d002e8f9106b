/** The client over several endpoints, each a scripted node: what one of them does to the others. */
import { describe, expect, it } from 'vitest';
import { RpcClient } from '../../../../worker/chain/rpc-client.ts';
import type { RpcCall } from '../../../../worker/core/neo/rpc/call.ts';
import { getBlockCount, getBlockHash } from '../../../../worker/core/neo/rpc/chain-calls.ts';
import { LIMITS } from '../../../../worker/core/neo/rpc/limits.ts';
import { parseScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import type { Transaction } from '../../../../worker/core/neo/transaction/transaction.ts';
import { hashTransaction } from '../../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../../worker/core/neo/transaction/witness-scope.ts';
import { NETWORK, ScriptedNode } from '../../../support/scripted-node.ts';

const START = 1_800_000_000_000;

class World {
  nowMs = START;
  readonly nodes: readonly ScriptedNode[];
  readonly client: RpcClient;
  readonly #deferred: Promise<void>[] = [];

  constructor(count: number) {
    this.nodes = Array.from({ length: count }, () => new ScriptedNode());
    for (const node of this.nodes) node.blockTimeMs = START;
    const urls = this.nodes.map((_, index) => `http://node${String(index)}.example`);
    this.client = new RpcClient({
      urls,
      magic: NETWORK,
      quorum: 2,
      now: () => this.nowMs,
      random: () => 0,
      defer: (work) => void this.#deferred.push(work),
      fetch: (url, init) => this.#fetch(url, init),
    });
  }

  node(index: number): ScriptedNode {
    const node = this.nodes[index];
    if (!node) throw new Error('no such node');
    return node;
  }

  /** Time goes on, blocks are made, and every endpoint whose turn it is is probed. */
  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    for (const node of this.nodes) node.blockTimeMs = this.nowMs;
    await this.client.probe();
  }

  standings(): readonly string[] {
    return this.client.status().map(({ standing }) => standing);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const index = Number(/node(\d+)/.exec(url)?.[1]);
    if (typeof init.body !== 'string') throw new Error('a request is text');
    return this.node(index).serve(init.body);
  }
}

const account = parseScriptHash(`0x${'11'.repeat(20)}`);
if (!account) throw new Error('a hash');
const TRANSACTION: Transaction = {
  nonce: 1,
  systemFee: 1n,
  networkFee: 1n,
  validUntilBlock: 200,
  signers: [{ account, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script: Uint8Array.of(0x40),
  witnesses: [{ invocation: new Uint8Array(), verification: new Uint8Array() }],
};
const HASH = hashTransaction(TRANSACTION);
const accepts = () => ({ result: { hash: HASH } });
const refuses = (code: number) => () => ({ error: { code, message: 'words' } });
const limited = () => new Response('slow down', { status: 429, headers: { 'retry-after': '7' } });
const ended = () => new Response(null, { status: 502 });

describe('one endpoint after the other', () => {
  it('asks the next when one fails, and then the sound one first', async () => {
    const world = new World(2);
    world.node(0).response = ended;
    const answer = await world.client.ask(getBlockHash(5));
    expect(answer).toMatchObject({ kind: 'value', endpoint: 'node1.example' });
    expect(world.standings()).toEqual(['failing', 'healthy']);
    world.node(0).asked.length = 0;
    await world.client.ask(getBlockHash(5));
    expect(world.node(0).asked).toEqual([]);
  });

  it('comes back to an endpoint that has recovered', async () => {
    const world = new World(2);
    world.node(0).response = ended;
    await world.client.ask(getBlockCount());
    world.node(0).response = null;
    await world.pass(LIMITS.rpcBackoffMaxMs.value);
    expect(world.standings()).toEqual(['healthy', 'healthy']);
  });

  it.each([
    ['an answer to another call', () => Response.json({ jsonrpc: '2.0', id: 99, result: 1 })],
    ['no JSON', () => new Response('<html>')],
    ['nothing', () => new Response('')],
    ['a redirect', () => Response.redirect('http://inside.example/', 307)],
    ['more than the bound', () => new Response(new Uint8Array(LIMITS.rpcAnswerBytesMax.value + 1))],
    ['an error of HTTP', ended],
  ])('holds %s against the endpoint whose neighbour answers', async (_what, response) => {
    const world = new World(2);
    await world.client.probe();
    world.node(0).response = response;
    const answer = await world.client.ask(getBlockHash(5));
    expect(answer).toMatchObject({ kind: 'value', endpoint: 'node1.example' });
    expect(world.standings()).toEqual(['failing', 'healthy']);
  });

  it('leaves an endpoint alone for as long as its 429 asks', async () => {
    const world = new World(2);
    await world.client.probe();
    world.node(0).response = limited;
    await world.client.ask(getBlockHash(5));
    world.node(0).response = null;
    world.node(0).asked.length = 0;
    world.nowMs += 6_999;
    await world.client.ask(getBlockHash(5));
    expect(world.node(0).asked).toEqual([]);
    world.nowMs += 1;
    expect(world.standings()[0]).toBe('healthy');
  });

  it.each([
    ['a date', new Date(START + 20_000).toUTCString(), 20_000],
    ['a year', '31536000', LIMITS.rpcCoolDownMaxMs.value],
    ['nonsense', 'soon', LIMITS.rpcCoolDownMs.value],
  ])('understands a Retry-After of %s, within its bound', async (_what, retryAfter, pauseMs) => {
    const world = new World(1);
    await world.client.probe();
    const headers = { 'retry-after': retryAfter };
    world.node(0).response = () => new Response(null, { status: 503, headers });
    await world.client.ask(getBlockHash(5));
    world.nowMs += pauseMs - 1;
    expect(world.standings()).toEqual(['cooling']);
    world.nowMs += 1;
    expect(world.standings()).toEqual(['healthy']);
  });

  it('says that nobody could be reached, and why, without addresses', async () => {
    const world = new World(2);
    for (const node of world.nodes) node.response = ended;
    expect(await world.client.ask(getBlockCount())).toEqual({
      kind: 'unreachable',
      attempts: [
        { endpoint: 'node0.example', reason: 'not known to be on this network' },
        { endpoint: 'node1.example', reason: 'not known to be on this network' },
      ],
    });
  });

  it('goes last to a node that answers as if well and stands still', async () => {
    const world = new World(2);
    world.node(0).blockTimeMs = START - 60_000;
    await world.client.probe();
    expect(world.standings()).toEqual(['stale', 'healthy']);
    expect(await world.client.ask(getBlockHash(5))).toMatchObject({ endpoint: 'node1.example' });
  });
});

describe('one endpoint by name', () => {
  it('is left alone while it cools down or backs off, and asked after that', async () => {
    const world = new World(2);
    await world.client.probe();
    const ask = () => world.client.askAt('node0.example', getBlockHash(5));
    world.node(0).response = ended;
    expect(await ask()).toEqual({ kind: 'failed', reason: 'bad status' });
    world.node(0).asked.length = 0;
    expect(await ask()).toEqual({ kind: 'failed', reason: 'backing off' });
    world.nowMs += LIMITS.rpcBackoffStartMs.value;
    world.node(0).response = limited;
    expect(await ask()).toEqual({ kind: 'failed', reason: 'rate limited' });
    world.node(0).response = null;
    world.node(0).asked.length = 0;
    expect(await ask()).toEqual({ kind: 'failed', reason: 'rate limited' });
    expect(world.node(0).asked).toEqual([]);
    world.nowMs += 7_000;
    expect(await ask()).toMatchObject({ kind: 'value' });
  });

  it('is not taken for another when there is none of that name', async () => {
    const world = new World(1);
    const replies = await world.client.askManyAt('elsewhere.example', [getBlockCount()]);
    expect(replies).toMatchObject([{ kind: 'not ours' }]);
  });
});

describe('what a caller asks', () => {
  it('oz-681: lowers no endpoint by an error that all of them give', async () => {
    const world = new World(3);
    await world.client.probe();
    for (const node of world.nodes) node.scripts.set('getblockhash', refuses(-32_603));
    const answer = await world.client.ask(getBlockHash(5));
    expect(answer).toMatchObject({ kind: 'refused', error: { meaning: 'internal' } });
    expect(world.standings()).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('lowers no endpoint by an answer that none of them can give in a readable form', async () => {
    const world = new World(3);
    await world.client.probe();
    for (const node of world.nodes) node.scripts.set('getblockhash', () => ({ result: 'odd' }));
    expect((await world.client.ask(getBlockHash(5))).kind).toBe('unreachable');
    expect(world.standings()).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('counts an internal error against the one endpoint whose neighbour could', async () => {
    const world = new World(2);
    await world.client.probe();
    world.node(0).scripts.set('getblockhash', refuses(-32_603));
    expect((await world.client.ask(getBlockHash(5))).kind).toBe('value');
    expect(world.standings()).toEqual(['failing', 'healthy']);
  });

  it('does not ask everybody what is wrong with the question itself', async () => {
    const world = new World(2);
    await world.client.probe();
    for (const node of world.nodes) node.scripts.set('getblockhash', refuses(-32_602));
    const answer = await world.client.ask(getBlockHash(5));
    expect(answer).toMatchObject({ kind: 'refused', error: { meaning: 'badParams' } });
    expect(world.node(1).asked).not.toContain('getblockhash');
  });

  it('is answered by a node that is further ahead when one does not know yet', async () => {
    const world = new World(2);
    await world.client.probe();
    world.node(0).scripts.set('getblockhash', refuses(-109));
    expect(await world.client.ask(getBlockHash(101))).toMatchObject({ endpoint: 'node1.example' });
    expect(world.standings()).toEqual(['healthy', 'healthy']);
  });
});

describe('another network', () => {
  it('is never asked anything but its version and height', async () => {
    const world = new World(2);
    world.node(0).magic = 860_833_102;
    world.node(0).scripts.set('sendrawtransaction', accepts);
    world.node(1).scripts.set('sendrawtransaction', accepts);
    await world.client.ask(getBlockHash(5));
    await world.client.broadcast(TRANSACTION);
    expect(new Set(world.node(0).asked)).toEqual(new Set(['getversion', 'getblockcount']));
    expect(world.standings()).toEqual(['foreign', 'healthy']);
  });
});

describe('a broadcast', () => {
  it('reaches every endpoint and gives the answer of each', async () => {
    const world = new World(3);
    world.node(0).scripts.set('sendrawtransaction', refuses(-500));
    world.node(1).scripts.set('sendrawtransaction', accepts);
    world.node(2).scripts.set('sendrawtransaction', refuses(-503));
    const { outcome, sends } = await world.client.broadcast(TRANSACTION);
    expect(outcome).toBe('pooled');
    expect(sends.map(({ answer }) => answer.kind)).toEqual(['refused', 'accepted', 'refused']);
  });

  it('oz-681: lowers no endpoint, whatever is said of the transaction', async () => {
    for (const code of [-32_603, -32_602, -500, -504, -505, -508, -510, -511, -9_999]) {
      const world = new World(2);
      for (const node of world.nodes) node.scripts.set('sendrawtransaction', refuses(code));
      await world.client.broadcast(TRANSACTION);
      expect(world.standings()).toEqual(['healthy', 'healthy']);
    }
  });

  it('does not take the word of a node that is cut off', async () => {
    const world = new World(2);
    world.node(0).blockTimeMs = START - 60_000;
    world.node(0).scripts.set('sendrawtransaction', accepts);
    world.node(1).scripts.set('sendrawtransaction', refuses(-502));
    expect((await world.client.broadcast(TRANSACTION)).outcome).toBe('later');
  });

  it('does not take the hash of another transaction for an acceptance', async () => {
    const world = new World(1);
    world
      .node(0)
      .scripts.set('sendrawtransaction', () => ({ result: { hash: `0x${'ab'.repeat(32)}` } }));
    expect((await world.client.broadcast(TRANSACTION)).outcome).toBe('unreachable');
    expect(world.standings()).toEqual(['failing']);
  });
});

describe('many calls at once', () => {
  const calls = Array.from({ length: 250 }, (_, index) => getBlockHash(index));
  const requests = (world: World) =>
    world.node(0).asked.filter((method) => method === 'getblockhash');

  it('travel in as few requests as a node takes, and come back in their order', async () => {
    const world = new World(1);
    await world.client.probe();
    let posts = 0;
    const serve = world.node(0).serve.bind(world.node(0));
    world.node(0).serve = (body) => {
      posts += 1;
      return serve(body);
    };
    const answers = await world.client.askMany(calls);
    expect(posts).toBe(3);
    expect(answers).toHaveLength(250);
    expect(
      answers.every((answer, index) => answer.kind === 'value' && Number(answer.value) === index),
    ).toBe(true);
  });

  it('get through a node that takes smaller batches, or none', async () => {
    for (const batchMax of [10, 1]) {
      const world = new World(1);
      world.node(0).batchMax = batchMax;
      const answers = await world.client.askMany(calls);
      expect(answers.every(({ kind }) => kind === 'value')).toBe(true);
      expect(requests(world).length).toBeGreaterThanOrEqual(250);
    }
  });

  it('lose only what one endpoint cannot give, when the next can', async () => {
    const world = new World(2);
    await world.client.probe();
    world
      .node(0)
      .scripts.set('getblockhash', ({ params }) =>
        params[0] === 7 ? { result: 'odd' } : { result: `0x${'0'.repeat(64)}` },
      );
    const answers = await world.client.askMany(calls.slice(0, 20));
    expect(answers.map((answer) => ('endpoint' in answer ? answer.endpoint : ''))).toEqual(
      Array.from({ length: 20 }, (_, index) => (index === 7 ? 'node1.example' : 'node0.example')),
    );
    expect(world.standings()).toEqual(['failing', 'healthy']);
  });

  it('keep what is readable when one of them is readable nowhere', async () => {
    const world = new World(2);
    await world.client.probe();
    for (const node of world.nodes)
      node.scripts.set('getblockhash', ({ params }) =>
        params[0] === 3 ? { result: 'odd' } : { result: `0x${'0'.repeat(64)}` },
      );
    const kinds = (await world.client.askMany(calls.slice(0, 5))).map(({ kind }) => kind);
    expect(kinds).toEqual(['value', 'value', 'value', 'unreachable', 'value']);
    expect(world.standings()).toEqual(['healthy', 'healthy']);
  });

  it('are not asked one by one of a node that has stopped answering', async () => {
    const world = new World(1);
    await world.client.probe();
    let posts = 0;
    world.node(0).response = () => {
      posts += 1;
      return ended();
    };
    const answers = await world.client.askMany(calls);
    expect(answers.every(({ kind }) => kind === 'unreachable')).toBe(true);
    expect(posts).toBe(1);
  });

  it('need no answer for no question', async () => {
    expect(await new World(1).client.askMany<RpcCall<number>>([])).toEqual([]);
  });
});

describe('callers who come together', () => {
  it('do not probe one endpoint twice', async () => {
    const world = new World(2);
    await world.client.probe();
    await world.pass(LIMITS.rpcProbeEveryMs.value);
    for (const node of world.nodes) node.asked.length = 0;
    world.nowMs += LIMITS.rpcProbeEveryMs.value;
    await Promise.all(calls3.map((call) => world.client.ask(call)));
    expect(world.node(0).asked.filter((method) => method === 'getversion')).toHaveLength(1);
  });
});

const calls3 = [getBlockHash(1), getBlockHash(2), getBlockHash(3)];
