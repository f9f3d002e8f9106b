/** `GET /accounts/{accountId}/gasbank/credits` */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { creditsOf, grant, NETWORK, order } from './metering-under-test.ts';

describe('200', () => {
  it('is nothing before any came', async () => {
    expect(await creditsOf(await openTenant())).toEqual({
      network: NETWORK.id,
      available: '0',
      reserved: '0',
      spent: '0',
      issued: '0',
    });
  });

  it('shows what is free, put aside and spent of what was issued', async () => {
    const tenant = await openTenant();
    await grant(tenant, '5');
    const paid = { owner: 'executions', fund: 'main', budgets: [], source: 'credits' } as const;
    const purpose = 'functions.execution';
    await order(tenant, { ...paid, kind: 'spend', id: 'a', amount: 50_000_000n, purpose });
    const until = { kind: 'timed', forMs: 60_000 } as const;
    await order(tenant, {
      ...paid,
      kind: 'reserve',
      id: 'b',
      amount: 100_000_000n,
      until,
      purpose,
    });
    expect(await creditsOf(tenant)).toMatchObject({
      available: '3.5',
      reserved: '1',
      spent: '0.5',
      issued: '5',
    });
  });
});

describe('403', () => {
  it('needs the scope gasbank:read', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['account:read'] });
    const path = `GET /gasbank/credits?network=${NETWORK.id}`;
    expect((await tenant.call(path, { token })).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    const refused = await (await openTenant()).call('GET /gasbank/credits?network=neo3:nowhere');
    expect([refused.status, refused.body.code]).toEqual([404, 'chain.network_unknown']);
  });
});
