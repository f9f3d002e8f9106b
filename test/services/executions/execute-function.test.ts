/** Running a function over HTTP: what each way to end looks like to the caller. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import { LIMITS } from '../../../worker/core/executions/limits.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call, keyOf, openTenant } from '../../support/harness.ts';
import { withoutSlots } from '../functions/functions-under-test.ts';
import { deposit, FULL_BOOKS, setPrices } from '../metering/metering-under-test.ts';
import {
  audit,
  bindings,
  contextOf,
  deliver,
  deploy,
  ended,
  execute,
  executeIn,
  onDisk,
  openWith,
  queuedOnly,
  ran,
  read,
  slowHost,
  storeSecret,
  workItem,
} from './runs-under-test.ts';

describe('201', () => {
  it('answers status, output, logs, fuel and timings, the same that a later read does', async () => {
    const { tenant, functionId } = await openWith(
      '(params) => { console.log("got", params.n); return { doubled: params.n * 2 }; }',
    );
    const called = await execute(tenant, functionId, { params: { n: 21 } });
    expect(called.status).toBe(201);
    expect(called.body).toMatchObject({
      functionId,
      status: 'succeeded',
      mode: 'sync',
      output: { doubled: 42 },
      error: null,
      logs: [{ level: 'log', message: 'got 21' }],
      actions: [],
      fuelMax: 3_000_000_000,
    });
    expect(called.body.fuel).toBeGreaterThan(0);
    expect(Object.keys(called.body.timings).sort()).toEqual(['ranMs', 'waitedMs']);
    expect(called.headers.get('location')).toBe(
      `/accounts/${tenant.accountId}/executions/${called.body.id}`,
    );
    expect(await read(tenant, called.body.id)).toEqual(called.body);
  });

  it('tells a throw with the line and column of the source as it was written', async () => {
    const { tenant, functionId } = await openWith(
      '(params) => {\n  const x = 1;\n  throw new TypeError("no " + params);\n}',
    );
    const body = await ran(tenant, functionId, 'way');
    expect(body).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'functions.function_failed', message: 'TypeError: no way', line: 3 },
    });
    expect(await read(tenant, body.id)).toEqual(body);
  });

  it.each([
    ['while (true) {}', 'functions.fuel_exhausted'],
    ['const a = []; while (true) a.push(new Array(1e5).fill(1))', 'functions.memory_exhausted'],
    ['await new Promise(() => {})', 'functions.never_settled'],
    ['return 10n', 'functions.output_invalid'],
    ['return "x".repeat(70000)', 'functions.output_too_large'],
    ['throw null', 'functions.function_failed'],
    ['Devpack.gasBank.balance({})', 'functions.permission_denied'],
  ])('ends `%s` with %s, and the next run is unharmed', async (code, expected) => {
    const tenant = await openTenant();
    const limits = { fuel: 1_000_000_000 };
    const permissions = { modules: [] };
    const bad = await deploy(tenant, `async () => { ${code} }`, { limits, permissions });
    const good = await deploy(tenant, '() => 1');
    const body = await ran(tenant, bad);
    expect(body).toMatchObject({ status: 'failed', error: { code: expected }, actions: [] });
    expect(await ran(tenant, good)).toMatchObject({ output: { result: 1 } });
  });

  it('runs without params as with null, and keeps odd keys and their order', async () => {
    const { tenant, functionId } = await openWith('(params) => ({ text: JSON.stringify(params) })');
    const called = await execute(tenant, functionId);
    expect(called.body.output).toEqual({ text: 'null' });
    const rawBody = '{"params":{"b":1,"a":{"constructor":2,"toJSON":{"x":1}},"":[1e21,-0,0.1]}}';
    const odd = await execute(tenant, functionId, {}, { rawBody });
    expect(odd.status).toBe(201);
    const replayed = await tenant.call(`POST /executions/${odd.body.id}/replay`);
    expect(replayed.body.equal).toBe(true);
  });

  it('shows no secret of 8 bytes or more in output, keys, logs, errors and action params', async () => {
    const tenant = await openTenant();
    const value = 'canary-5c1d-secret';
    const source = `(params, secrets) => {
      console.log("log " + secrets.token, JSON.stringify({ t: secrets.token }));
      Devpack.oracle.createRequest({ dataSourceId: secrets.token, payload: { [secrets.token]: 1 } });
      if (params) throw new Error("bad " + secrets.token);
      return { [secrets.token]: [secrets.token] };
    }`;
    const functionId = await deploy(tenant, source, { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value, grants: [functionId] });
    const shown = await ran(tenant, functionId);
    expect(shown.output).toMatchObject({ '[secret:token]': ['[secret:token]'] });
    expect(shown.actions[0].params).toMatchObject({ dataSourceId: '[secret:token]' });
    const thrown = await ran(tenant, functionId, true);
    expect(thrown.error.message).toBe('bad [secret:token]');
    const all = await Promise.all(
      [shown, thrown].flatMap(({ id }) =>
        ['', '/logs', '/receipt', '/journal'].map((suffix) =>
          tenant.call(`GET /executions/${id}${suffix}`),
        ),
      ),
    );
    const texts = [shown, thrown, ...all.map(({ text }) => text), await audit(tenant, '')];
    expect(JSON.stringify(texts)).not.toContain(value);
    const stored = await onDisk(tenant, 'SELECT * FROM executions');
    const bodies = await onDisk<{ bytes: ArrayBuffer }>(
      tenant,
      'SELECT bytes FROM execution_bodies',
    );
    const bytes = bodies.map((row) => new TextDecoder('latin1').decode(row.bytes));
    expect(JSON.stringify([stored, bytes])).not.toContain(value);
  });

  it('keeps out of the journal a secret that a host echoes', async () => {
    const tenant = await openTenant();
    const value = 'canary-9b2e-secret';
    const source = `async (_, secrets) => {
      const answer = await Devpack.http.fetch("https://echo.example.com/", {
        headers: { "x-key": secrets.token },
      });
      return { text: await answer.text() };
    }`;
    const permissions = { httpHosts: ['echo.example.com'] };
    const functionId = await deploy(tenant, source, { secrets: ['token'], permissions });
    await storeSecret(tenant, 'token', { value, grants: [functionId] });
    const seen: (string | null)[] = [];
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      seen.push(new Headers(init.headers).get('x-key'));
      return new Response(`you sent ${value}`);
    });
    const body = await ran(tenant, functionId);
    vi.unstubAllGlobals();
    expect(seen).toEqual([value]);
    expect(body.output).toMatchObject({ text: 'you sent [secret:token]' });
    const journal = await tenant.call(`GET /executions/${body.id}/journal`);
    expect(journal.text).not.toContain(value);
    expect(journal.body.entries[0].secretVersionIds).toEqual(['token@1']);
    const replayed = await tenant.call(`POST /executions/${body.id}/replay`);
    expect(replayed.body).toMatchObject({ equal: true });
  });

  it('records each use of a secret before the code starts', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(tenant, '() => 1', { secrets: ['one', 'two'] });
    await storeSecret(tenant, 'one', { value: 'value of one', grants: [functionId] });
    await storeSecret(tenant, 'two', { value: 'value of two', grants: [functionId] });
    await ran(tenant, functionId);
    expect(await audit(tenant, 'secrets.useSecret')).toMatchObject([
      { outcome: 'ok', target: { kind: 'function', id: functionId } },
    ]);
  });

  it('tells of a failure by one event', async () => {
    const { tenant, functionId } = await openWith('() => { throw new Error("x") }');
    const { id } = await ran(tenant, functionId);
    const events = await tenant.call('GET /events');
    expect(events.body.items).toMatchObject([{ type: 'execution.failed', subject: id }]);
  });

  it('keeps neither output nor logs nor journal with `store: receipt`, and answers them once', async () => {
    const { tenant, functionId } = await openWith(
      '(params) => { console.log("once"); Devpack.gasBank.balance({ wallet: params }); return { kept: params }; }',
    );
    const params = 'canary-0d4f-not-kept';
    const called = await execute(tenant, functionId, { params, store: 'receipt' });
    expect(called.body).toMatchObject({
      output: { kept: params },
      logs: [{ message: 'once' }],
      actions: [{ type: 'gasbank.balance', params: null, result: null }],
    });
    expect(await read(tenant, called.body.id)).toMatchObject({ output: null, logs: [] });
    expect(JSON.stringify(await onDisk(tenant, 'SELECT * FROM executions'))).not.toContain(params);
    expect(await onDisk(tenant, 'SELECT * FROM execution_bodies')).toEqual([]);
    const receipt = await tenant.call(`GET /executions/${called.body.id}/receipt`);
    expect(receipt.status).toBe(200);
  });
});

describe('202', () => {
  it('queues the run with `mode: async`, which ends by itself', async () => {
    const { tenant, functionId } = await openWith('(params) => params.n + 1');
    const called = await execute(tenant, functionId, { params: { n: 1 }, mode: 'async' });
    expect(called.status).toBe(202);
    expect(called.body).toMatchObject({ status: 'queued', mode: 'async', output: null });
    expect(called.headers.get('location')).toContain(called.body.id);
    const body = await ended(tenant, called.body.id);
    expect(body).toMatchObject({ status: 'succeeded', output: { result: 2 } });
    expect(body.timings.waitedMs).toBeGreaterThanOrEqual(0);
  });

  it('keeps a waiting input sealed, and drops it when the run has ended', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const params = 'canary-4a7b-input';
    const called = await execute(tenant, functionId, { params, mode: 'async' });
    await ended(tenant, called.body.id);
    const inputs = "SELECT 1 FROM execution_bodies WHERE kind = 'input'";
    expect(await onDisk(tenant, inputs)).toEqual([]);
  });
});

describe('402', () => {
  it('starts nothing for an account that cannot pay the most it may cost', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await setPrices({ execution: '0.5' });
    await deposit(tenant, 49_999_999n);
    const refused = await execute(tenant, functionId);
    expect(refused.body).toMatchObject({ status: 402, code: 'gasbank.insufficient_funds' });
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('403', () => {
  it('refuses a secret that is not granted, and records the refused use', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(tenant, '() => 1', { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: 'some secret value', grants: [] });
    const called = await execute(tenant, functionId);
    expect([called.status, called.body.code]).toEqual([403, 'functions.secret_not_granted']);
    expect(await audit(tenant, 'secrets.useSecret')).toMatchObject([
      { outcome: 'functions.secret_not_granted' },
    ]);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });

  it('refuses a suspended account', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const reason = { body: { reason: 'unpaid' } };
    expect((await call(`POST /accounts/${tenant.accountId}/suspend`, reason)).status).toBe(200);
    const key = await keyOf(tenant.accountId);
    const called = await execute(tenant, functionId, {}, { token: key });
    expect([called.status, called.body.code]).toEqual([403, 'account.suspended']);
  });
});

describe('404', () => {
  it('knows neither a deleted function nor that of another account', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const other = await openTenant();
    expect((await execute(other, functionId)).status).toBe(404);
    const found = await tenant.call(`GET /functions/${functionId}`);
    const headers = { 'if-match': found.headers.get('etag') ?? '' };
    expect((await tenant.call(`DELETE /functions/${functionId}`, { headers })).status).toBe(204);
    expect((await execute(tenant, functionId)).status).toBe(404);
  });
});

describe('409', () => {
  it('refuses a secret that does not exist', async () => {
    const { tenant, functionId } = await openWith('() => 1', { secrets: ['absent'] });
    const called = await execute(tenant, functionId);
    expect([called.status, called.body.code]).toEqual([409, 'functions.secret_missing']);
    expect(called.body.detail).toContain('absent');
    expect(await audit(tenant, 'secrets.useSecret')).toMatchObject([
      { outcome: 'functions.secret_missing' },
    ]);
  });

  it('refuses a function without an active version', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await bindings.DB.prepare('UPDATE functions SET active_version_id = NULL WHERE function_id = ?')
      .bind(functionId)
      .run();
    const called = await execute(tenant, functionId);
    expect([called.status, called.body.code]).toEqual([409, 'functions.not_deployed']);
  });
});

describe('422', () => {
  it('names what of the params the input schema refuses', async () => {
    const inputSchema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
    };
    const { tenant, functionId } = await openWith('(p) => p.n', { inputSchema });
    const called = await execute(tenant, functionId, { params: { n: 'x' } });
    expect([called.status, called.body.code]).toEqual([422, 'functions.input_invalid']);
    const pointers = called.body.fields.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toContain('/params/n');
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    expect((await ran(tenant, functionId, { n: 7 })).output).toEqual({ result: 7 });
  });
});

describe('400', () => {
  it.each([
    ['a number beyond all', '{"params":1e400}'],
    ['half a character', '{"params":"\\ud800"}'],
    ['half a character in a key', '{"params":{"a\\udfff":1}}'],
    ['a bottomless list', `{"params":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['an unknown mode', '{"mode":"later"}'],
  ])('refuses %s before anything starts', async (_what, rawBody) => {
    const { tenant, functionId } = await openWith('(p) => p');
    const called = await execute(tenant, functionId, {}, { rawBody });
    expect([called.status, called.body.code]).toEqual([400, 'request.malformed']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('the bound of what is stored of an output', () => {
  /** Eight characters become `[secret:<name>]`, as often as 64 KiB of output hold them. */
  async function redacted(name: string) {
    const tenant = await openTenant();
    const source = '(_, secrets) => Object.values(secrets)[0].repeat(8000)';
    const functionId = await deploy(tenant, source, { secrets: [name] });
    await storeSecret(tenant, name, { value: 'x7Kp2mQ9', grants: [functionId] });
    return { tenant, execution: await ran(tenant, functionId) };
  }
  const most = LIMITS.outputTextBytesMax.value;
  // With what stands around them, 8000 marks of 65 bytes stay below it and 8000 of 66 do not.
  const markBytes = '[secret:]'.length;

  it('holds for the text after redaction, which can be longer than what the code gave', async () => {
    const name = 'n'.repeat(Math.floor((most - 2) / 8000) - markBytes);
    const { execution } = await redacted(name);
    expect(execution.status, JSON.stringify(execution.error)).toBe('succeeded');
    expect(JSON.stringify(execution.output).length).toBeGreaterThan(most - 8000);
  });

  it('ends a run that passes it as failed, with that reason, and shows and proves nothing', async () => {
    const name = 'n'.repeat(Math.floor((most - 2) / 8000) - markBytes + 1);
    const { tenant, execution } = await redacted(name);
    expect(execution).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'request.body_too_large' },
    });
    expect(execution.fuel).toBeGreaterThan(0);
    const receipt = await tenant.call(`GET /executions/${execution.id}/receipt`);
    expect(receipt.body.code).toBe('functions.receipt_not_made');
    expect(await onDisk(tenant, 'SELECT 1 FROM execution_bodies')).toEqual([]);
  });
});

describe('403 of a quota', () => {
  const setQuotas = (quotas: object) =>
    bindings.DB.prepare('UPDATE accounts SET quotas = ?').bind(JSON.stringify(quotas)).run();

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('bounds the executions of a month', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await setQuotas({ monthlyExecutions: 1 });
    await ran(tenant, functionId);
    const refused = await execute(tenant, functionId);
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'quota.exceeded', limit: 1, observed: 2 },
    ]);
    expect((await execute(tenant, functionId, { mode: 'async' })).status).toBe(403);
  });

  it('bounds the fuel of a month, with what a run may still burn', async () => {
    const { tenant, functionId } = await openWith('() => 1', { limits: { fuel: 10_000_000 } });
    await setQuotas({ monthlyFuel: 10_000_000 });
    const { fuel } = await ran(tenant, functionId);
    const refused = await execute(tenant, functionId);
    expect(refused.body).toMatchObject({
      code: 'quota.exceeded',
      limit: 10_000_000,
      observed: 10_000_000 + fuel,
    });
  });

  it('bounds the executions at the same time; a queued one waits instead', async () => {
    const source = '() => Devpack.http.fetch("https://slow.example.com/").then(() => 1)';
    const permissions = { httpHosts: ['slow.example.com'] };
    const { tenant, functionId } = await openWith(source, { permissions });
    await setQuotas({ concurrentExecutions: 1 });
    const host = slowHost();
    const first = execute(tenant, functionId);
    await vi.waitUntil(() => host.asked);
    const refused = await execute(tenant, functionId);
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'quota.exceeded', limit: 1, observed: 2 },
    ]);
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id, { attempt: 5 }));
    expect(await read(tenant, id)).toMatchObject({ status: 'queued' });
    host.answers = true;
    expect((await first).body.status).toBe('succeeded');
    await deliver(tenant, workItem(id, { attempt: 5 }));
    expect(await read(tenant, id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('429', () => {
  it('starts nothing while the book of the account can keep nothing more', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await setPrices({ execution: '0.5' });
    const path = `POST /accounts/${tenant.accountId}/functions/${functionId}/executions`;
    const refused = await callAltered({ ACCOUNT_LEDGER: FULL_BOOKS }, path, {
      token: tenant.key,
      body: {},
    });
    expect([refused.status, refused.body.code]).toEqual([429, 'gasbank.full']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('500', () => {
  it('starts nothing whose secrets cannot be opened', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(tenant, '() => 1', { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: 'some secret value', grants: [functionId] });
    await bindings.DB.prepare("UPDATE secret_versions SET sealed = x'00'").run();
    const refused = await execute(tenant, functionId);
    expect([refused.status, refused.body.code]).toEqual([500, 'secrets.undecryptable']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('503', () => {
  it('is the answer when the account has no slot left: nothing starts, and the next run does', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const refused = await withoutSlots(tenant, () => execute(tenant, functionId));
    expect([refused.status, refused.body.code]).toEqual([503, 'functions.capacity']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    expect((await tenant.call('GET /usage')).body.monthlyExecutions.used).toBe(0);
    expect((await execute(tenant, functionId)).status).toBe(201);
  });

  it('starts nothing while the vault has no key', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const env = { ...bindings, BRIDGE: new SoftwareBridge({ ENVIRONMENT: 'development' }) };
    const answer = await executeIn(contextOf({ env }), tenant, functionId);
    expect(answer).toMatchObject({ failure: { code: 'secrets.encryption_unconfigured' } });
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});
