/** `PUT /accounts/{accountId}/gasbank/billing` */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { closeGasAccount, openGasAccount, rows, setPrices } from './metering-under-test.ts';

const choose = (tenant: Tenant, gasAccountId: string | null, token?: string) =>
  tenant.call('PUT /gasbank/billing', {
    body: { gasAccountId },
    ...(token === undefined ? {} : { token }),
  });

describe('200', () => {
  it('answers what pays from now on, and null goes back to `main`', async () => {
    const tenant = await openTenant();
    await setPrices({ execution: '1' });
    const { gasAccountId } = await openGasAccount(tenant, { fund: 'work' });
    const chosen = await choose(tenant, gasAccountId);
    expect(chosen.body).toMatchObject({ gasAccountId, payer: { gasAccountId, name: 'work' } });
    expect((await tenant.call('GET /gasbank/billing')).body).toEqual(chosen.body);
    const back = await choose(tenant, null);
    expect(back.body).toMatchObject({ gasAccountId: null, payer: { name: 'main' } });
    expect(await rows('SELECT * FROM billing_accounts')).toEqual([]);
  });
});

describe('403', () => {
  it('is not for who may only read', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    expect((await choose(tenant, null, token)).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses one that is closed, and one of another account as if there were none', async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const closed = await openGasAccount(tenant, { fund: 'work' });
    await closeGasAccount(closed.gasAccountId);
    const foreign = await openGasAccount(stranger);
    for (const { gasAccountId } of [closed, foreign]) {
      const refused = await choose(tenant, gasAccountId);
      expect([refused.status, refused.body.code]).toEqual([404, 'gasbank.fund_not_found']);
    }
    expect(await rows('SELECT * FROM billing_accounts')).toEqual([]);
  });
});
