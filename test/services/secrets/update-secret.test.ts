/** New versions: what functions receive, what becomes of the older value, and writers that come at once. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import {
  CANARY,
  callWithBridge,
  functionId,
  openFor,
  rotate,
  rows,
  run,
  store,
} from './vault-under-test.ts';

interface StoredVersion {
  readonly version: number;
  readonly size: number | null;
}
const storedVersions = () =>
  rows<StoredVersion>(
    'SELECT version, length(sealed) AS size FROM secret_versions ORDER BY version',
  );

describe('200', () => {
  it('gives functions the new value from now on', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    await store(tenant, 'token', { grants: [reader] });
    const rotated = await rotate(tenant, 'token', 'second');
    expect(rotated.body).toMatchObject({ version: 2, grants: [reader] });
    expect((await openFor(tenant, reader, ['token'])).opened).toMatchObject({
      ok: true,
      value: [{ name: 'token', value: 'second', versionId: { name: 'token', version: 2 } }],
    });
  });

  it('erases the older value in the same batch when no grace is asked for', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second');
    expect(await storedVersions()).toMatchObject([{ size: null }, { size: expect.any(Number) }]);
  });

  it('keeps the older value for the grace window', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second', 3600);
    expect((await storedVersions()).filter(({ size }) => size !== null)).toHaveLength(2);
  });

  it('keeps 20 values at most, whatever windows were asked for', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    for (let index = 0; index < 21; index += 1) await rotate(tenant, 'token', `v${index}`, 3600);
    const kept = (await storedVersions()).filter(({ size }) => size !== null);
    expect(kept.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, i) => i + 3));
  });

  it('starts the maximum age anew', async () => {
    const tenant = await openTenant();
    const made = await store(tenant, 'token', { maxAgeDays: 30 });
    const rotated = await rotate(tenant, 'token', 'second');
    expect(rotated.body.rotationDueAt > made.body.rotationDueAt).toBe(true);
  });

  it('loses no value of 20 writers at once: each got a version of its own or was told to come again', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    await store(tenant, 'token', { grants: [reader] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => ({
        value: `value-${index}`,
        answer: await tenant.call('PUT /secrets/token', { body: { value: `value-${index}` } }),
      })),
    );
    const written = answers.filter(({ answer }) => answer.status === 200);
    const versions = written.map(({ answer }) => answer.body.version).sort((a, b) => a - b);
    expect(versions).toEqual(written.map((_, index) => index + 2));
    expect(
      answers.filter(({ answer }) => answer.body.code === 'request.precondition_failed'),
    ).toHaveLength(20 - written.length);
    const last = written.find(({ answer }) => answer.body.version === written.length + 1);
    const { opened } = await openFor(tenant, reader, ['token']);
    expect(opened.ok && opened.value[0]?.value).toBe(last?.value);
  });

  it('makes one version when the same key is sent twice', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const options = { body: { value: 'second' }, headers: { 'idempotency-key': 'one' } };
    await tenant.call('PUT /secrets/token', options);
    expect((await tenant.call('PUT /secrets/token', options)).body.version).toBe(2);
    expect((await tenant.call('GET /secrets/token')).body.version).toBe(2);
  });
});

describe('404', () => {
  it("does not write to another tenant's secret", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    const refused = await stranger.call('PUT /secrets/token', { body: { value: 'mine' } });
    expect(refused.status).toBe(404);
    expect((await tenant.call('GET /secrets/token')).body.version).toBe(1);
  });
});

describe('412', () => {
  it('refuses when the secret has changed since it was read', async () => {
    const tenant = await openTenant();
    const made = await store(tenant, 'token');
    const headers = { 'if-match': made.headers.get('etag') ?? '' };
    await rotate(tenant, 'token', 'second');
    const refused = await tenant.call('PUT /secrets/token', { headers, body: { value: 'third' } });
    expect(refused.status).toBe(412);
    expect(await storedVersions()).toHaveLength(2);
  });
});

describe('413', () => {
  it('refuses one byte too many and keeps the value', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const refused = await tenant.call('PUT /secrets/token', {
      body: { value: 'x'.repeat(65_537) },
    });
    expect(refused.body).toMatchObject({ code: 'secrets.value_too_large', observed: 65_537 });
    expect((await tenant.call('GET /secrets/token')).body.version).toBe(1);
  });
});

describe('500', () => {
  it('changes nothing when the data key was wrapped by a master key that is gone', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const settings = {
      ENVIRONMENT: 'development',
      SECRET_ENCRYPTION_KEY: `hex:${'aa'.repeat(32)}`,
    };
    const refused = await callWithBridge(
      settings,
      `PUT /accounts/${tenant.accountId}/secrets/token`,
      { token: tenant.key, body: { value: CANARY } },
    );
    expect(refused).toMatchObject({ status: 500, body: { code: 'secrets.undecryptable' } });
    expect(await storedVersions()).toHaveLength(1);
  });
});

describe('503', () => {
  it('keeps the present value when the master key is missing', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const before = await rows('SELECT * FROM secret_versions');
    const refused = await callWithBridge({}, `PUT /accounts/${tenant.accountId}/secrets/token`, {
      token: tenant.key,
      body: { value: 'second' },
    });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'secrets.encryption_unconfigured' },
    });
    expect(await rows('SELECT * FROM secret_versions')).toEqual(before);
  });
});

describe('version numbers', () => {
  it('are refused a second use by the database itself', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await tenant.call('DELETE /secrets/token');
    const again = run(
      `INSERT INTO secret_versions SELECT account_id, name, 1, secret_id, NULL, 'x', 0, NULL, NULL
       FROM secrets WHERE account_id = ?`,
      tenant.accountId,
    );
    await expect(again).rejects.toThrow(/UNIQUE/);
  });
});
