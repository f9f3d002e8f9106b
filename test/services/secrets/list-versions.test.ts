/** The history of a secret. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { rotate, store } from './vault-under-test.ts';

describe('200', () => {
  it('tells which versions are current, within their grace, and ended', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second');
    await rotate(tenant, 'token', 'third', 3600);
    const { body } = await tenant.call('GET /secrets/token/versions');
    expect(body.items).toMatchObject([
      { version: 3, status: 'current', usableUntil: null, erasedAt: null },
      { version: 2, status: 'grace', usableUntil: expect.any(String), erasedAt: null },
      {
        version: 1,
        status: 'ended',
        usableUntil: expect.any(String),
        erasedAt: expect.any(String),
      },
    ]);
  });

  it('does not show versions of an earlier secret of the same name', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await tenant.call('DELETE /secrets/token');
    await store(tenant, 'token');
    const { body } = await tenant.call('GET /secrets/token/versions');
    expect(body.items.map(({ version }: { version: number }) => version)).toEqual([2]);
  });

  it('goes through all pages, and ends with an empty one where the cursor is past the last', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second');
    await rotate(tenant, 'token', 'third');
    const first = await tenant.call('GET /secrets/token/versions?limit=2');
    const second = await tenant.call(
      `GET /secrets/token/versions?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(second.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
    await tenant.call('DELETE /secrets/token');
    await store(tenant, 'token');
    const past = await tenant.call(
      `GET /secrets/token/versions?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(past.body).toEqual({ items: [], nextCursor: null });
  });
});

describe('400', () => {
  it('refuses a cursor of another list', async () => {
    const tenant = await openTenant();
    await store(tenant, 'one');
    await store(tenant, 'two');
    const { nextCursor } = (await tenant.call('GET /secrets?limit=1')).body;
    const refused = await tenant.call(`GET /secrets/one/versions?cursor=${nextCursor}`);
    expect(refused.body.fields).toMatchObject([{ pointer: 'query/cursor' }]);
  });
});

describe('404', () => {
  it("does not list another tenant's versions", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    expect((await stranger.call('GET /secrets/token/versions')).status).toBe(404);
  });
});
