/** Trying a function: what a run would do, for the same fuel, with nothing done, stored, counted or fetched. */
import { describe, expect, it, vi } from 'vitest';
import { type CallOptions, call, keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { storeSecret } from '../executions/runs-under-test.ts';
import {
  created,
  DOUBLE,
  dumpStores,
  ran,
  read,
  TRIPLE,
  updated,
  withoutSlots,
} from './functions-under-test.ts';

const HOST = 'api.example.com';
const permissions = { httpHosts: [HOST] };
const FETCHES = `async (urls) => {
  const seen = [];
  for (const [method, url] of urls) {
    try {
      const answer = await Devpack.http.fetch(url, { method });
      seen.push([answer.status, answer.headers.get("x-kind"), await answer.text()]);
    } catch (error) {
      seen.push(error.message);
    }
  }
  return { seen };
}`;

const test = (tenant: Tenant, functionId: string, body: object = {}, options: CallOptions = {}) =>
  tenant.call(`POST /functions/${functionId}/test`, { body, ...options });

async function tested(tenant: Tenant, functionId: string, body: object = {}) {
  const answer = await test(tenant, functionId, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function openWith(fields: object) {
  const tenant = await openTenant();
  const { id, activeVersion } = await created(tenant, fields);
  return { tenant, functionId: id as string, versionId: activeVersion.id as string };
}

/** The world, for as long as `work` takes; the URLs that were asked for. */
async function answeringWith(body: string, work: () => Promise<void>): Promise<readonly string[]> {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(body, { headers: { 'x-kind': 'world' } });
  });
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
  }
  return asked;
}

describe('200', () => {
  it('answers output, logs and planned actions, none of which is done', async () => {
    const { tenant, functionId } = await openWith({
      source: `(params) => {
        console.warn("got", params.n);
        Devpack.gasBank.balance({ wallet: "w" });
        return { n: params.n };
      }`,
    });
    const body = await tested(tenant, functionId, { params: { n: 7 } });
    expect(body).toMatchObject({
      status: 'succeeded',
      output: { n: 7 },
      error: null,
      logs: [{ level: 'warn', message: 'got 7' }],
      plannedActions: [{ type: 'gasbank.balance', params: { wallet: 'w' } }],
      httpCalls: 0,
    });
  });

  it('tells a failure with its line, and plans no action of it', async () => {
    const { tenant, functionId } = await openWith({
      source: '() => {\n  Devpack.gasBank.balance({});\n  throw new Error("no");\n}',
    });
    const error = { code: 'functions.function_failed', message: 'no', line: 3 };
    const body = await tested(tenant, functionId);
    expect(body).toMatchObject({ status: 'failed', output: null, error, plannedActions: [] });
    expect(await ran(tenant, functionId)).toMatchObject({ error: body.error, actions: [] });
  });

  it('stores nothing at all: no execution, usage, event, work or audit line', async () => {
    const { tenant, functionId } = await openWith({
      source: `async () => {
        Devpack.gasBank.balance({});
        await Devpack.http.fetch("https://${HOST}/");
        throw new Error("x");
      }`,
      permissions,
    });
    const fixtures = [{ url: `https://${HOST}/` }];
    await tested(tenant, functionId, { fixtures });
    const [usage, stores] = [(await tenant.call('GET /usage')).text, await dumpStores(tenant)];
    await tested(tenant, functionId, { fixtures });
    expect(await dumpStores(tenant)).toBe(stores);
    expect((await tenant.call('GET /usage')).text).toBe(usage);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    expect((await tenant.call('GET /events')).body.items).toEqual([]);
    const lines = await tenant.call('GET /audit?operation=functions.testFunction');
    expect(lines.body.items).toEqual([]);
  });

  it('burns the fuel of a run with the same params and secrets', async () => {
    const { tenant, functionId } = await openWith({
      source: `(params, secrets) => {
        let sum = 0;
        for (let i = 0; i < params.rounds; i += 1) sum += i * secrets.token.length;
        console.log(sum);
        Devpack.gasBank.balance({ sum });
        return { sum };
      }`,
      secrets: ['token'],
    });
    const value = 'a value of the vault';
    await storeSecret(tenant, 'token', { value, grants: [functionId] });
    for (const rounds of [1, 5_000]) {
      const run = await ran(tenant, functionId, { rounds });
      const trial = { params: { rounds }, secrets: { token: value } };
      const body = await tested(tenant, functionId, trial);
      expect(body).toMatchObject({ output: run.output, fuel: run.fuel });
    }
  });

  it('tells what such a run costs of the monthly quotas', async () => {
    const { tenant, functionId } = await openWith({ source: '() => 1' });
    const quotas = { monthlyFuel: 1_000_000_000_000, monthlyExecutions: 1_000_000_000 };
    const path = `PATCH /accounts/${tenant.accountId}/quotas`;
    expect((await call(path, { body: quotas })).status).toBe(200);
    const { fuel, cost } = await tested(tenant, functionId);
    expect(cost).toEqual({
      monthlyFuelShare: fuel / quotas.monthlyFuel,
      runsPerMonth: Math.floor(quotas.monthlyFuel / fuel),
    });
    await call(path, { body: { monthlyExecutions: 3 } });
    expect((await tested(tenant, functionId)).cost.runsPerMonth).toBe(3);
  });

  it('tries the active version, or the one asked for before it is deployed', async () => {
    const { tenant, functionId } = await openWith({ source: DOUBLE });
    const { latestVersion } = await updated(tenant, functionId, { source: TRIPLE });
    const params = { value: 2 };
    expect((await tested(tenant, functionId, { params })).output).toEqual({ doubled: 4 });
    const later = { params, versionId: latestVersion.id };
    expect((await tested(tenant, functionId, later)).output).toEqual({ tripled: 6 });
    expect((await read(tenant, functionId)).latestVersion).toEqual(latestVersion);
  });

  it('takes secrets from the request alone, never from the vault, and shows none', async () => {
    const { tenant, functionId } = await openWith({
      source: '(_, secrets) => { console.log(secrets.token); return { ...secrets }; }',
      secrets: ['token'],
    });
    const stored = 'canary-3d7e-stored';
    await storeSecret(tenant, 'token', { value: stored, grants: [functionId] });
    const without = await test(tenant, functionId);
    expect(without.body).toMatchObject({ status: 'succeeded', output: {} });
    expect(without.text).not.toContain(stored);
    const given = 'canary-8b1a-given';
    const answer = await test(tenant, functionId, { secrets: { token: given } });
    expect(answer.body).toMatchObject({
      output: { token: '[secret:token]' },
      logs: [{ message: '[secret:token]' }],
    });
    expect(answer.text).not.toContain(given);
    expect(await dumpStores(tenant)).not.toContain(given);
    expect((await tenant.call('GET /audit?operation=secrets.useSecret')).body.items).toEqual([]);
  });

  it('answers HTTP from the fixtures by method and URL, each once and in order', async () => {
    const { tenant, functionId } = await openWith({ source: FETCHES, permissions });
    const url = `https://${HOST}/prices`;
    const fixtures = [
      { url: `https://${HOST}/other`, body: 'other' },
      { url, body: 'first', headers: { 'X-Kind': 'fixture' } },
      { url, method: 'POST', status: 202, body: 'posted' },
      { url, status: 500, body: 'second' },
    ];
    const params = ['GET', 'POST', 'GET', 'GET'].map((method) => [method, url]);
    const asked = await answeringWith('the world', async () => {
      const { output, httpCalls } = await tested(tenant, functionId, { params, fixtures });
      expect(output.seen.slice(0, 3)).toEqual([
        [200, 'fixture', 'first'],
        [202, null, 'posted'],
        [500, null, 'second'],
      ]);
      expect(output.seen[3], 'no fixture is left').toContain('No fixture answers this call');
      expect(httpCalls).toBe(4);
    });
    expect(asked).toEqual([]);
  });

  it('reaches no network without `allowNetwork`, and with it only what no fixture answers', async () => {
    const { tenant, functionId } = await openWith({ source: FETCHES, permissions });
    const [known, open] = [`https://${HOST}/known`, `https://${HOST}/open`];
    const params = [known, open].map((url) => ['GET', url]);
    const fixtures = [{ url: known, body: 'fixture' }];
    const asked = await answeringWith('the world', async () => {
      const closed = await tested(tenant, functionId, { params, fixtures });
      expect(closed.output.seen[1]).toContain('No fixture answers this call');
      const trial = { params, fixtures, allowNetwork: true };
      expect((await tested(tenant, functionId, trial)).output.seen).toEqual([
        [200, null, 'fixture'],
        [200, 'world', 'the world'],
      ]);
    });
    expect(asked).toEqual([open]);
  });

  it('holds fixtures and network to the permissions and to the closed addresses', async () => {
    const { tenant, functionId } = await openWith({
      source: FETCHES,
      permissions: { httpHosts: [HOST, '127.0.0.1:8080'] },
    });
    const urls = ['https://elsewhere.example.com/', 'http://127.0.0.1:8080/'];
    const trial = {
      params: urls.map((url) => ['GET', url]),
      fixtures: [{ url: urls[0], body: 'smuggled' }],
      allowNetwork: true,
    };
    const asked = await answeringWith('the world', async () => {
      const { output } = await tested(tenant, functionId, trial);
      expect(output.seen).toEqual([
        'The function may not reach elsewhere.example.com',
        'only https on port 443 is allowed',
      ]);
    });
    expect(asked).toEqual([]);
  });
});

describe('400', () => {
  it.each([
    ['fixtures', { fixtures: Array.from({ length: 21 }, () => ({ url: `https://${HOST}/` })) }],
    ['fixtures/0/status', { fixtures: [{ url: `https://${HOST}/`, status: 199 }] }],
    ['fixtures/0/url', { fixtures: [{ url: 'nowhere' }] }],
    ['secrets/token', { secrets: { token: 'x'.repeat(65_537) } }],
    ['versionId', { versionId: 'latest' }],
  ])('refuses a wrong `%s` and names it', async (place, body) => {
    const { tenant, functionId } = await openWith({ source: DOUBLE });
    const refused = await test(tenant, functionId, body);
    expect([refused.status, refused.body.code]).toEqual([400, 'request.malformed']);
    expect(refused.body.fields[0].pointer).toBe(`/${place}`);
  });
});

describe('403', () => {
  it('is for those who may run functions: reading them is not enough', async () => {
    const { tenant, functionId } = await openWith({ source: DOUBLE });
    const token = await keyOf(tenant.accountId, { scopes: ['functions:read', 'functions:write'] });
    const refused = await test(tenant, functionId, {}, { token });
    expect([refused.status, refused.body.code]).toEqual([403, 'request.forbidden']);
  });
});

describe('404', () => {
  it("knows no other tenant's function or version, no other function's version, nothing deleted", async () => {
    const { tenant, functionId } = await openWith({ source: DOUBLE });
    const mine = (await created(tenant)).activeVersion.id as string;
    const theirs = await openWith({ source: DOUBLE });
    for (const versionId of [mine, theirs.versionId])
      expect((await test(tenant, functionId, { versionId })).status).toBe(404);
    expect((await test(tenant, theirs.functionId)).status).toBe(404);
    await tenant.call(`DELETE /functions/${functionId}`);
    expect((await test(tenant, functionId)).status).toBe(404);
  });
});

describe('422', () => {
  it('names what of the params the input schema refuses, and runs nothing', async () => {
    const inputSchema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
    };
    const { tenant, functionId } = await openWith({ source: '(p) => p.n', inputSchema });
    const refused = await test(tenant, functionId, { params: { n: 'x' } });
    expect([refused.status, refused.body.code]).toEqual([422, 'functions.input_invalid']);
    const pointers = refused.body.fields.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toContain('/params/n');
    expect((await test(tenant, functionId)).status, 'no params are null').toBe(422);
    expect((await tested(tenant, functionId, { params: { n: 3 } })).output).toEqual({ result: 3 });
  });
});

describe('503', () => {
  it('refuses when no slot becomes free in time, and runs again after', async () => {
    const { tenant, functionId } = await openWith({ source: '() => 1' });
    const refused = await withoutSlots(tenant, () => test(tenant, functionId));
    expect([refused.status, refused.body.code]).toEqual([503, 'functions.capacity']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tested(tenant, functionId)).output).toEqual({ result: 1 });
  });
});
