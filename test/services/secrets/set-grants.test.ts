/** Grants: who may give them, what they open, and how they are told in the audit log. */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { functionId, openFor, store } from './vault-under-test.ts';

describe('200', () => {
  it('replaces the whole list, and what was granted or revoked holds for the next run', async () => {
    const tenant = await openTenant();
    const [one, two] = [functionId(), functionId()];
    await store(tenant, 'token', { grants: [one] });
    const body = { functionIds: [two, two] };
    expect((await tenant.call('PUT /secrets/token/grants', { body })).body.grants).toEqual([two]);
    expect((await openFor(tenant, one, ['token'])).opened.ok).toBe(false);
    expect((await openFor(tenant, two, ['token'])).opened.ok).toBe(true);
  });

  it('names every function that was granted or revoked in the audit log, however many', async () => {
    const tenant = await openTenant();
    const many = Array.from({ length: 45 }, functionId);
    await store(tenant, 'token', { grants: [functionId()] });
    await tenant.call('PUT /secrets/token/grants', { body: { functionIds: many } });
    const { body } = await tenant.call('GET /audit?operation=secrets.setGrants');
    const { granted, granted2, granted3, revoked } = body.items[0].details;
    expect(new Set([...granted, ...granted2, ...granted3])).toEqual(new Set(many));
    expect(revoked).toHaveLength(1);
  });
});

describe('400', () => {
  it('refuses more than 100 functions and what is no id of one', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    for (const functionIds of [Array.from({ length: 101 }, functionId), ['*'], [tenant.accountId]])
      expect(
        (await tenant.call('PUT /secrets/token/grants', { body: { functionIds } })).status,
      ).toBe(400);
  });
});

describe('403', () => {
  it('needs the scope secrets:grant, also for taking grants away', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { grants: [functionId()] });
    const token = await keyOf(tenant.accountId, { scopes: ['secrets:read', 'secrets:write'] });
    const body = { functionIds: [] };
    expect((await tenant.call('PUT /secrets/token/grants', { token, body })).status).toBe(403);
    const granter = await keyOf(tenant.accountId, { scopes: ['secrets:grant'] });
    expect((await tenant.call('PUT /secrets/token/grants', { token: granter, body })).status).toBe(
      200,
    );
  });
});

describe('404', () => {
  it("does not grant another tenant's secret to one's own function", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(tenant, 'token');
    const body = { functionIds: [functionId()] };
    expect((await stranger.call('PUT /secrets/token/grants', { body })).status).toBe(404);
  });
});
