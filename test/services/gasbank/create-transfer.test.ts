/** `POST /accounts/{accountId}/gasbank/transfers`: once for its id, within what binds the source. */
import { describe, expect, it } from 'vitest';
import { openFunded, openGasAccount } from '../../support/gas-account.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { fillBook } from './full-book.ts';
import { ABSENT, availableOf, onTwoNetworks, pathOf, transfer } from './gas-under-test.ts';

async function openPair(tenant: Tenant, fields: object = {}) {
  const from = await openFunded(tenant, '10', fields);
  const to = await openGasAccount(tenant, { name: 'other' });
  return [from, to] as const;
}

describe('201', () => {
  it('moves the amount, and is in the audit log', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant);
    const moved = await transfer(tenant, pair, { amount: '2.50' });
    expect(moved.body).toMatchObject({ id: 'transfer-1', amount: '2.5', sequence: 2 });
    expect(await Promise.all(pair.map((one) => availableOf(tenant, one)))).toEqual(['7.5', '2.5']);
    const log = await tenant.call('GET /audit?operation=gasbank.createTransfer');
    expect(log.body.items).toMatchObject([{ details: { id: 'transfer-1', amount: '2.5' } }]);
  });

  it('does it once for its id and answers the same, many times at once and long after', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant);
    const answers = await Promise.all(Array.from({ length: 8 }, () => transfer(tenant, pair)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await availableOf(tenant, pair[1])).toBe('1');
    await transfer(tenant, pair, { id: 'transfer-2' });
    expect((await transfer(tenant, pair)).text).toBe(answers[0]?.text);
    expect(await availableOf(tenant, pair[1])).toBe('2');
  });

  it('answers a repetition though the limits were tightened since', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant);
    const first = await transfer(tenant, pair);
    await tenant.call(`PATCH ${pathOf(pair[0])}`, { body: { dailyLimit: '0' } });
    expect((await transfer(tenant, pair)).body).toEqual(first.body);
  });
});

describe('400', () => {
  it('M1: moves nothing between networks, nor to itself', async () => {
    const tenant = onTwoNetworks(await openTenant());
    const [from] = await openPair(tenant);
    const elsewhere = await openGasAccount(tenant, { network: NETWORKS.down.id });
    for (const to of [elsewhere, from]) {
      const refused = await transfer(tenant, [from, to]);
      expect(refused).toMatchObject({
        status: 400,
        body: { fields: [{ pointer: '/toGasAccountId' }] },
      });
    }
    expect(await availableOf(tenant, from)).toBe('10');
  });

  it.each(['', ' ', 'a:b', 'a/b', '-a', 'x'.repeat(81), 'ä'])('takes no id %j', async (id) => {
    const tenant = await openTenant();
    const refused = await transfer(tenant, await openPair(tenant), { id });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer: '/id' }] } });
  });
});

describe('402', () => {
  it('moves no datoshi more than is there beyond the minimum balance', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant, { minimumBalance: '4' });
    const refused = await transfer(tenant, pair, { amount: '6.00000001' });
    expect(refused).toMatchObject({
      status: 402,
      body: { code: 'gasbank.insufficient_funds', limit: 6e8, observed: 6e8 + 1 },
    });
    expect((await transfer(tenant, pair, { amount: '6' })).status).toBe(201);
  });
});

describe('403', () => {
  it('M22: does not pass a daily limit by one datoshi when a hundred come together', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant, { dailyLimit: '0.00000037' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, number) =>
        transfer(tenant, pair, { id: `t-${number}`, amount: '0.00000001' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(37);
    expect(await availableOf(tenant, pair[1])).toBe('0.00000037');
    const refused = answers.find(({ status }) => status !== 201);
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'gasbank.budget_exceeded', detail: 'gas-account:main' },
    });
  });
});

describe('404', () => {
  it('knows only gas accounts of this account', async () => {
    const tenant = await openTenant();
    const [from] = await openPair(tenant);
    const stranger = await openGasAccount(await openTenant());
    for (const to of [stranger.body.id, ABSENT]) {
      const refused = await transfer(tenant, [from, from], { toGasAccountId: to });
      expect(refused).toMatchObject({
        status: 404,
        body: { code: 'gasbank.fund_not_found', detail: to },
      });
      const taken = await transfer(tenant, [from, from], { fromGasAccountId: to });
      expect(taken.body.code).toBe('gasbank.fund_not_found');
    }
  });
});

describe('409', () => {
  it('takes an id for one thing', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant);
    await transfer(tenant, pair);
    const other = await transfer(tenant, pair, { amount: '2' });
    expect(other.body.code).toBe('gasbank.command_conflict');
    const back = await transfer(tenant, [pair[1], pair[0]]);
    expect(back.body.code).toBe('gasbank.command_conflict');
  });
});

describe('429', () => {
  it('begins nothing in a book that is full, and answers what was done before', async () => {
    const tenant = await openTenant();
    const pair = await openPair(tenant);
    const done = await transfer(tenant, pair);
    await fillBook(tenant);
    expect((await transfer(tenant, pair, { id: 'late' })).body.code).toBe('gasbank.full');
    expect((await transfer(tenant, pair)).body).toEqual(done.body);
  });
});
