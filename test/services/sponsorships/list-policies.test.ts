/** `GET .../sponsorship-policies`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { stopClock } from '../../support/time.ts';
import { addPolicy, pass } from './sponsorships-under-test.ts';

describe('200', () => {
  it('lists those of the account, newest first, of one network where it is named', async () => {
    stopClock(Date.now());
    const tenant = await openTenant();
    const gasAccountId = (await openGasAccount(tenant, { name: 'fees' })).body.id;
    const first = await addPolicy(tenant, gasAccountId);
    pass(1);
    const second = await addPolicy(tenant, gasAccountId);
    const idsOf = async (query: string) => {
      const page = await tenant.call(`GET /gasbank/sponsorship-policies${query}`);
      return (page.body.items as { id: string }[]).map(({ id }) => id);
    };
    expect(await idsOf('')).toEqual([second, first]);
    expect(await idsOf('?network=neo3%3Aprivate')).toEqual([second, first]);
    expect(await idsOf('?network=neo3%3Aother')).toEqual([]);
  });

  it('shows nothing of another account', async () => {
    const tenant = await openTenant();
    await addPolicy(tenant, (await openGasAccount(tenant, { name: 'fees' })).body.id);
    const stranger = await openTenant('stranger');
    expect((await stranger.call('GET /gasbank/sponsorship-policies')).body.items).toEqual([]);
  });
});

describe('400', () => {
  it('refuses a cursor of its own making', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('GET /gasbank/sponsorship-policies?cursor=*');
    expect(refused.status).toBe(400);
  });
});
