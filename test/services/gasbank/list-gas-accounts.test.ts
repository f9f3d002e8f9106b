/** `GET /accounts/{accountId}/gasbank/gas-accounts`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { NETWORK, onTwoNetworks, pathOf } from './gas-under-test.ts';

describe('200', () => {
  it('lists newest first, closed ones too, by network and status', async () => {
    const tenant = onTwoNetworks(await openTenant());
    await openGasAccount(tenant);
    const closed = await openGasAccount(tenant, { name: 'closed' });
    await tenant.call(`POST ${pathOf(closed)}/close`);
    await openGasAccount(tenant, { network: NETWORKS.down.id, name: 'elsewhere' });
    const names = async (query: string) =>
      (await tenant.call(`GET /gasbank/gas-accounts${query}`)).body.items.map(
        ({ name }: { readonly name: string }) => name,
      );
    expect(await names('')).toEqual(['elsewhere', 'closed', 'main']);
    expect(await names(`?network=${NETWORK}`)).toEqual(['closed', 'main']);
    expect(await names('?status=open')).toEqual(['elsewhere', 'main']);
    expect(await names(`?status=closed&network=${NETWORK}`)).toEqual(['closed']);
  });

  it('shows nothing of other accounts', async () => {
    await openGasAccount(await openTenant());
    const listed = await (await openTenant()).call('GET /gasbank/gas-accounts');
    expect(listed.body).toEqual({ items: [], nextCursor: null });
  });
});
