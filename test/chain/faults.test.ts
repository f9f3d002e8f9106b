import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accountNamed } from '../../scripts/devnet/accounts.ts';
import type { FaultProxy } from '../../scripts/devnet/fault-proxy.ts';
import { blockCount } from '../../scripts/devnet/node.ts';
import { openRpc } from '../../scripts/devnet/rpc.ts';
import { buildTransaction, execute, send } from '../../scripts/devnet/transactions.ts';
import { callProbe, openFaultyEndpoint, rpc, validator, waitForHeight } from './support/devnet.ts';

const emit = callProbe('emit', { type: 'String', value: 'x' }, { type: 'Integer', value: 1n });

const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

const requestOf = (method: string, ...params: readonly unknown[]): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 7, method, params });

describe('an endpoint without a fault', () => {
  test('answers with the bytes of the node', async () => {
    const { url } = await openFaultyEndpoint();
    const batch = `[${requestOf('getblockhash', 0)},${requestOf('nosuch')}]`;
    for (const body of [requestOf('getblock', 0, 1), batch, 'no json', '[]']) {
      const own = await (await post(validator.rpcUrl, body)).text();
      expect(await (await post(url, body)).text()).toBe(own);
    }
  });

  test('counts the requests, those of a batch too', async () => {
    const proxy = await openFaultyEndpoint();
    await post(proxy.url, `[${requestOf('getblockcount')},${requestOf('getblockcount')}]`);
    await post(proxy.url, requestOf('getversion'));
    expect([proxy.countOf('getblockcount'), proxy.countOf('getversion')]).toEqual([2, 1]);
  });

  test('hands WebSockets through', async () => {
    const proxy = await openFaultyEndpoint();
    const socket = await openWebSocket(proxy);
    socket.send(requestOf('subscribe', 'block_added'));
    expect(JSON.parse(await nextMessage(socket))).toMatchObject({ id: 7, result: '0' });
    expect(JSON.parse(await nextMessage(socket))).toMatchObject({ method: 'block_added' });
  });
});

describe('RPC lag', () => {
  test('answers late, and right', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ lagMs: 600_000 });
    const impatient = openRpc(proxy.url, { timeoutMs: 200 });
    await expect(impatient.call('getblockcount')).rejects.toThrow('timeout');
    proxy.set({ lagMs: 20 });
    expect(await openRpc(proxy.url).call('getblockhash', [0])).toBe(
      await rpc.call('getblockhash', [0]),
    );
  });
});

describe('a status', () => {
  test('refuses with 429 and a time to wait, without the node', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ status: 429 });
    const response = await post(proxy.url, requestOf('getblockcount'));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await response.text()).not.toContain('result');
  });

  test('lets no WebSocket in', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ status: 503 });
    await expect(openWebSocket(proxy)).rejects.toThrow('closed');
  });
});

describe('wrong answers', () => {
  test('are told for the chosen methods alone, in batches too', async () => {
    const proxy = await openFaultyEndpoint();
    const error = { code: -100, message: 'told' };
    proxy.set({ results: { getblockcount: 9 }, errors: { getversion: error } });
    const batch = [requestOf('getblockcount'), requestOf('getversion'), requestOf('getpeers')];
    const answers = await (await post(proxy.url, `[${batch.join()}]`)).json();
    expect(answers).toMatchObject([
      { id: 7, result: 9 },
      { id: 7, error },
      { id: 7, result: { connected: expect.any(Array) } },
    ]);
  });

  test('leave what is no request to the node', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ results: { getblockcount: 9 } });
    const body = '{"method":"getblockcount","params":{}}';
    expect(await (await post(proxy.url, body)).json()).toEqual(
      await (await post(validator.rpcUrl, body)).json(),
    );
  });
});

describe('a broken connection', () => {
  test('half-closed: gives half an answer, ends it, and stays open the other way', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ connection: 'half-closed' });
    const { port } = new URL(proxy.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    const body = requestOf('getversion');
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(`${head}${body}`);
    const answer = await text(socket);
    const [headers = '', half = ''] = answer.split('\r\n\r\n');
    const announced = Number(/content-length: (\d+)/i.exec(headers)?.[1]);
    expect([half.length, socket.writable]).toEqual([announced >> 1, true]);
    await expect(openRpc(proxy.url).call('getversion')).rejects.toThrow('terminated');
  });

  test('silent: takes the request and never answers', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ connection: 'silent' });
    const call = openRpc(proxy.url, { timeoutMs: 3000 }).call('getblockcount');
    const ends = expect(call).rejects.toThrow('timeout');
    await expect.poll(() => proxy.countOf('getblockcount')).toBe(1);
    await ends;
  });

  test('reset: cuts the connection', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ connection: 'reset' });
    await expect(openRpc(proxy.url).call('getblockcount')).rejects.toThrow('fetch failed');
  });

  test('ends the WebSockets that were open', async () => {
    const proxy = await openFaultyEndpoint();
    const socket = await openWebSocket(proxy);
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    proxy.set({ connection: 'reset' });
    await closed;
  });

  test('works again when the switch is off', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ connection: 'reset' });
    proxy.clear();
    expect(await openRpc(proxy.url).call('getblockcount')).toBeGreaterThan(0);
  });
});

describe('a frozen height', () => {
  test('shows no block after it', async () => {
    const { frozen, height } = await openFrozen();
    await waitForHeight(height + 1);
    expect(await blockCount(frozen)).toBe(height + 1);
    const hash = await rpc.call('getblockhash', [height]);
    expect(await frozen.call('getbestblockhash')).toBe(hash);
    const block = await frozen.call('getblock', [hash, 1]);
    expect(block).toMatchObject({ index: height, confirmations: 1 });
    expect(block).not.toHaveProperty('nextblockhash');
    const later = await rpc.call('getblockhash', [height + 1]);
    await expect(frozen.call('getblock', [later, 1])).rejects.toMatchObject({ code: -101 });
    await expect(frozen.call('getblock', [height + 1])).rejects.toMatchObject({ code: -109 });
    await expect(frozen.call('getblockhash', [height + 1])).rejects.toMatchObject({ code: -109 });
    await expect(frozen.call('getapplicationlog', [later])).rejects.toMatchObject({ code: -105 });
  });

  test('shows no transaction of a later block', async () => {
    const { frozen, proxy } = await openFrozen();
    const { hash } = await execute(rpc, accountNamed('stranger'), emit);
    const refused = async (method: string, code: number): Promise<void> => {
      await expect(frozen.call(method, [hash])).rejects.toMatchObject({ code });
    };
    await refused('getrawtransaction', -103);
    await refused('gettransactionheight', -103);
    await refused('getapplicationlog', -105);
    const height = Number(await rpc.call('gettransactionheight', [hash]));
    proxy.set({ frozenHeight: height });
    expect(await frozen.call('getrawtransaction', [hash, 1])).toMatchObject({ confirmations: 1 });
    expect(await frozen.call('getapplicationlog', [hash])).toMatchObject({ txid: hash });
  });
});

describe('swallowed transactions', () => {
  test('get their hash for an answer and reach no node', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ swallowTransactions: true });
    const from = accountNamed('stranger');
    const hash = await send(
      openRpc(proxy.url),
      from,
      await buildTransaction(rpc, from, { script: emit }),
    );
    expect(proxy.countOf('sendrawtransaction')).toBe(1);
    await expect(rpc.call('getrawtransaction', [hash])).rejects.toMatchObject({ code: -103 });
  });

  test('are refused by the node when they are malformed', async () => {
    const proxy = await openFaultyEndpoint();
    proxy.set({ swallowTransactions: true });
    const sent = openRpc(proxy.url).call('sendrawtransaction', ['AAAA']);
    await expect(sent).rejects.toMatchObject({ code: -32602 });
  });
});

describe('the switches over HTTP', () => {
  test('are set, told and cleared', async () => {
    const proxy = await openFaultyEndpoint();
    const control = proxy.controlUrl ?? '';
    const set = await fetch(control, { method: 'PUT', body: '{"results":{"getblockcount":3}}' });
    expect(await set.json()).toMatchObject({ lagMs: 0, results: { getblockcount: 3 } });
    expect(await openRpc(proxy.url).call('getblockcount')).toBe(3);
    await fetch(control, { method: 'DELETE' });
    expect(await (await fetch(control)).json()).toMatchObject({ results: {} });
  });

  test('stay as they are when the body is wrong', async () => {
    const { controlUrl = '' } = await openFaultyEndpoint();
    await fetch(controlUrl, { method: 'PUT', body: '{"lagMs":5}' });
    for (const body of ['{"lag":5}', '{"lagMs":-1}', 'no json', '{"connection":"shut"}']) {
      expect((await fetch(controlUrl, { method: 'PUT', body })).status).toBe(400);
    }
    expect(await (await fetch(controlUrl)).json()).toMatchObject({ lagMs: 5 });
  });

  test('are not for a page whose name was rebound to this machine', async () => {
    const { controlUrl = '' } = await openFaultyEndpoint();
    const status = await new Promise((resolve) => {
      const headers = { host: 'attacker.example' };
      request(controlUrl, { method: 'DELETE', headers }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });
});

async function openFrozen() {
  const proxy = await openFaultyEndpoint();
  const height = (await blockCount(rpc)) - 1;
  proxy.set({ frozenHeight: height });
  return { proxy, height, frozen: openRpc(proxy.url) };
}

async function openWebSocket({ url }: FaultProxy): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  onTestFinished(() => socket.close());
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('close', () => reject(new Error('closed')));
  });
  return socket;
}

/** Messages come one at a time here: an answer, then the events. */
function nextMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
  });
}
