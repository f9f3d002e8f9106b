/** `GET /accounts/{accountId}/gasbank/reservations/{network}/{reservationId}`. */
import { describe, expect, it } from 'vitest';
import { openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { onTwoNetworks, reservationPath, reserve } from './gas-under-test.ts';

describe('200', () => {
  it('shows it open and ended', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    const made = await reserve(tenant, account);
    expect((await tenant.call(`GET ${reservationPath()}`)).body).toEqual(made.body);
    const ended = await tenant.call(`POST ${reservationPath()}/capture`, { body: {} });
    expect((await tenant.call(`GET ${reservationPath()}`)).body).toEqual(ended.body);
  });
});

describe('404', () => {
  it('M1: is not on another network, and not on one there is not', async () => {
    const tenant = onTwoNetworks(await openTenant());
    await reserve(tenant, await openFunded(tenant, '5'));
    const elsewhere = await tenant.call(`GET ${reservationPath('job-1', NETWORKS.down.id)}`);
    expect(elsewhere.body.code).toBe('request.not_found');
    const nowhere = await tenant.call(`GET ${reservationPath('job-1', 'neo3:elsewhere')}`);
    expect(nowhere.body.code).toBe('chain.network_unknown');
  });
});
