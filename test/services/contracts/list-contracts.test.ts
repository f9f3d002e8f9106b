/** `GET /accounts/{accountId}/contracts` */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { register } from './contracts-under-test.ts';

describe('200', () => {
  it('lists the newest first, page by page', async () => {
    const tenant = await openTenant();
    const made = [await register(tenant, 'token'), await register(tenant, 'workshop')];
    const first = await tenant.call('GET /contracts?limit=1');
    expect(first.body.items).toEqual([made[1]?.body]);
    const second = await tenant.call(`GET /contracts?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toEqual({ items: [made[0]?.body], nextCursor: null });
  });

  it('lists those of one network', async () => {
    const tenant = await openTenant();
    await register(tenant);
    const of = async (network: string) =>
      (await tenant.call(`GET /contracts?network=${network}`)).body.items.length;
    expect([await of(NETWORKS.up.id), await of('neo3:mainnet')]).toEqual([1, 0]);
  });

  it('lists none of another account', async () => {
    await register(await openTenant());
    const stranger = await openTenant('stranger');
    expect((await stranger.call('GET /contracts')).body.items).toEqual([]);
  });

  it('stays small, whatever authors wrote', async () => {
    const tenant = await openTenant();
    await register(tenant, 'hostile');
    expect((await tenant.call('GET /contracts')).text.length).toBeLessThan(4_096);
  });
});

describe('400', () => {
  it('refuses what is no cursor and no network', async () => {
    const tenant = await openTenant();
    for (const query of ['cursor=x', 'network=mainnet'])
      expect((await tenant.call(`GET /contracts?${query}`)).status).toBe(400);
  });
});
