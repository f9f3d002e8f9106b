/** `GET /accounts/{accountId}/wallets/{walletId}` */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { ABSENT, makeWallet, pathOf } from './wallets-under-test.ts';

describe('200', () => {
  it('is what was answered when it was made', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant, { label: 'payouts', exportable: true });
    const { body, headers } = await tenant.call(`GET ${pathOf(made)}`);
    expect(body).toEqual(made.body);
    expect(headers.get('etag')).toBe('"r1"');
  });

  it('is for keys with the scope of wallets on chains, which that of workspace wallets is not', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    const workspace = await keyOf(tenant.accountId, { scopes: ['wallets:read', 'wallets:write'] });
    expect((await tenant.call(`GET ${pathOf(made)}`, { token: workspace })).status).toBe(403);
    const chain = await keyOf(tenant.accountId, { scopes: ['chain-wallets:read'] });
    expect((await tenant.call(`GET ${pathOf(made)}`, { token: chain })).status).toBe(200);
    expect((await tenant.call(`POST ${pathOf(made)}/retire`, { token: chain })).status).toBe(403);
  });
});

describe('404', () => {
  it('answers it for a wallet that is not there', async () => {
    const tenant = await openTenant();
    expect((await tenant.call(`GET /wallets/${ABSENT}`)).status).toBe(404);
  });
});
