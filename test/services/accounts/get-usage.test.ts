/** `GET /accounts/{accountId}/usage`: what is counted, against which quota. */
import { describe, expect, it } from 'vitest';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('counts what is there and not what ended', async () => {
    const tenant = await openTenant();
    await makeWallet(tenant);
    await tenant.call('POST /secrets', { body: { name: 'token', value: 'v' } });
    const second = await tenant.call('POST /keys', { body: { name: 'second', role: 'viewer' } });
    const before = (await tenant.call('GET /usage')).body;
    expect(before).toMatchObject({
      month: new Date().toISOString().slice(0, 7),
      keys: { used: 2, limit: 100 },
      wallets: { used: 1, limit: 100 },
      secrets: { used: 1, limit: 200 },
      functions: { used: 0, limit: 200 },
      monthlyExecutions: { used: 0 },
    });
    await tenant.call(`DELETE /keys/${second.body.id}`);
    expect((await tenant.call('GET /usage')).body.keys.used).toBe(1);
  });

  it('shows the quotas as the operator set them', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { wallets: 3 } });
    expect((await tenant.call('GET /usage')).body.wallets).toEqual({ used: 0, limit: 3 });
  });

  it('does not count what other tenants have', async () => {
    const tenant = await openTenant();
    await makeWallet(await openTenant('neighbour'));
    expect((await tenant.call('GET /usage')).body.wallets.used).toBe(0);
  });
});
