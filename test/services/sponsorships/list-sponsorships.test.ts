/** `GET .../sponsorships`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { openSponsoring, pass, prepared } from './sponsorships-under-test.ts';

describe('200', () => {
  it('lists those of the account, newest first, by status, policy and network', async () => {
    const sponsoring = await openSponsoring();
    const first = (await prepared(sponsoring)).body.id;
    pass(1);
    const second = (await prepared(sponsoring)).body.id;
    const idsOf = async (query: string) => {
      const page = await sponsoring.tenant.call(`GET /gasbank/sponsorships${query}`);
      return (page.body.items as { id: string }[]).map(({ id }) => id);
    };
    expect(await idsOf('')).toEqual([second, first]);
    expect(await idsOf('?status=prepared')).toEqual([second, first]);
    expect(await idsOf('?status=sending')).toEqual([]);
    expect(await idsOf(`?policyId=${sponsoring.policyId}&limit=1`)).toEqual([second]);
    expect(await idsOf('?network=neo3%3Aother')).toEqual([]);
  });

  it('shows nothing of another account', async () => {
    await prepared(await openSponsoring());
    const stranger = await openTenant('stranger');
    expect((await stranger.call('GET /gasbank/sponsorships')).body.items).toEqual([]);
  });
});

describe('400', () => {
  it('refuses a status that there is not', async () => {
    const tenant = await openTenant();
    expect((await tenant.call('GET /gasbank/sponsorships?status=lost')).status).toBe(400);
  });
});
