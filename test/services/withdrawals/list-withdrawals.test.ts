/** `GET /gasbank/withdrawals`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { openPaying, pass, withdrawn } from './withdrawals-under-test.ts';

describe('200', () => {
  it('lists the newest first, by status and gas account, and none of others', async () => {
    const paying = await openPaying();
    const { tenant, gasAccountId } = paying;
    const one = await withdrawn(paying, { amount: '1' });
    paying.chain.isPaused = true;
    // Ids sort by the millisecond.
    pass(1);
    const two = await withdrawn(paying, { id: 'payout-2', amount: '1' });
    const idsOf = async (query: string) =>
      (await tenant.call(`GET /gasbank/withdrawals${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await idsOf('')).toEqual([two, one]);
    expect(await idsOf('?status=ready')).toEqual([two]);
    expect(await idsOf(`?gasAccountId=${gasAccountId}&network=neo3:private`)).toEqual([two, one]);
    expect(await idsOf('?network=neo3:other')).toEqual([]);
    const stranger = await openTenant('stranger');
    expect((await stranger.call('GET /gasbank/withdrawals')).body.items).toEqual([]);
  });
});
