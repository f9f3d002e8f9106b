/** `GET /accounts/{accountId}/gasbank/billing` */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { closeGasAccount, NETWORK, openGasAccount, setPrices } from './metering-under-test.ts';

const read = (tenant: Tenant) => tenant.call('GET /gasbank/billing');

describe('200', () => {
  it('names nobody while executions cost nothing', async () => {
    const tenant = await openTenant();
    await setPrices({ storage: '1' });
    expect((await read(tenant)).body).toEqual({ gasAccountId: null, payer: null });
  });

  it('names `main` of the first network that has a price, opened or not', async () => {
    const tenant = await openTenant();
    await setPrices({ execution: '1' });
    const payer = { network: NETWORK.id, gasAccountId: null, name: 'main' };
    expect((await read(tenant)).body).toEqual({ gasAccountId: null, payer });
    const { gasAccountId } = await openGasAccount(tenant);
    expect((await read(tenant)).body.payer).toEqual({ ...payer, gasAccountId });
  });

  it('M1: lets nobody escape to a network that is free', async () => {
    const tenant = await openTenant();
    await setPrices({ execution: '1' });
    const free = await openGasAccount(tenant, {
      network: NETWORKS.down.id,
      networkMagic: NETWORKS.down.magic,
    });
    const { gasAccountId } = free;
    await tenant.call('PUT /gasbank/billing', { body: { gasAccountId } });
    expect((await read(tenant)).body).toEqual({
      gasAccountId,
      payer: { network: NETWORK.id, gasAccountId: null, name: 'main' },
    });
  });

  it('falls back to `main` when the chosen one was closed', async () => {
    const tenant = await openTenant();
    await setPrices({ execution: '1' });
    const { gasAccountId } = await openGasAccount(tenant, { fund: 'work' });
    await tenant.call('PUT /gasbank/billing', { body: { gasAccountId } });
    expect((await read(tenant)).body.payer).toMatchObject({ gasAccountId, name: 'work' });
    await closeGasAccount(gasAccountId);
    expect((await read(tenant)).body.payer).toMatchObject({ gasAccountId: null, name: 'main' });
  });
});

describe('403', () => {
  it('needs the scope gasbank:read', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['account:read'] });
    expect((await tenant.call('GET /gasbank/billing', { token })).status).toBe(403);
  });
});
