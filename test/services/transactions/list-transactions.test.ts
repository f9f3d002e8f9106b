/** `GET /accounts/{accountId}/transactions`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, openFunded, openProposing, pass } from './transactions-under-test.ts';

const idsOf = (called: { readonly body: { readonly items: readonly { readonly id: string }[] } }) =>
  called.body.items.map(({ id }) => id);

describe('200', () => {
  it('lists newest first, by status, wallet and network', async () => {
    const proposing = await openProposing(2);
    const { tenant } = proposing;
    const proposed = (await created(proposing)).body.id;
    const free = await openFunded(undefined, tenant);
    pass(1);
    const sending = (await created(free)).body.id;
    const list = (query = '') => tenant.call(`GET /transactions${query}`);
    expect(idsOf(await list())).toEqual([sending, proposed]);
    expect(idsOf(await list('?status=proposed'))).toEqual([proposed]);
    expect(idsOf(await list('?status=disputed'))).toEqual([]);
    expect(idsOf(await list(`?walletId=${free.walletId}`))).toEqual([sending]);
    expect(idsOf(await list('?network=neo3:private&limit=1'))).toEqual([sending]);
    expect(idsOf(await list('?network=neo3:mainnet'))).toEqual([]);
  });

  it('shows nothing of another account', async () => {
    const proposing = await openProposing(2);
    await created(proposing);
    const stranger = await openTenant('stranger');
    expect(idsOf(await stranger.call('GET /transactions'))).toEqual([]);
  });
});

describe('400', () => {
  it.each(['status=lost', 'walletId=wal_1', 'network=mainnet', 'cursor=!'])(
    'refuses ?%s',
    async (query) => {
      const refused = await (await openTenant()).call(`GET /transactions?${query}`);
      expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    },
  );
});
