/** `Devpack.http.fetch` from the served bundles, through both doors, to real servers on this machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-server.ts';
import { type ServedNode, serveNode } from '../support/serve-node.ts';
import { answerAsNode, NETWORKS } from '../support/small-chain.ts';
import { type ServedPlatform, type ServedTenant, servePlatform } from './served-platform.ts';

let state = '';
let platform: ServedPlatform;
let tenant: ServedTenant;
let near: ScriptedServer;
let other: ScriptedServer;
let hidden: ScriptedServer;
let node: ServedNode;
let made = 0;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'outgoing-'));
  [near, other, hidden] = await Promise.all([
    startScriptedServer(),
    startScriptedServer(),
    startScriptedServer(),
  ]);
  node = await serveNode(answerAsNode);
  const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, rpc: [node.url] }]);
  const env = { NEO_NETWORKS, EGRESS_ALLOW: `${near.baseUrl},${other.baseUrl}` };
  platform = await servePlatform({ state, env });
  tenant = await platform.openTenant();
});

afterAll(async () => {
  await platform.stop();
  await node.stop();
  await Promise.all([near, other, hidden].map((server) => server.stop()));
  rmSync(state, { recursive: true, force: true });
});

const text =
  (body: string): Script =>
  (response) => {
    response.end(body);
  };

const redirect =
  (location: string): Script =>
  (response) => {
    response.writeHead(302, { location });
    response.end();
  };

beforeEach(() => {
  for (const server of [near, other, hidden]) server.answer(text('hello'));
});

const hostOf = ({ baseUrl }: ScriptedServer): string => new URL(baseUrl).host;
const asked = (): number => near.asked.length + other.asked.length + hidden.asked.length;

interface Given {
  readonly source: string;
  readonly params: string;
  readonly httpHosts?: readonly string[];
  readonly secret?: string;
}

/** Runs a function of its own for each call and replays it, which asks nobody. */
async function run({ source, params, secret, httpHosts = [hostOf(near), hostOf(other)] }: Given) {
  const { client, accountId } = tenant;
  made += 1;
  const secretName = `KEY_${made}`;
  const { id: functionId } = await client.functions.createFunction({
    accountId,
    name: `asks-${made}`,
    source,
    permissions: { httpHosts: [...httpHosts] },
    secrets: secret === undefined ? [] : [secretName],
  });
  const grants = [functionId];
  if (secret !== undefined)
    await client.secrets.createSecret({ accountId, name: secretName, value: secret, grants });
  const execution = await client.executions.executeFunction({ accountId, functionId, params });
  const before = asked();
  const key = { accountId, executionId: execution.id };
  expect(await client.executions.replayExecution(key)).toMatchObject({ equal: true });
  expect(asked()).toBe(before);
  return execution;
}

const FETCH = '(url) => Devpack.http.fetch(url).then((a) => a.text())';

it('is refused the Neo nodes of the platform on this machine, which the platform itself reaches', async () => {
  const { items } = await platform.operator.chain.listNetworks();
  expect(items).toMatchObject([{ id: NETWORKS.up.id, status: 'ready' }]);
  const execution = await run({
    source: FETCH,
    params: node.url,
    httpHosts: [new URL(node.url).host],
  });
  expect(execution.error).toMatchObject({ code: 'egress.refused' });
});

it('reaches a host that function and operator allow', async () => {
  const execution = await run({ source: FETCH, params: near.baseUrl });
  expect(execution.output).toEqual({ result: 'hello' });
});

it('is denied a host that the function does not name, and asks nobody', async () => {
  const execution = await run({ source: FETCH, params: near.baseUrl, httpHosts: [hostOf(other)] });
  expect(execution.error).toMatchObject({ code: 'functions.permission_denied' });
  expect(asked()).toBe(0);
});

it('is refused a private host that the operator does not allow, whatever the function names', async () => {
  const httpHosts = [hostOf(hidden), '169.254.169.254:81', new URL(platform.address).host];
  for (const url of [hidden.baseUrl, 'http://169.254.169.254:81/', platform.address]) {
    const execution = await run({ source: FETCH, params: url, httpHosts });
    expect([url, execution.error?.code]).toEqual([url, 'egress.refused']);
  }
  expect(asked()).toBe(0);
});

it('follows no redirect to a private address or to a host that the function may not use', async () => {
  const targets = [
    hidden.baseUrl,
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://0x7f.1/',
    'file:///etc/passwd',
  ];
  const httpHosts = [hostOf(near), hostOf(hidden), '169.254.169.254:80', '127.0.0.1:80'];
  for (const target of targets) {
    near.answer(redirect(target));
    const execution = await run({ source: FETCH, params: near.baseUrl, httpHosts });
    expect([target, execution.error?.code]).toEqual([target, 'egress.refused']);
  }
  near.answer(redirect(other.baseUrl));
  const denied = await run({ source: FETCH, params: near.baseUrl, httpHosts: [hostOf(near)] });
  expect(denied.status).toBe('failed');
  expect([hidden.asked.length, other.asked.length]).toEqual([0, 0]);
});

it('carries a secret to its host and not to where that redirects', async () => {
  near.answer(redirect(`${other.baseUrl}/next`));
  const secret = 'canary-3e8d-of-outgoing';
  const source = `(url, secrets) => {
    const [key] = Object.values(secrets);
    const headers = { authorization: "Bearer " + key, "x-own": key, "x-plain": "kept" };
    return Devpack.http.fetch(url, { headers }).then((a) => a.text());
  }`;
  const execution = await run({ source, params: near.baseUrl, secret });
  expect(execution.output).toEqual({ result: 'hello' });
  const first = { 'x-own': secret, authorization: `Bearer ${secret}` };
  expect(near.asked[0]?.headers).toMatchObject(first);
  const after = other.asked[0]?.headers ?? {};
  expect(after).toMatchObject({ 'x-plain': 'kept' });
  expect(JSON.stringify(after)).not.toContain(secret);
});

it('makes five calls in a run and not a sixth', async () => {
  const source = `async (url) => {
    for (let i = 0; i < 5; i++) await Devpack.http.fetch(url);
    return Devpack.http.fetch(url).then(() => "more", (e) => e.code);
  }`;
  const execution = await run({ source, params: near.baseUrl });
  expect(execution.output).toEqual({ result: 'functions.call_limit' });
  expect(near.asked).toHaveLength(5);
});

it('takes 4 MB in all, which a journal holds', async () => {
  near.answer(text('x'.repeat(1_900_000)));
  const source = `async (url) => {
    const ask = () => Devpack.http.fetch(url).then((a) => a.text());
    const sizes = [];
    for (let i = 0; i < 3; i++) sizes.push(await ask().then((t) => t.length, (e) => e.code));
    return { sizes };
  }`;
  const execution = await run({ source, params: near.baseUrl });
  expect(execution.output).toEqual({ sizes: [1_900_000, 1_900_000, 'egress.too_large'] });
});

it('sees bytes that are no text, and nothing but control characters, the same at each replay', async () => {
  near.answer((response) => response.end(Buffer.from([0xff, 0xfe, 0, 1, 0xc3, 0x28])));
  const odd = await run({ source: FETCH, params: near.baseUrl });
  expect(odd.status).toBe('succeeded');
  near.answer(text('\u0001'.repeat(600_000)));
  const source = '(url) => Devpack.http.fetch(url).then((a) => a.text()).then((t) => t.length)';
  const full = await run({ source, params: near.baseUrl });
  expect(full.output).toEqual({ result: 600_000 });
});

it('tells a host that breaks off', async () => {
  near.answer((response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    response.destroy();
  });
  const execution = await run({ source: FETCH, params: near.baseUrl });
  expect(execution.error).toMatchObject({ code: 'egress.failed' });
});
