/** `GET /accounts/{accountId}/gasbank/prices` */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { NETWORK, setPrices } from './metering-under-test.ts';

describe('200', () => {
  it('shows what work costs, and nothing of what is given away in all', async () => {
    const tenant = await openTenant();
    await setPrices({
      execution: '0.5',
      creditsPerGas: '2',
      initialAllocation: { credits: '3', total: '90' },
    });
    const { body, text } = await tenant.call(`GET /gasbank/prices?network=${NETWORK.id}`);
    expect(body).toMatchObject({
      version: 1,
      execution: '0.5',
      fuel: '0',
      creditsPerGas: '2',
      initialCredits: '3',
    });
    expect(text).not.toMatch(/90|operator/);
  });
});

describe('400', () => {
  it('asks for the network', async () => {
    const tenant = await openTenant();
    expect((await tenant.call('GET /gasbank/prices')).status).toBe(400);
  });
});

describe('403', () => {
  it('needs the scope gasbank:read', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['account:read'] });
    const refused = await tenant.call(`GET /gasbank/prices?network=${NETWORK.id}`, { token });
    expect(refused.status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('GET /gasbank/prices?network=neo3:nowhere');
    expect([refused.status, refused.body.code]).toEqual([404, 'chain.network_unknown']);
  });
});
