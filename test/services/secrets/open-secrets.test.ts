/** The way of secrets into functions: what is granted, what was swapped in the database, and what is recorded. */
import { describe, expect, it } from 'vitest';
import { openSecretVersions } from '../../../worker/services/secrets/index.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import {
  bindings,
  CANARY,
  db,
  functionId,
  openFor,
  rotate,
  run,
  store,
} from './vault-under-test.ts';

const reader = functionId();
const grants = [reader];

const replay = (tenant: Tenant, versions: { name: string; version: number }[], now = Date.now()) =>
  openSecretVersions(
    { env: bindings, db, now },
    { accountId: tenant.accountId, functionId: reader, versions },
  );

describe('a function', () => {
  it('receives what it names and is granted, and nothing else', async () => {
    const tenant = await openTenant();
    await store(tenant, 'one', { value: '1', grants });
    await store(tenant, 'two', { value: '2', grants });
    const { opened } = await openFor(tenant, reader, ['two']);
    expect(opened).toEqual({
      ok: true,
      value: [{ name: 'two', value: '2', versionId: { name: 'two', version: 1 } }],
    });
  });

  it('receives nothing at all when one of its secrets is not granted', async () => {
    const tenant = await openTenant();
    await store(tenant, 'one', { grants });
    await store(tenant, 'two', { grants: [functionId()] });
    const { opened, notes } = await openFor(tenant, reader, ['one', 'two']);
    expect(opened).toMatchObject({
      ok: false,
      failure: { code: 'functions.secret_not_granted', detail: expect.stringContaining('two') },
    });
    expect(notes).toEqual([
      {
        operation: 'secrets.useSecret',
        outcome: 'functions.secret_not_granted',
        target: { kind: 'function', id: reader },
        details: { secrets: ['two'] },
      },
    ]);
  });

  it.each(['missing', 'ONE'])('is refused %s, which does not exist', async (name) => {
    const tenant = await openTenant();
    await store(tenant, 'one', { grants });
    const { opened, notes } = await openFor(tenant, reader, ['one', name]);
    expect(opened).toMatchObject({ failure: { code: 'functions.secret_missing' } });
    expect(notes).toMatchObject([
      { outcome: 'functions.secret_missing', details: { secrets: [name] } },
    ]);
  });

  it("does not receive another tenant's secret, although that one grants the function", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token', { grants });
    expect((await openFor(stranger, reader, ['token'])).opened).toMatchObject({
      failure: { code: 'functions.secret_missing' },
    });
  });

  it('leaves a note of each version it used, without values', async () => {
    const tenant = await openTenant();
    await store(tenant, 'one', { grants });
    await rotate(tenant, 'one', CANARY);
    const { notes } = await openFor(tenant, reader, ['one']);
    expect(notes).toMatchObject([{ outcome: 'ok', details: { secrets: ['one@2'] } }]);
    expect(JSON.stringify(notes)).not.toContain(CANARY);
  });

  it('asks neither catalogue nor bridge when it names none', async () => {
    const tenant = await openTenant();
    expect(await openFor(tenant, reader, [])).toEqual({
      opened: { ok: true, value: [] },
      notes: [],
    });
  });
});

describe('whoever can write to the database', () => {
  const refused = { ok: false, failure: { code: 'secrets.undecryptable' } };

  it('cannot have the value of one secret open as another of the same account', async () => {
    const tenant = await openTenant();
    await store(tenant, 'target', { value: 'theirs' });
    await store(tenant, 'mine', { value: 'mine', grants });
    await run(`UPDATE secret_versions SET sealed =
      (SELECT sealed FROM secret_versions WHERE name = 'target') WHERE name = 'mine'`);
    expect((await openFor(tenant, reader, ['mine'])).opened).toMatchObject(refused);
  });

  it('cannot have the value of one account open in another, with its data key or without', async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    await store(stranger, 'token', { grants });
    const { accountId } = stranger;
    await run(
      `UPDATE secret_versions SET sealed =
        (SELECT sealed FROM secret_versions WHERE account_id = ?) WHERE account_id = ?`,
      tenant.accountId,
      accountId,
    );
    expect((await openFor(stranger, reader, ['token'])).opened).toMatchObject(refused);
    await run(
      `UPDATE account_data_keys SET wrapped_key =
        (SELECT wrapped_key FROM account_data_keys WHERE account_id = ?) WHERE account_id = ?`,
      tenant.accountId,
      accountId,
    );
    expect((await openFor(stranger, reader, ['token'])).opened).toMatchObject(refused);
  });

  it('cannot bring an older value back as the current one', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { value: 'leaked', grants });
    await rotate(tenant, 'token', 'fresh', 3600);
    await run(`UPDATE secret_versions SET sealed =
      (SELECT sealed FROM secret_versions WHERE version = 1) WHERE version = 2`);
    expect((await openFor(tenant, reader, ['token'])).opened).toMatchObject(refused);
  });

  it('is told of in the notes', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { grants });
    await run("UPDATE secret_versions SET sealed = x'00'");
    const { notes } = await openFor(tenant, reader, ['token']);
    expect(notes).toMatchObject([
      { outcome: 'secrets.undecryptable', details: { secrets: ['token@1'] } },
    ]);
  });
});

describe('a replay', () => {
  it('receives the versions of then within their grace, whatever the secret is now', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { value: 'first', grants });
    await rotate(tenant, 'token', 'second', 3600);
    const { opened } = await replay(tenant, [
      { name: 'token', version: 1 },
      { name: 'token', version: 2 },
    ]);
    expect(opened.ok && opened.value.map(({ value }) => value).sort()).toEqual(['first', 'second']);
  });

  it('is refused once the window is over, also before a sweep erased the value', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { grants });
    await rotate(tenant, 'token', 'second', 3600);
    const later = await replay(tenant, [{ name: 'token', version: 1 }], Date.now() + 3_601_000);
    expect(later.opened).toMatchObject({ failure: { code: 'functions.secret_version_purged' } });
    expect(later.notes).toMatchObject([
      { operation: 'secrets.replaySecret', details: { secrets: ['token@1'] } },
    ]);
  });

  it('is refused after deletion, and does not take the version of a later secret of that name', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { grants });
    await tenant.call('DELETE /secrets/token');
    await store(tenant, 'token', { grants });
    expect((await replay(tenant, [{ name: 'token', version: 1 }])).opened).toMatchObject({
      failure: { code: 'functions.secret_version_purged' },
    });
  });

  it("does not open another tenant's version", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    expect((await replay(stranger, [{ name: 'token', version: 1 }])).opened.ok).toBe(false);
  });
});
