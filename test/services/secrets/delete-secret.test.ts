/** Deletion erases: nothing of the value remains in the catalogue. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { functionId, openFor, rotate, rows, store } from './vault-under-test.ts';

describe('204', () => {
  it('erases every value at once, the current one and those within their grace', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second', 3600);
    expect((await tenant.call('DELETE /secrets/token')).status).toBe(204);
    expect(await rows('SELECT version, sealed FROM secret_versions ORDER BY version')).toEqual([
      { version: 1, sealed: null },
      { version: 2, sealed: null },
    ]);
  });

  it('takes the secret from the functions it was granted to, also when the name comes back', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    await store(tenant, 'token', { grants: [reader] });
    await tenant.call('DELETE /secrets/token');
    expect((await openFor(tenant, reader, ['token'])).opened).toMatchObject({
      failure: { code: 'functions.secret_missing' },
    });
    await store(tenant, 'token');
    expect((await openFor(tenant, reader, ['token'])).opened).toMatchObject({
      failure: { code: 'functions.secret_not_granted' },
    });
  });
});

describe('404', () => {
  it('does not delete twice', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await tenant.call('DELETE /secrets/token');
    expect((await tenant.call('DELETE /secrets/token')).status).toBe(404);
  });

  it("does not delete another tenant's secret", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    expect((await stranger.call('DELETE /secrets/token')).status).toBe(404);
    expect((await tenant.call('GET /secrets/token')).status).toBe(200);
  });
});

describe('412', () => {
  it('keeps a secret that has changed since it was read', async () => {
    const tenant = await openTenant();
    const made = await store(tenant, 'token');
    await rotate(tenant, 'token', 'second');
    const headers = { 'if-match': made.headers.get('etag') ?? '' };
    expect((await tenant.call('DELETE /secrets/token', { headers })).status).toBe(412);
    expect((await tenant.call('GET /secrets/token')).status).toBe(200);
  });
});
