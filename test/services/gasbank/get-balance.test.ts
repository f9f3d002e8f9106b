/** `GET /accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/balance`: now, or as it once was. */
import { describe, expect, it } from 'vitest';
import { bookOf, datoshi, deposit, openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { balanceOf, MINUTE_MS, pathOf, reserve } from './gas-under-test.ts';

describe('200', () => {
  it('tells what is free, held and on its way, and the credits of the book', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    const book = { magic: NETWORKS.up.magic, owner: tenant.accountId };
    await reserve(tenant, account, { amount: '1.5' });
    await bookOf(tenant.accountId).execute({
      book,
      command: { kind: 'allocate', owner: 'credits', id: 'gift', amount: 25n, budgets: [] },
    });
    expect(await balanceOf(tenant, account)).toMatchObject({
      sequence: 3,
      available: '3.5',
      reserved: '1.5',
      inTransit: '0',
      credits: { available: '0.00000025', reserved: '0' },
    });
  });

  it('tells what it was at any time, and now for a time to come', async () => {
    const clock = stopClock(Date.now() + 60 * MINUTE_MS);
    const tenant = await openTenant();
    const start = Date.now();
    const account = await openFunded(tenant, '5');
    clock.pass(MINUTE_MS);
    await deposit(tenant, '1');
    const at = async (time: number) => {
      const text = new Date(time).toISOString();
      return (await tenant.call(`GET ${pathOf(account)}/balance?at=${text}`)).body;
    };
    expect(await at(start - 1)).toMatchObject({ available: '0', sequence: 0 });
    expect(await at(start + MINUTE_MS - 1)).toMatchObject({ available: '5', sequence: 1 });
    expect(await at(start + MINUTE_MS)).toMatchObject({ available: '6', sequence: 2 });
    const later = await at(start + 9 * MINUTE_MS);
    expect(later).toMatchObject({ available: '6', at: new Date(Date.now()).toISOString() });
    const ago = await tenant.call(`GET ${pathOf(account)}/balance?at=0001-01-01T00:00:00Z`);
    expect(ago.body).toMatchObject({ available: '0', at: '1970-01-01T00:00:00.000Z' });
  });

  it('shows the largest amount that a book can have to its last digit', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '90071992.54740991');
    expect((await balanceOf(tenant, account)).available).toBe('90071992.54740991');
    expect(datoshi('90071992.54740991')).toBe(BigInt(Number.MAX_SAFE_INTEGER));
  });
});
