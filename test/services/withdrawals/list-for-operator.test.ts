/** `GET /operator/gasbank/withdrawals`. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { fund, GAS, openPaying, pass, setRow, withdrawn } from './withdrawals-under-test.ts';

describe('200', () => {
  it('lists those of all accounts, and dead letters by their status', async () => {
    const paying = await openPaying();
    const other = await fund(await openTenant('other'), 5n * GAS);
    const one = await withdrawn(paying, { amount: '1' });
    pass(1);
    const two = await withdrawn(other, { amount: '1' });
    const list = async (query = '') =>
      (await call(`GET /operator/gasbank/withdrawals${query}`)).body.items;
    expect(await list()).toMatchObject([
      { id: two, accountId: other.tenant.accountId },
      { id: one, accountId: paying.tenant.accountId },
    ]);
    expect(await list('?status=dead_letter')).toEqual([]);
    await setRow(one, "status = 'dead_letter'");
    expect(await list('?status=dead_letter&network=neo3:private')).toMatchObject([{ id: one }]);
  });
});
