/** `POST /accounts/{accountId}/wallets/{walletId}/retire`: for ever, and not by whoever has a key. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { rows } from '../secrets/vault-under-test.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { govern, makeWallet, POLICY, pathOf } from './wallets-under-test.ts';

describe('200', () => {
  it('ends the wallet once, however often it is asked, and keeps its key', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    const retired = await tenant.call(`POST ${path}/retire`);
    expect(retired.body).toMatchObject({ status: 'retired', retiredAt: retired.body.updatedAt });
    const again = await tenant.call(`POST ${path}/retire`);
    expect([again.body, again.headers.get('etag')]).toEqual([retired.body, '"r2"']);
    const log = await tenant.call('GET /audit?operation=wallets.retireWallet');
    expect(log.body.items).toHaveLength(1);
    const kept = 'SELECT length(sealed_key) > 32 AS kept FROM chain_wallets';
    expect(await rows(kept)).toEqual([{ kept: 1 }]);
  });

  it('cannot be undone by any operation on the wallet', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    await tenant.call(`POST ${path}/retire`);
    await tenant.call(`PUT ${path}/policy`, { body: POLICY });
    await tenant.call(`PATCH ${path}`, { body: { label: 'again' } });
    expect((await tenant.call(`GET ${path}`)).body.status).toBe('retired');
  });
});

describe('200, where the account has a wallet policy', () => {
  it('M16: ends the wallet that the members approved, and no other', async () => {
    const { tenant, approve } = await openGoverned(1, 2);
    const [one, other] = [await makeWallet(tenant), await makeWallet(tenant)];
    await approve(1, { operation: 'wallets.retireWallet', chainWalletId: one.body.id });
    expect((await tenant.call(`POST ${pathOf(other)}/retire`)).status).toBe(403);
    expect((await tenant.call(`POST ${pathOf(one)}/retire`)).status).toBe(200);
  });
});

describe('403', () => {
  // The attack: a stolen key retires the treasury, and what it holds can never be moved.
  it('is not for tenants or operators alone while the account has a wallet policy', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    await govern(tenant);
    for (const refused of [
      await tenant.call(`POST ${path}/retire`),
      await call(`POST /accounts/${tenant.accountId}${path}/retire`),
    ])
      expect(refused).toMatchObject({ status: 403, body: { code: 'wallets.approvals_required' } });
    expect((await tenant.call(`GET ${path}`)).body.status).toBe('active');
  });
});

describe('412', () => {
  it('is not done to another revision than was read', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    const headers = { 'if-match': '"r2"' };
    expect((await tenant.call(`POST ${path}/retire`, { headers })).status).toBe(412);
  });
});
