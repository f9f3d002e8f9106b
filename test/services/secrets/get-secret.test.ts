/** Reading about a secret: everything but its value, and nothing of anybody else's. */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { CANARY, functionId, rotate, store } from './vault-under-test.ts';

describe('200', () => {
  it('answers the secret as it was made, without its value', async () => {
    const tenant = await openTenant();
    const made = await store(tenant, 'token', { grants: [functionId()], maxAgeDays: 7 });
    const read = await tenant.call('GET /secrets/token');
    expect(read.status).toBe(200);
    expect(read.body).toEqual(made.body);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
    expect(read.text).not.toContain(CANARY);
  });

  it('changes its ETag with every change', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second');
    expect((await tenant.call('GET /secrets/token')).headers.get('etag')).toBe('"r2"');
  });

  it('is open to a key that may only read', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const token = await keyOf(tenant.accountId, { role: 'viewer' });
    expect((await tenant.call('GET /secrets/token', { token })).status).toBe(200);
  });
});

describe('404', () => {
  it.each(['missing', 'Token', 'TOKEN'])(
    'does not find %s when the secret is token',
    async (name) => {
      const tenant = await openTenant();
      await store(tenant, 'token');
      expect((await tenant.call(`GET /secrets/${name}`)).status).toBe(404);
    },
  );

  it('does not find a deleted secret', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await tenant.call('DELETE /secrets/token');
    expect((await tenant.call('GET /secrets/token')).status).toBe(404);
  });

  it("does not show another tenant's secret of the same name", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    expect((await stranger.call('GET /secrets/token')).status).toBe(404);
  });
});
