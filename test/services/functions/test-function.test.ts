/** Trying a function: what it would do, without doing or storing any of it. */
import { describe, expect, it } from 'vitest';
import { openTenant, type Tenant } from '../../support/harness.ts';
import {
  create,
  created,
  dumpStores,
  ran,
  setQuota,
  TRIPLE,
  updated,
  withoutSlots,
} from './functions-under-test.ts';
import {
  CATASTROPHIC,
  CATASTROPHIC_VALUE,
  DOUBLING,
  NEARLY_EQUAL,
  UNIQUE,
} from './hostile-inputs.ts';

const tryOut = (tenant: Tenant, functionId: string, body: object = {}) =>
  tenant.call(`POST /functions/${functionId}/test`, { body });

async function tried(source: string, body: object = {}, fields: object = {}) {
  const tenant = await openTenant();
  const { id } = await created(tenant, { source, ...fields });
  const answer = await tryOut(tenant, id, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const FETCHES = `async (params) => {
  const answers = [];
  for (const [method, url] of params.calls) {
    try {
      const answer = await Devpack.http.fetch(url, { method });
      answers.push(answer.status + ' ' + (await answer.text()));
    } catch (error) { answers.push(error.code ?? error.message) }
  }
  return { answers };
}`;
const HOSTS = { permissions: { httpHosts: ['api.example.com'] } };
const PRICES = 'https://api.example.com/prices';

describe('200', () => {
  it('answers output, logs, fuel, memory and an estimate of cost', async () => {
    const body = await tried(
      '(params) => { console.log("seen", params.n); return { n: params.n } }',
      { params: { n: 5 } },
    );
    expect(body).toMatchObject({
      status: 'succeeded',
      output: { n: 5 },
      error: null,
      httpCalls: 0,
    });
    expect(body.logs).toEqual([{ level: 'log', message: 'seen 5' }]);
    expect(body.cost.runsPerMonth).toBeGreaterThan(0);
    expect(body.cost.monthlyFuelShare).toBeGreaterThan(0);
  });

  it('estimates by the quotas of the account', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, { limits: { fuel: 10_000_000 } });
    await setQuota(tenant, { monthlyExecutions: 3, monthlyFuel: 1_000_000_000 });
    const { body } = await tryOut(tenant, id, { params: { value: 1 } });
    expect(body.cost).toEqual({ monthlyFuelShare: body.fuel / 1_000_000_000, runsPerMonth: 3 });
  });

  it('burns the fuel that a real run burns', async () => {
    const tenant = await openTenant();
    const source = `(params, secrets) => {
      let sum = 0; for (let i = 0; i < params.n; i++) sum += i;
      console.log(secrets.token);
      return { sum };
    }`;
    const { id } = await created(tenant, { source, secrets: ['token'] });
    const value = 'a-secret-value-of-some-length';
    await tenant.call('POST /secrets', { body: { name: 'token', value, grants: [id] } });
    const trial = await tryOut(tenant, id, { params: { n: 5_000 }, secrets: { token: value } });
    const real = await ran(tenant, id, { n: 5_000 });
    expect(real.status, JSON.stringify(real.error)).toBe('succeeded');
    expect(trial.body).toMatchObject({ fuel: real.fuel, output: real.output, logs: real.logs });
  });

  it('plans actions in order, with their params, and does none', async () => {
    const body = await tried(`() => {
      Devpack.oracle.createRequest({ url: "https://api.example.com/a", n: 1 });
      Devpack.random.generate({ length: 8 });
      return 1;
    }`);
    expect(body.plannedActions.map(({ type }: { type: string }) => type)).toEqual([
      'oracle.createRequest',
      'random.generate',
    ]);
    expect(body.plannedActions[1].params).toMatchObject({ length: 8 });
  });

  it('writes nothing anywhere, whatever the function does', async () => {
    const tenant = await openTenant();
    const source = `async (params, secrets) => {
      console.log("a line");
      Devpack.random.generate({});
      await Devpack.http.fetch("${PRICES}");
      return { token: secrets.token };
    }`;
    const { id } = await created(tenant, { source, secrets: ['token'], ...HOSTS });
    const body = { secrets: { token: 'canary-of-a-test-run' }, fixtures: [{ url: PRICES }] };
    expect((await tryOut(tenant, id, body)).body.status).toBe('succeeded');
    const before = await dumpStores(tenant);
    for (const params of [{}, { n: 1 }]) {
      expect((await tryOut(tenant, id, { ...body, params })).body.status).toBe('succeeded');
    }
    const after = await dumpStores(tenant);
    expect(after).toBe(before);
    expect(after).not.toContain('canary-of-a-test-run');
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });

  it('tries the active version unless another of the function is named', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const { latestVersion } = await updated(tenant, id, { source: TRIPLE });
    const params = { value: 2 };
    expect((await tryOut(tenant, id, { params })).body.output).toEqual({ doubled: 4 });
    const named = await tryOut(tenant, id, { params, versionId: latestVersion.id });
    expect(named.body.output).toEqual({ tripled: 6 });
  });

  it('takes secrets from the request and never from the vault', async () => {
    const tenant = await openTenant();
    const source = `(params, secrets) => {
        console.log(secrets.token);
        return { names: Object.keys(secrets), size: String(secrets.token).length };
      }`;
    const { id } = await created(tenant, { source, secrets: ['token'] });
    const canary = 'canary-value-of-the-vault';
    await tenant.call('POST /secrets', { body: { name: 'token', value: canary, grants: [id] } });
    const without = await tryOut(tenant, id);
    expect(without.body.output).toEqual({ names: [], size: 'undefined'.length });
    expect(without.text).not.toContain(canary);
    const given = await tryOut(tenant, id, { secrets: { token: 'given-here' } });
    expect(given.body.output).toEqual({ names: ['token'], size: 10 });
    expect(given.body.logs).toEqual([{ level: 'log', message: '[secret:token]' }]);
  });

  it('shows no secret value of the request in output, error, logs or planned actions', async () => {
    const body = await tried(
      `(params, secrets) => {
        Devpack.random.generate({ seed: secrets.token });
        console.log("x" + secrets.token + "x");
        return { token: [secrets.token] };
      }`,
      { secrets: { token: 'given-in-this-request' } },
    );
    expect(JSON.stringify(body)).not.toContain('given-in-this-request');
    expect(body, JSON.stringify(body)).toMatchObject({ output: { token: ['[secret:token]'] } });
  });

  it('answers calls from the fixtures, by method and URL, each once and in order', async () => {
    const get = { url: PRICES };
    const body = await tried(
      FETCHES,
      {
        params: {
          calls: [
            ['GET', PRICES],
            ['POST', PRICES],
            ['GET', 'https://API.example.com:443/prices'],
            ['GET', PRICES],
          ],
        },
        fixtures: [
          { ...get, body: 'first' },
          { ...get, body: 'second', status: 404 },
          { ...get, method: 'POST', status: 201, body: 'posted' },
        ],
      },
      HOSTS,
    );
    expect(body.output.answers.slice(0, 3)).toEqual(['200 first', '201 posted', '404 second']);
    expect(body.output.answers[3]).toMatch(/permission_denied|fixture/i);
    expect(body.httpCalls).toBe(4);
  });

  it('refuses a call that no fixture answers, and one that permissions refuse even with a fixture', async () => {
    const other = 'https://other.example.com/';
    const body = await tried(
      FETCHES,
      {
        params: {
          calls: [
            ['GET', PRICES],
            ['GET', other],
          ],
        },
        fixtures: [{ url: other }],
      },
      HOSTS,
    );
    for (const answer of body.output.answers) expect(answer).toMatch(/permission|fixture/i);
  });

  it('answers reads of a chain from their fixtures, each once, and plans the transaction', async () => {
    const source = `async (params) => {
      const read = async (method, request) => {
        try { return await Devpack.chain[method](request) } catch (error) { return error.code }
      };
      Devpack.chain.submitTransaction({ walletId: 'w' });
      return [
        await read('balance', { address: 'b', token: 'GAS' }),
        await read('balance', { address: 'a', token: 'GAS' }),
        await read('call', { contract: 'c', method: 'm' }),
        await read('height'),
        await read('height'),
      ];
    }`;
    const body = await tried(source, {
      chainFixtures: [
        { read: 'chain.balance', request: { address: 'a' }, value: { amount: '1' } },
        { read: 'chain.balance', request: { address: 'b' }, value: { amount: '2' } },
        { read: 'chain.call', error: { code: 'chain.call_faulted', message: 'ABORT' } },
        { read: 'chain.height', value: 7 },
      ],
    });
    expect(body.output.result).toEqual([
      { amount: '2' },
      { amount: '1' },
      'chain.call_faulted',
      7,
      'functions.permission_denied',
    ]);
    expect([body.httpCalls, body.chainReads]).toEqual([0, 5]);
    expect(body.plannedActions).toEqual([
      { type: 'transaction.submit', params: { walletId: 'w' } },
    ]);
  });

  it('reads a chain with allowNetwork', async () => {
    const source = 'async () => ({ height: await Devpack.chain.height() })';
    expect((await tried(source, { allowNetwork: true })).output).toEqual({ height: 7 });
  });

  it('lets a call reach the egress door with allowNetwork, and no private address behind it', async () => {
    const body = await tried(
      FETCHES,
      { params: { calls: [['GET', 'https://127.0.0.1:8443/']] }, allowNetwork: true },
      { permissions: { httpHosts: ['127.0.0.1:8443'] } },
    );
    expect(body.output.answers).toEqual(['egress.refused']);
  });

  it.each([
    ['a throw', '() => { throw new TypeError("no") }', 'functions.function_failed'],
    ['an endless loop', '() => { for (;;); }', 'functions.fuel_exhausted'],
    [
      'a memory bomb',
      '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
      'functions.memory_exhausted',
    ],
    ['no answer ever', '() => new Promise(() => {})', 'functions.never_settled'],
    ['an output that is no JSON', '() => ({ n: 1n })', 'functions.output_invalid'],
  ])('tells of %s as the failure of the function', async (_name, source, code) => {
    const body = await tried(source);
    expect(body).toMatchObject({ status: 'failed', output: null, error: { code } });
    expect(body.plannedActions).toEqual([]);
  });

  it("says on which of the user's lines it failed", async () => {
    const body = await tried('(params) => {\n  const a = null;\n  return a.b;\n}');
    expect(body.error.line).toBe(3);
  });
});

describe('403', () => {
  const LIMITED = { limits: { fuel: 10_000_000 } };
  const usedFuel = async (tenant: Tenant) =>
    (await tenant.call('GET /usage')).body.monthlyFuel.used;

  it('is the answer once the fuel of the month is used up, with what a run may still burn', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, LIMITED);
    await setQuota(tenant, { monthlyFuel: 10_000_000 });
    const first = await tryOut(tenant, id, { params: { value: 1 } });
    expect(await usedFuel(tenant)).toBe(first.body.fuel);
    const refused = await tryOut(tenant, id, { params: { value: 1 } });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'quota.exceeded', limit: 10_000_000, observed: 10_000_000 + first.body.fuel },
    ]);
    const real = await tenant.call(`POST /functions/${id}/executions`, { body: {} });
    expect(real.body.code, 'the month is the one of executions').toBe('quota.exceeded');
    expect(await usedFuel(tenant)).toBe(first.body.fuel);
  });

  it('counts exactly what was burnt when many arrive together', async () => {
    const tenant = await openTenant();
    const source = 'async () => { for (let i = 0; i < 5; i++) await null; return 1; }';
    const { id } = await created(tenant, { source, ...LIMITED });
    await setQuota(tenant, { monthlyFuel: 20_000_000 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => tryOut(tenant, id)));
    const burnt = answers.flatMap(({ status, body }) => (status === 200 ? [body.fuel] : []));
    expect(await usedFuel(tenant)).toBe(burnt.reduce((sum: number, fuel) => sum + fuel, 0));
    expect(answers.every(({ status }) => status === 200 || status === 403)).toBe(true);
  });

  it('leaves the slot of the refused one to the next', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, LIMITED);
    await setQuota(tenant, { monthlyFuel: 0 });
    for (let attempt = 0; attempt < 40; attempt += 1)
      expect((await tryOut(tenant, id)).status).toBe(403);
    await setQuota(tenant, { monthlyFuel: 10_000_000 });
    expect((await tryOut(tenant, id)).status).toBe(200);
  });
});

describe('404', () => {
  it('does not try the function of another tenant, nor a version of another function', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const [one, two, theirs] = [
      await created(owner),
      await created(owner),
      await created(stranger),
    ];
    expect((await tryOut(stranger, one.id)).status).toBe(404);
    const body = { versionId: two.activeVersion.id };
    expect((await tryOut(owner, one.id, body)).status).toBe(404);
    expect((await tryOut(owner, one.id, { versionId: theirs.activeVersion.id })).status).toBe(404);
  });
});

describe('422', () => {
  it('refuses params that the input schema refuses, and says where', async () => {
    const tenant = await openTenant();
    const inputSchema = {
      type: 'object',
      required: ['value'],
      properties: { value: { type: 'number' } },
    };
    const { id } = await created(tenant, { inputSchema });
    const refused = await tryOut(tenant, id, { params: { value: 'two' } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'functions.input_invalid' } });
    const pointers = refused.body.fields.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toContain('/params/value');
    expect((await tryOut(tenant, id, { params: { value: 2 } })).status).toBe(200);
  });

  it.each([
    ['a pattern that backtracks for ever', CATASTROPHIC, CATASTROPHIC_VALUE],
    ['choices that double at each level', DOUBLING, 2],
    ['a large array of unique items', UNIQUE, NEARLY_EQUAL],
    [
      'params nested without end',
      { $defs: { a: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' },
      JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
    ],
  ])('ends %s within bounds, and the next run is unharmed', async (_name, inputSchema, params) => {
    const tenant = await openTenant();
    const answer = await create(tenant, { inputSchema });
    expect([201, 422], answer.text.slice(0, 200)).toContain(answer.status);
    if (answer.status === 201) {
      const tried = await tryOut(tenant, answer.body.id, { params });
      expect([200, 400, 422], tried.text.slice(0, 200)).toContain(tried.status);
      if (tried.status === 422) expect(tried.body.code).toBe('functions.input_invalid');
    }
    const { id } = await created(tenant);
    expect((await tryOut(tenant, id, { params: { value: 1 } })).body.status).toBe('succeeded');
  });
});

describe('503', () => {
  it('is the answer when the account has no slot left', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const refused = await withoutSlots(tenant, () => tryOut(tenant, id));
    expect(refused).toMatchObject({ status: 503, body: { code: 'functions.capacity' } });
    expect((await tryOut(tenant, id)).status).toBe(200);
  });

  it('does not reach another account', async () => {
    const [greedy, payer] = [await openTenant('greedy'), await openTenant()];
    const { id } = await created(payer);
    const answer = await withoutSlots(greedy, () => tryOut(payer, id));
    expect(answer.status).toBe(200);
  });
});
