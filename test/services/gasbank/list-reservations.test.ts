/** `GET /accounts/{accountId}/gasbank/reservations`: all that is put aside, whoever did it. */
import { describe, expect, it } from 'vitest';
import { bookOf, openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { NETWORK, onTwoNetworks, reservationPath, reserve } from './gas-under-test.ts';

describe('200', () => {
  it('lists what is open of every service, and nothing that has ended', async () => {
    const tenant = onTwoNetworks(await openTenant());
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    await reserve(tenant, account, { id: 'job-2' });
    await tenant.call(`POST ${reservationPath('job-2')}/release`);
    await bookOf(tenant.accountId).execute({
      book: { magic: NETWORKS.up.magic, owner: tenant.accountId },
      command: {
        kind: 'reserve',
        owner: 'sponsorships',
        id: 'spn-1',
        fund: 'main',
        amount: 7n,
        source: 'gas',
        until: { kind: 'chain' },
        purpose: 'sponsorships.fee',
        budgets: [],
      },
    });
    const { body } = await tenant.call(`GET /gasbank/reservations?network=${NETWORK}`);
    expect(body.items).toMatchObject([
      { id: 'spn-1', service: 'sponsorships', amount: '0.00000007', expiresAt: null },
      { id: 'job-1', service: 'reservations', gasAccountId: account.body.id, state: 'held' },
    ]);
    const other = await tenant.call(`GET /gasbank/reservations?network=${NETWORKS.down.id}`);
    expect(other.body.items).toEqual([]);
  });
});

describe('404', () => {
  it('knows only networks of this deployment', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('GET /gasbank/reservations?network=neo3:elsewhere');
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});
