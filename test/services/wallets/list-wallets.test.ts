/** `GET /accounts/{accountId}/wallets`: newest first, of one network or state where asked. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { makeWallet, pathOf } from './wallets-under-test.ts';

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

describe('200', () => {
  it('has the newest first, as they are read one by one', async () => {
    const tenant = await openTenant();
    const [one, two] = [await makeWallet(tenant, { label: 'one' }), await makeWallet(tenant)];
    const { body } = await tenant.call('GET /wallets');
    expect(body.items).toEqual([two.body, one.body].toSorted((a, b) => (a.id < b.id ? 1 : -1)));
  });

  it('has only those of a network and of a state, where asked', async () => {
    const tenant = await openTenant();
    const [one, two] = [await makeWallet(tenant), await makeWallet(tenant)];
    await tenant.call(`POST ${pathOf(one)}/retire`);
    const list = async (query: string) =>
      idsOf((await tenant.call(`GET /wallets?${query}`)).body.items);
    expect(await list('status=retired')).toEqual([one.body.id]);
    expect(await list('status=active')).toEqual([two.body.id]);
    expect(await list(`network=${NETWORKS.up.id}`)).toHaveLength(2);
    expect(await list('network=neo3:mainnet')).toEqual([]);
  });

  it('has none of another tenant, and no workspace wallets', async () => {
    const [tenant, neighbour] = [await openTenant(), await openTenant('neighbour')];
    await makeWallet(neighbour);
    const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    await tenant.call('POST /workspace-wallets', { body: { kind: 'evm', address } });
    expect((await tenant.call('GET /wallets')).body.items).toEqual([]);
  });
});
