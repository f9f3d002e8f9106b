/**
 * `DELETE /accounts/{accountId}`: closed at once, purged later, and never against an active wallet
 * policy.
 */
import { describe, expect, it } from 'vitest';
import { makeWallet, verifyWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import { SECOND_MS, stopClock } from '../../support/time.ts';

async function activatePolicy(tenant: Tenant): Promise<void> {
  const walletId = await makeWallet(tenant);
  await verifyWallet(walletId);
  const set = await tenant.call('PUT /wallet-policy', {
    body: { threshold: 1, members: [walletId] },
  });
  expect(set.status).toBe(200);
}

describe('204', () => {
  it('refuses its keys like unknown ones and is gone for operators, within 30 seconds', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    expect((await tenant.call('DELETE ')).status).toBe(204);
    clock.pass(30 * SECOND_MS);
    expect((await tenant.call('GET ')).status).toBe(401);
    expect((await call(`GET /accounts/${tenant.accountId}`)).status).toBe(404);
    expect((await call(`DELETE /accounts/${tenant.accountId}`)).status).toBe(404);
    expect((await call('GET /accounts?status=deleted')).body.items).toHaveLength(1);
  });
});

describe('409', () => {
  it('M17: destroys no key that can still move money, and goes once each is retired', async () => {
    const tenant = await openTenant();
    const wallet = await tenant.call('POST /wallets', { body: { network: 'neo3:private' } });
    for (const refused of [
      await tenant.call('DELETE '),
      await call(`DELETE /accounts/${tenant.accountId}`),
    ])
      expect(refused).toMatchObject({ status: 409, body: { code: 'wallets.still_active' } });
    expect((await tenant.call('GET ')).status).toBe(200);
    expect((await tenant.call(`POST /wallets/${wallet.body.id}/retire`)).status).toBe(200);
    expect((await tenant.call('DELETE ')).status).toBe(204);
  });
});

describe('403', () => {
  it('needs the approvals of an active wallet policy, of operators too', async () => {
    const tenant = await openTenant();
    await activatePolicy(tenant);
    for (const refused of [
      await tenant.call('DELETE '),
      await call(`DELETE /accounts/${tenant.accountId}`),
    ])
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'wallets.approvals_required', limit: 1, observed: 0 },
      });
    expect((await tenant.call('GET ')).status).toBe(200);
  });

  it('never leaves a deleted account whose policy became active meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await openTenant();
      const walletId = await makeWallet(tenant);
      await verifyWallet(walletId);
      const body = { threshold: 1, members: [walletId] };
      const [deleted, set] = await Promise.all([
        tenant.call('DELETE '),
        tenant.call('PUT /wallet-policy', { body }),
      ]);
      expect([deleted.status === 204, set.status === 200]).not.toEqual([true, true]);
    }
  });
});
