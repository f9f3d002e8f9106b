/** `PATCH /accounts/{accountId}/wallets/{walletId}`: its label, and nothing else. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { makeWallet, pathOf } from './wallets-under-test.ts';

describe('200', () => {
  it('sets the label and takes it away, of a retired wallet too', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    const named = await tenant.call(`PATCH ${path}`, { body: { label: 'payouts' } });
    expect([named.body.label, named.headers.get('etag')]).toEqual(['payouts', '"r2"']);
    await tenant.call(`POST ${path}/retire`);
    const unnamed = await tenant.call(`PATCH ${path}`, { body: { label: null } });
    expect(unnamed.body).toMatchObject({ label: null, status: 'retired' });
    expect((await tenant.call(`GET ${path}`)).body).toEqual(unnamed.body);
  });
});

describe('400', () => {
  it('changes nothing of what was fixed when the wallet was made', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    for (const more of [{ exportable: true }, { status: 'retired' }, { network: 'neo3:mainnet' }]) {
      const body = { label: 'x', ...more };
      expect((await tenant.call(`PATCH ${pathOf(made)}`, { body })).status).toBe(400);
    }
    expect((await tenant.call(`GET ${pathOf(made)}`)).body).toEqual(made.body);
  });
});

describe('412', () => {
  it('does not write over a change made since it was read', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant));
    const headers = { 'if-match': '"r1"' };
    const set = (label: string) => tenant.call(`PATCH ${path}`, { headers, body: { label } });
    expect([(await set('a')).status, (await set('b')).status]).toEqual([200, 412]);
  });
});
