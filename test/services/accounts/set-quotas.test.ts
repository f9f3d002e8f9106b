/** `PATCH /accounts/{accountId}/quotas`: the operator's word, one quota at a time. */
import { describe, expect, it } from 'vitest';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('sets what is given, keeps what was set before and binds from then on', async () => {
    const tenant = await openTenant();
    const path = `/accounts/${tenant.accountId}/quotas`;
    await call(`PATCH ${path}`, { body: { keys: 5 } });
    const set = await call(`PATCH ${path}`, { body: { wallets: 0 } });
    expect(set.body).toMatchObject({ keys: 5, wallets: 0 });
    const refused = await tenant.call('POST /workspace-wallets', {
      body: { kind: 'evm', address: `0x${'0'.repeat(39)}1` },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'quota.exceeded', limit: 0 } });
  });

  it('takes nothing away from an account that has more', async () => {
    const tenant = await openTenant();
    await makeWallet(tenant);
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { wallets: 0 } });
    expect((await tenant.call('GET /workspace-wallets')).body.items).toHaveLength(1);
  });
});

describe('403', () => {
  it('is nothing a tenant can do, whatever its scopes', async () => {
    const tenant = await openTenant();
    expect((await tenant.call('PATCH /quotas', { body: { keys: 1_000 } })).status).toBe(403);
  });
});

describe('400', () => {
  it('refuses what is no count', async () => {
    const { accountId } = await openTenant();
    for (const keys of [-1, 1.5, '5', null, 2 ** 53])
      expect((await call(`PATCH /accounts/${accountId}/quotas`, { body: { keys } })).status).toBe(
        400,
      );
  });
});
