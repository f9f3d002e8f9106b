/** Low balances: told once for each fall, topped up by rule, and never in a ring or past a cap. */
import { describe, expect, it, vi } from 'vitest';
import { deposit, openFunded, openGasAccount } from '../../support/gas-account.ts';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { stopClock } from '../../support/time.ts';
import {
  availableOf,
  eventsOf,
  MINUTE_MS,
  pathOf,
  reserve,
  sweepGas,
  transfer,
} from './gas-under-test.ts';

const LOW = 'gasbank.low_balance';

async function told(tenant: Tenant, type: string, count: number) {
  await vi.waitFor(async () => expect(await eventsOf(tenant, type)).toHaveLength(count));
  return eventsOf(tenant, type);
}

describe('a low balance', () => {
  it('is told after the spending that made it low, once, and again after it had recovered', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5', { lowBalance: '4' });
    await reserve(tenant, account, { id: 'a' });
    expect(await eventsOf(tenant, LOW), 'at the threshold').toEqual([]);
    await reserve(tenant, account, { id: 'b' });
    const [event] = await told(tenant, LOW, 1);
    expect(event).toMatchObject({
      subject: `gasbank/gas-accounts/${account.body.id}`,
      data: { gasAccountId: account.body.id, available: '3', lowBalance: '4' },
    });
    await reserve(tenant, account, { id: 'c' });
    clock.pass(MINUTE_MS);
    await sweepGas();
    await told(tenant, LOW, 1);
    await deposit(tenant, '3');
    clock.pass(MINUTE_MS);
    await sweepGas();
    await reserve(tenant, account, { id: 'd', amount: '2' });
    await told(tenant, LOW, 2);
  });

  it('is told by the sweep when nobody noticed it, and by one of many', async () => {
    const tenant = await openTenant();
    await openFunded(tenant, '1', { lowBalance: '2' });
    await Promise.all([sweepGas(), sweepGas(), sweepGas()]);
    await told(tenant, LOW, 1);
  });

  it('is told again for a threshold that was taken away and set again', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '1', { lowBalance: '2' });
    await sweepGas();
    await told(tenant, LOW, 1);
    for (const lowBalance of [null, '2'])
      await tenant.call(`PATCH ${pathOf(account)}`, { body: { lowBalance } });
    await sweepGas();
    await told(tenant, LOW, 2);
  });

  it('is not looked for where no threshold is', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '1');
    await reserve(tenant, account);
    await sweepGas();
    expect(await eventsOf(tenant, LOW)).toEqual([]);
  });
});

describe('a top-up', () => {
  const RULE = { amount: '2', perDay: '5' };

  async function openRule(tenant: Tenant, rule: object = {}, source: object = {}) {
    const from = await openFunded(tenant, '20', source);
    const topUp = { fromGasAccountId: from.body.id, ...RULE, ...rule };
    const hot = await openGasAccount(tenant, { name: 'hot', lowBalance: '1', topUp });
    return [from, hot] as const;
  }
  const amounts = (tenant: Tenant, accounts: readonly Called[]) =>
    Promise.all(accounts.map((one) => availableOf(tenant, one)));

  it('fills it by its rule, once a minute and up to its cap a day, however many look', async () => {
    const clock = stopClock(Date.UTC(2027, 0, 1, 12));
    const tenant = await openTenant();
    const pair = await openRule(tenant);
    await Promise.all([sweepGas(), sweepGas()]);
    expect(await amounts(tenant, pair)).toEqual(['18', '2']);
    const empty = async (id: string) => {
      clock.pass(15 * MINUTE_MS);
      await transfer(tenant, [pair[1], pair[0]], { id, amount: '2' });
      await sweepGas();
    };
    await empty('a');
    expect(await amounts(tenant, pair)).toEqual(['18', '2']);
    await empty('b');
    expect(await amounts(tenant, pair), 'a third would pass 5 a day').toEqual(['20', '0']);
    const [low] = await told(tenant, LOW, 1);
    expect(low.data.topUpRefusal).toBe('gasbank.budget_exceeded');
    clock.pass(12 * 60 * MINUTE_MS);
    await sweepGas();
    expect(await amounts(tenant, pair), 'the next day').toEqual(['18', '2']);
    await told(tenant, 'gasbank.topped_up', 3);
    const log = await tenant.call('GET /audit?operation=gasbank.topUp');
    expect(log.body.items).toHaveLength(3);
  });

  it('keeps what binds its source', async () => {
    const tenant = await openTenant();
    const pair = await openRule(tenant, {}, { minimumBalance: '18.00000001' });
    await sweepGas();
    expect(await amounts(tenant, pair)).toEqual(['20', '0']);
    const [low] = await told(tenant, LOW, 1);
    expect(low.data.topUpRefusal).toBe('gasbank.insufficient_funds');
    const other = await openTenant();
    const limited = await openRule(other, {}, { dailyLimit: '1.99999999' });
    await sweepGas();
    expect(await amounts(other, limited)).toEqual(['20', '0']);
  });

  it('tells of its source what a spending tells', async () => {
    const tenant = await openTenant();
    const [from] = await openRule(tenant, {}, { lowBalance: '19' });
    await sweepGas();
    const [low] = await told(tenant, LOW, 1);
    expect(low.data).toMatchObject({ gasAccountId: from.body.id, available: '18' });
  });

  it('ends with its source', async () => {
    const tenant = await openTenant();
    await openGasAccount(tenant);
    const source = await openGasAccount(tenant, { name: 'source' });
    const topUp = { fromGasAccountId: source.body.id, ...RULE };
    await openGasAccount(tenant, { name: 'hot', lowBalance: '1', topUp });
    await tenant.call(`POST ${pathOf(source)}/close`);
    await sweepGas();
    const [low] = await told(tenant, LOW, 1);
    expect(low.data.topUpRefusal).toBe('gasbank.fund_not_found');
  });
});
