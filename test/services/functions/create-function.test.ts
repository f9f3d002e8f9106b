/** Making a function: what is kept of it, what is refused before anything is, and what no source can do to us. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import {
  create,
  created,
  DOUBLE,
  ran,
  read,
  rows,
  setQuota,
  update,
  withoutSlots,
} from './functions-under-test.ts';
import { nested, ROUND_REFERENCE, SELF_REFERENCE } from './hostile-inputs.ts';

const SOURCE_BYTES_MAX = 262_144;
const padded = (bytes: number) => {
  const source = '() => 1 //';
  return source + 'x'.repeat(bytes - source.length);
};

describe('201', () => {
  it('answers the function with version 1 ready and active, and keeps no state that reads differ from', async () => {
    const tenant = await openTenant();
    const made = await create(tenant, { name: 'price-alert', description: 'Tells of prices.' });
    expect(made.status).toBe(201);
    expect(made.headers.get('etag')).toBe('"r1"');
    expect(made.body).toMatchObject({
      name: 'price-alert',
      description: 'Tells of prices.',
      runtime: 'javascript',
      activeVersion: { number: 1, state: 'ready', failure: null, entryForm: 'expression' },
    });
    expect(made.body.latestVersion).toEqual(made.body.activeVersion);
    expect(await read(tenant, made.body.id)).toEqual(made.body);
    expect(made.text).not.toContain(DOUBLE);
  });

  it('runs at once', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    expect((await ran(tenant, id, { value: 21 })).output).toEqual({ doubled: 42 });
  });

  it('tells a module from an expression', async () => {
    const tenant = await openTenant();
    const { activeVersion } = await created(tenant, { source: 'export default () => 1' });
    expect(activeVersion.entryForm).toBe('module');
  });

  it('gives equal content an equal hash, in whatever order its names are, and other content another', async () => {
    const tenant = await openTenant();
    const hashOf = async (fields: object) =>
      (await created(tenant, fields)).activeVersion.codeHash as string;
    const one = await hashOf({
      secrets: ['a', 'b'],
      permissions: { modules: ['oracle', 'random'] },
    });
    const two = await hashOf({
      secrets: ['b', 'a'],
      permissions: { modules: ['random', 'oracle'] },
    });
    expect(two).toBe(one);
    const others = [
      { secrets: ['a'] },
      { permissions: { modules: [] } },
      { limits: { fuel: 1_000_000 } },
      { inputSchema: {} },
      { source: `${DOUBLE} ` },
    ];
    const hashes = await Promise.all(others.map(hashOf));
    expect(new Set([one, ...hashes]).size).toBe(others.length + 1);
  });

  it('lists what the source uses and what its permissions refuse of it', async () => {
    const tenant = await openTenant();
    const source = `() => { Devpack.oracle.createRequest({}); Devpack.random.generate({});
      return Devpack.http.fetch("https://api.example.com/prices") }`;
    const uses = async (permissions?: object) =>
      (await created(tenant, { source, ...(permissions ? { permissions } : {}) })).activeVersion
        .uses;
    expect(await uses()).toEqual({
      modules: ['oracle', 'random'],
      http: true,
      httpHosts: ['api.example.com'],
      refused: ['http', 'api.example.com'],
    });
    const refused = async (permissions: object) => (await uses(permissions)).refused;
    expect(await refused({ httpHosts: ['*.example.com'] })).toEqual([]);
    expect(await refused({ httpHosts: ['other.example.com'] })).toEqual(['api.example.com']);
    expect(await refused({ modules: ['random'], httpHosts: ['api.example.com'] })).toEqual([
      'oracle',
    ]);
  });

  it('has every module there is when none are named, and says which those are', async () => {
    const tenant = await openTenant();
    const source = '() => { Devpack.chain.submitTransaction({}); return 1 }';
    const { activeVersion } = await created(tenant, { source });
    expect(activeVersion.permissions.modules).toContain('chain');
    expect(activeVersion.uses).toMatchObject({ modules: ['chain'], refused: [] });
  });

  it('takes a source of exactly 256 KiB, counted in bytes', async () => {
    const tenant = await openTenant();
    const { activeVersion } = await created(tenant, { source: padded(SOURCE_BYTES_MAX) });
    expect(activeVersion.sourceBytes).toBe(SOURCE_BYTES_MAX);
    const umlauts = `() => 1 //${'ü'.repeat((SOURCE_BYTES_MAX - 10) / 2)}`;
    expect((await created(tenant, { source: umlauts })).activeVersion.sourceBytes).toBe(
      SOURCE_BYTES_MAX,
    );
  });

  it('takes a source of 256 KiB that JSON writes six times as long', async () => {
    const tenant = await openTenant();
    const source = `() => 1 //${'\u0001'.repeat(SOURCE_BYTES_MAX - 10)}`;
    expect((await create(tenant, { source })).status).toBe(201);
  });

  it('makes one function when the same idempotency key is sent twice', async () => {
    const tenant = await openTenant();
    const headers = { 'idempotency-key': 'create-once-0001' };
    const fields = { name: 'once' };
    const [first, second] = [
      await create(tenant, fields, { headers }),
      await create(tenant, fields, { headers }),
    ];
    expect(second.body).toEqual(first.body);
    expect(await rows('SELECT * FROM functions')).toHaveLength(1);
  });

  it('takes a name again once the function that had it is deleted', async () => {
    const tenant = await openTenant();
    const first = await created(tenant, { name: 'reused' });
    await tenant.call(`DELETE /functions/${first.id}`);
    const second = await created(tenant, { name: 'reused' });
    expect(second.id).not.toBe(first.id);
  });

  it('takes one name in two accounts', async () => {
    const [one, two] = [await openTenant(), await openTenant('stranger')];
    await created(one, { name: 'same' });
    expect((await create(two, { name: 'same' })).status).toBe(201);
  });

  it('names the operator as its maker when an operator made it', async () => {
    const tenant = await openTenant();
    const made = await call(`POST /accounts/${tenant.accountId}/functions`, {
      body: { name: 'by-operator', source: DOUBLE },
    });
    expect(made.body.activeVersion.createdBy).toBe('operator:test-operator');
  });
});

describe('400', () => {
  it('refuses a source of one byte more, and an empty one', async () => {
    const tenant = await openTenant();
    for (const source of [padded(SOURCE_BYTES_MAX + 1), '']) {
      const refused = await create(tenant, { source });
      expect(refused.status).toBe(400);
      expect(refused.body.fields[0].pointer).toBe('/source');
    }
  });

  it.each([
    [{ name: '' }, '/name'],
    [{ name: 'with blank' }, '/name'],
    [{ name: '-dash-first' }, '/name'],
    [{ secrets: ['a', 'a'] }, '/secrets'],
    [{ permissions: { modules: ['vault'] } }, '/permissions/modules/0'],
    [{ permissions: { httpHosts: ['https://example.com'] } }, '/permissions/httpHosts/0'],
    [{ permissions: { httpHosts: ['*'] } }, '/permissions/httpHosts/0'],
    [{ limits: { memoryBytes: 33_554_433 } }, '/limits/memoryBytes'],
    [{ limits: { fuel: 10_000_000_001 } }, '/limits/fuel'],
    [{ inputSchema: [] }, '/inputSchema'],
    [{ inputSchema: { description: 'x'.repeat(16_384) } }, '/inputSchema'],
    [{ inputSchema: { description: '\ud800' } }, '/inputSchema'],
    [{ source: '() => "\ud800"' }, '/source'],
    [{ secrets: ['\ud800'] }, '/secrets/0'],
    // Refusals repeat the names of secrets, on terminals and in the audit log.
    [{ secrets: ['\u001b[2J'] }, '/secrets/0'],
    [{ secrets: ['one\ntwo'] }, '/secrets/0'],
    [{ secrets: ['\u202eforged'] }, '/secrets/0'],
  ])('refuses %# and says where', async (fields, pointer) => {
    const refused = await create(await openTenant(), fields);
    expect(refused.status).toBe(400);
    expect(refused.body.fields[0].pointer).toBe(pointer);
  });
});

describe('403 quota', () => {
  it('does not make more functions than the quota when requests arrive together', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, { functions: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(tenant)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const refused of answers.filter(({ status }) => status !== 201))
      expect(refused).toMatchObject({ status: 403, body: { code: 'quota.exceeded', limit: 3 } });
    expect(await rows('SELECT * FROM functions')).toHaveLength(3);
    expect(await rows('SELECT * FROM function_versions')).toHaveLength(3);
  });

  it('refuses an account whose sources fill its share of the database, those of deleted functions too', async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(tenant);
    const kept = await created(tenant);
    await rows('UPDATE function_versions SET source_bytes = ? WHERE function_id = ?', 2 ** 27, id);
    await tenant.call(`DELETE /functions/${id}`);
    expect(await create(tenant)).toMatchObject({
      status: 403,
      body: { code: 'quota.exceeded', limit: 2 ** 27 },
    });
    const changed = await update(tenant, kept.id, { source: '() => "more"' });
    expect(changed).toMatchObject({ status: 403, body: { code: 'quota.exceeded' } });
    expect((await update(tenant, kept.id, { name: 'renamed' })).status).toBe(200);
    expect((await create(stranger)).status).toBe(201);
  });

  it('counts no deleted functions', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, { functions: 1 });
    const { id } = await created(tenant);
    expect((await create(tenant)).status).toBe(403);
    await tenant.call(`DELETE /functions/${id}`);
    expect((await create(tenant)).status).toBe(201);
  });
});

describe('409', () => {
  it('refuses a name that is taken, also when both arrive together', async () => {
    const tenant = await openTenant();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => create(tenant, { name: 'twins' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 201))
      expect([status, body.code]).toEqual([409, 'functions.name_taken']);
    expect(await rows('SELECT * FROM function_versions')).toHaveLength(1);
  });
});

describe('422', () => {
  it.each([
    ['an expression', '(params) => {\n  return params +;\n}', 2, 18],
    ['a module', 'export default () => {\n\n  foo(;\n}', 3, 7],
    ['what ends too early', '(() => 1', 1, 9],
  ])('says where %s is wrong', async (_form, source, line, column) => {
    const refused = await create(await openTenant(), { source });
    expect(refused).toMatchObject({ status: 422, body: { code: 'functions.source_invalid' } });
    expect(refused.body.fields[0].pointer).toBe('/source');
    expect(refused.body.detail).toContain(`(line ${line}, column ${column})`);
  });

  it('refuses a module without default export and one that imports what does not exist', async () => {
    const tenant = await openTenant();
    for (const source of ['export const a = 1', 'import fs from "fs"; export default () => fs'])
      expect((await create(tenant, { source })).body.code).toBe('functions.source_invalid');
  });

  it.each(['python', 'csharp', 'wasm', 'JavaScript', '__proto__'])(
    'refuses the runtime %s, which has no executor',
    async (runtime) => {
      const refused = await create(await openTenant(), { runtime });
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'functions.runtime_unavailable' },
      });
    },
  );

  it.each([
    ['a reference to itself', SELF_REFERENCE],
    ['references in a ring', ROUND_REFERENCE],
    ['a reference to nothing', { $ref: '#/$defs/absent' }],
    ['a pattern that is none', { properties: { a: { pattern: '(' } } }],
    ['a name pattern that is none', { patternProperties: { '[': {} } }],
    ['a reference to nothing, deep inside', { properties: { a: { $ref: '#/nope' } } }],
  ])('refuses an input schema with %s', async (_name, inputSchema) => {
    const tenant = await openTenant();
    const answer = await create(tenant, { inputSchema });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'functions.input_schema_invalid' },
    });
    expect(answer.body.fields[0].pointer).toMatch(/^\/inputSchema/);
  });

  it('keeps nothing of what it refused', async () => {
    const tenant = await openTenant();
    await create(tenant, { source: '(' });
    await create(tenant, { inputSchema: { pattern: '(' } });
    expect(await rows('SELECT * FROM functions')).toEqual([]);
    expect(await rows('SELECT * FROM function_versions')).toEqual([]);
  });
});

describe('503', () => {
  it('is refused, and frees its idempotency key, when the account has no slot left to compile in', async () => {
    const tenant = await openTenant();
    const options = { headers: { 'idempotency-key': 'create-later-0001' } };
    const refused = await withoutSlots(tenant, () => create(tenant, { name: 'later' }, options));
    expect(refused).toMatchObject({ status: 503, body: { code: 'functions.capacity' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await create(tenant, { name: 'later' }, options)).status).toBe(201);
  });
});

describe('hostile content', () => {
  const deep = (open: string, close: string, times: number) =>
    open.repeat(times) + close.repeat(times);
  it.each([
    ['nesting without end', '('.repeat(200_000)],
    ['brackets', `() => ${deep('[', ']', 20_000)}`],
    ['templates', `() => ${deep('`${', '}`', 20_000)}`],
    ['arrows', `${'()=>'.repeat(50_000)}1`],
    ['a class of a hundred thousand fields', `() => { class A { ${'a;'.repeat(100_000)} } }`],
    [
      'a hundred thousand variables',
      `() => { let ${Array.from({ length: 30_000 }, (_, i) => `v${i}`).join()} }`,
    ],
    ['one regular expression', `() => /${'(a?)'.repeat(50_000)}/`],
    ['escapes', `() => "${'\\u0041'.repeat(40_000)}"`],
    ['only comments and semicolons', `() => 1${';/**/'.repeat(50_000)}`],
    ['imports', `() => {} // Devpack ${'import '.repeat(35_000)}`],
    ['a name for the host', '() => 1); host(); (() => 1'],
    ['null characters', '() => 1\u0000'],
  ])('of %s is compiled or refused, and the next source is unharmed', async (_name, source) => {
    const tenant = await openTenant();
    const answer = await create(tenant, { source });
    expect([201, 400, 422], answer.text.slice(0, 300)).toContain(answer.status);
    expect((await create(tenant)).status).toBe(201);
  });

  it('does not nest a schema deeper than its bound', async () => {
    const answer = await create(await openTenant(), { inputSchema: nested(4_000) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('keeps a schema whose names are those of the prototype', async () => {
    const tenant = await openTenant();
    const rawBody =
      '{"name":"proto","source":"() => 1","inputSchema":{"__proto__":{"a":1},"constructor":{}}}';
    const answer = await tenant.call('POST /functions', { rawBody });
    expect(answer.status).toBeLessThan(500);
  });
});
