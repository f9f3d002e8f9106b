/** Storing secrets: what is answered, what is stored, and what nobody can make the vault do. */
import { describe, expect, it } from 'vitest';
import { call, keyOf, openTenant } from '../../support/harness.ts';
import {
  CANARY,
  callWithBridge,
  dumpCatalogue,
  functionId,
  openFor,
  rows,
  run,
  store,
} from './vault-under-test.ts';

describe('201', () => {
  it('answers everything but the value', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    const made = await store(tenant, 'webhookToken', { grants: [reader, reader], maxAgeDays: 90 });
    expect(made.text).not.toContain(CANARY);
    expect(made.headers.get('etag')).toBe('"r1"');
    expect(made.body).toMatchObject({ name: 'webhookToken', version: 1, grants: [reader] });
    expect(Date.parse(made.body.rotationDueAt) - Date.parse(made.body.rotatedAt)).toBe(
      90 * 86_400_000,
    );
  });

  it('stores the value sealed: no row of the catalogue holds it', async () => {
    const tenant = await openTenant();
    await store(tenant, 'webhookToken');
    const dump = await dumpCatalogue();
    expect(dump).toContain('webhookToken');
    expect(dump).not.toContain(CANARY);
    const bytes = new TextEncoder().encode(CANARY);
    await run('UPDATE secret_versions SET sealed = ?', bytes);
    expect(await dumpCatalogue(), 'the search would have found it').toContain(CANARY);
  });

  it.each(['timezone', 'defaultWallet', 'webhookToken', 'token', 'API_KEY', '_x', 'my-key.v1'])(
    'takes the name %s',
    async (name) => {
      const tenant = await openTenant();
      expect((await store(tenant, name)).body.name).toBe(name);
    },
  );

  it('tells names that differ in case apart', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { value: 'lower' });
    expect((await store(tenant, 'Token', { value: 'upper' })).status).toBe(201);
  });

  it('takes 65,536 bytes of UTF-8, every one as a long escape, and gives them back unchanged', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    const value = '\u0000'.repeat(65_536);
    await store(tenant, 'long', { value, grants: [reader] });
    const { opened } = await openFor(tenant, reader, ['long']);
    expect(opened).toMatchObject({ ok: true, value: [{ value }] });
  });

  it('counts versions on when a deleted name is used again', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await tenant.call('PUT /secrets/token', { body: { value: 'second' } });
    await tenant.call('DELETE /secrets/token');
    expect((await store(tenant, 'token')).body.version).toBe(3);
  });

  it('makes one data key when many first secrets come at once, and all of them open', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    const names = Array.from({ length: 8 }, (_, index) => `first${index}`);
    await Promise.all(names.map((name) => store(tenant, name, { grants: [reader], value: name })));
    const { opened } = await openFor(tenant, reader, names);
    expect(opened.ok && opened.value.map(({ value }) => value).sort()).toEqual(names);
  });

  it('makes one secret when the same key is sent twice', async () => {
    const tenant = await openTenant();
    const options = {
      body: { name: 'token', value: CANARY },
      headers: { 'idempotency-key': 'one' },
    };
    const [first, again] = [
      await tenant.call('POST /secrets', options),
      await tenant.call('POST /secrets', options),
    ];
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
  });
});

describe('400', () => {
  it.each(['', '1st', 'with space', 'a/b', 'ü', 'x'.repeat(65), '__proto__', 'constructor'])(
    'refuses the name %j without repeating the value',
    async (name) => {
      const tenant = await openTenant();
      const refused = await tenant.call('POST /secrets', { body: { name, value: CANARY } });
      expect(refused.body).toMatchObject({
        code: 'request.malformed',
        fields: [{ pointer: '/name' }],
      });
      expect(refused.text).not.toContain(CANARY);
    },
  );

  it('refuses a value that has no UTF-8, which would be stored as another one', async () => {
    const tenant = await openTenant();
    const rawBody = '{"name":"token","value":"\\ud800"}';
    const refused = await tenant.call('POST /secrets', { rawBody });
    expect(refused.body.fields).toMatchObject([{ pointer: '/value' }]);
  });
});

describe('403', () => {
  it('refuses the secret beyond the quota, and one that was deleted makes room', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { secrets: 1 } });
    await store(tenant, 'one');
    const body = { name: 'two', value: CANARY };
    const refused = await tenant.call('POST /secrets', { body });
    expect(refused.body).toMatchObject({ code: 'quota.exceeded', limit: 1 });
    await tenant.call('DELETE /secrets/one');
    expect((await tenant.call('POST /secrets', { body })).status).toBe(201);
  });

  it('does not pass the quota when many are made at once', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { secrets: 3 } });
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        tenant.call('POST /secrets', { body: { name: `s${index}`, value: CANARY } }),
      ),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(3);
  });

  it('refuses grants from a key that may write secrets but not grant them', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['secrets:write'] });
    const body = { name: 'token', value: CANARY, grants: [functionId()] };
    const refused = await tenant.call('POST /secrets', { token, body });
    expect(refused.body.code).toBe('request.forbidden');
    expect(
      (await tenant.call('POST /secrets', { token, body: { ...body, grants: [] } })).status,
    ).toBe(201);
  });
});

describe('404', () => {
  it("does not tell another tenant's account from one that does not exist", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const body = { name: 'token', value: CANARY };
    const foreign = await call(`POST /accounts/${tenant.accountId}/secrets`, {
      token: stranger.key,
      body,
    });
    expect(foreign.body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('refuses a name that is in use', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const refused = await tenant.call('POST /secrets', { body: { name: 'token', value: CANARY } });
    expect(refused.body.code).toBe('secrets.name_taken');
    expect(refused.text).not.toContain(CANARY);
  });

  it('lets exactly one of many win that make the same name at once', async () => {
    const tenant = await openTenant();
    const made = await Promise.all(
      Array.from({ length: 10 }, () =>
        tenant.call('POST /secrets', { body: { name: 'token', value: CANARY } }),
      ),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(made.filter(({ body }) => body.code === 'secrets.name_taken')).toHaveLength(9);
  });
});

describe('413', () => {
  it('counts bytes of UTF-8, not characters', async () => {
    const tenant = await openTenant();
    const value = 'ü'.repeat(32_769);
    const refused = await tenant.call('POST /secrets', { body: { name: 'token', value } });
    expect(refused.body).toMatchObject({
      code: 'secrets.value_too_large',
      limit: 65_536,
      observed: 65_538,
    });
    expect(await rows('SELECT name FROM secrets')).toEqual([]);
  });
});

describe('500', () => {
  it('stores nothing when the data key of the account was damaged', async () => {
    const tenant = await openTenant();
    await store(tenant, 'one');
    await run("UPDATE account_data_keys SET wrapped_key = 'AAAA'");
    const refused = await tenant.call('POST /secrets', { body: { name: 'two', value: CANARY } });
    expect(refused.body.code).toBe('secrets.undecryptable');
    expect(await rows('SELECT name FROM secrets')).toEqual([{ name: 'one' }]);
  });
});

describe('503', () => {
  it.each([
    ['missing', {}],
    ['malformed', { ENVIRONMENT: 'development', SECRET_ENCRYPTION_KEY: 'hex:12' }],
    [
      'a development value',
      { ENVIRONMENT: 'production', SECRET_ENCRYPTION_KEY: `dev:hex:${'5e'.repeat(32)}` },
    ],
  ])('stores nothing when the master key is %s', async (_what, settings) => {
    const tenant = await openTenant();
    const refused = await callWithBridge(settings, `POST /accounts/${tenant.accountId}/secrets`, {
      token: tenant.key,
      body: { name: 'token', value: CANARY },
    });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'secrets.encryption_unconfigured' },
    });
    expect(await rows('SELECT * FROM secrets')).toEqual([]);
    expect(await rows('SELECT * FROM account_data_keys')).toEqual([]);
    expect(JSON.stringify(refused.body)).not.toContain(CANARY);
  });
});
