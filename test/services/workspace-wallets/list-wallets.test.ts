/** `GET /accounts/{accountId}/workspace-wallets` */
import { describe, expect, it } from 'vitest';
import { makeWallet, verifyWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('lists newest first, filtered by kind and status, and nothing of other tenants', async () => {
    const tenant = await openTenant();
    await makeWallet(await openTenant('neighbour'));
    const first = await makeWallet(tenant);
    const second = await makeWallet(tenant);
    const neo = await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' },
    });
    await verifyWallet(first);
    const idsOf = async (query: string) =>
      (await tenant.call(`GET /workspace-wallets${query}`)).body.items.map(
        ({ id }: { readonly id: string }) => id,
      );
    expect(await idsOf('')).toEqual([first, second, String(neo.body.id)].sort().toReversed());
    expect(await idsOf('?kind=neo')).toEqual([neo.body.id]);
    expect(await idsOf('?status=verified')).toEqual([first]);
    expect(await idsOf('?kind=evm&status=unverified')).toEqual([second]);
  });
});
