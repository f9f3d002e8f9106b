/** `POST /accounts/{accountId}/gasbank/credits/purchases` */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import {
  type Books,
  booksThatDie,
  creditsOf,
  deposit,
  FULL_BOOKS,
  mainOf,
  NETWORK,
  openGasAccount,
  order,
  rows,
  setPrices,
  sweep,
  usageOf,
} from './metering-under-test.ts';

const PATH = '/gasbank/credits/purchases';

async function openBuyer(fields: Parameters<typeof openGasAccount>[1] = {}) {
  const tenant = await openTenant();
  const { gasAccountId } = await openGasAccount(tenant, fields);
  await deposit(tenant, 1_000_000_000n);
  await setPrices({ creditsPerGas: '2.5' });
  return { tenant, body: { id: 'november', gasAccountId, amount: '4' } };
}

const buy = (tenant: Tenant, body: object, options: object = {}) =>
  tenant.call(`POST ${PATH}`, { body, ...options });
const buyWith = (ACCOUNT_LEDGER: Books, tenant: Tenant, body: object) =>
  callAltered({ ACCOUNT_LEDGER }, `POST /accounts/${tenant.accountId}${PATH}`, {
    token: tenant.key,
    body,
  });

describe('201', () => {
  it('takes the GAS and gives credits at the posted rate', async () => {
    const { tenant, body } = await openBuyer();
    const bought = await buy(tenant, body);
    expect(bought.status, bought.text).toBe(201);
    expect(bought.body).toMatchObject({
      ...body,
      network: NETWORK.id,
      credits: '10',
      creditsPerGas: '2.5',
      priceVersion: 1,
    });
    expect(await mainOf(tenant)).toBe(600_000_000n);
    expect(await creditsOf(tenant)).toMatchObject({ available: '10', issued: '10' });
    expect(await usageOf(tenant)).toMatchObject([{ purpose: 'credits', gas: 400_000_000n }]);
  });

  it('M17: keeps its rate, whatever the list says when it is asked again', async () => {
    const { tenant, body } = await openBuyer();
    const bought = await buy(tenant, body);
    await setPrices({ creditsPerGas: '100' });
    expect((await buy(tenant, body)).body).toEqual(bought.body);
    await setPrices({ creditsPerGas: null });
    expect((await buy(tenant, body)).body).toEqual(bought.body);
    expect(await creditsOf(tenant)).toMatchObject({ issued: '10' });
    expect(await mainOf(tenant)).toBe(600_000_000n);
  });

  it('M17: reserves no rate for a day with money', async () => {
    const { tenant, body } = await openBuyer();
    await setPrices({ creditsPerGas: '1000' });
    const dear = { ...body, amount: '40' };
    expect((await buy(tenant, dear)).status).toBe(402);
    await setPrices({ creditsPerGas: '1' });
    await deposit(tenant, 9_000_000_000n);
    expect((await buy(tenant, dear)).body).toMatchObject({ credits: '40', priceVersion: 3 });
  });

  it('tells of a low balance that it brings about', async () => {
    const { tenant, body } = await openBuyer({ lowBalance: 700_000_000 });
    await buy(tenant, body);
    const { items } = (await tenant.call('GET /events')).body;
    expect(items).toMatchObject([{ type: 'gasbank.low_balance', data: { available: '6' } }]);
  });

  it.each(['before', 'after'] as const)(
    'is finished once, at its own rate, when its request died %s the book heard of it',
    async (when) => {
      const { tenant, body } = await openBuyer();
      expect((await buyWith(booksThatDie(when, ['buy_credits']), tenant, body)).status).toBe(500);
      await setPrices({ creditsPerGas: '1' });
      for (let again = 0; again < 2; again += 1) await sweep({ now: Date.now() + 61_000 });
      expect(await creditsOf(tenant)).toMatchObject({ issued: '10' });
      expect((await buy(tenant, body)).body).toMatchObject({ credits: '10', priceVersion: 1 });
      const { items } = (await tenant.call('GET /audit?operation=metering.buyCredits')).body;
      expect(items).toMatchObject([{ details: { amount: '4', creditsPerGas: '2.5' } }]);
    },
  );

  it('is one purchase when it is asked for many times at once', async () => {
    const { tenant, body } = await openBuyer();
    const all = await Promise.all(Array.from({ length: 8 }, () => buy(tenant, body)));
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(await creditsOf(tenant)).toMatchObject({ issued: '10' });
  });
});

describe('400', () => {
  it.each(['0', '-1', '1.123456789', '1e2', '90071993'])(
    'refuses the amount %s',
    async (amount) => {
      const { tenant, body } = await openBuyer();
      const refused = await buy(tenant, { ...body, amount });
      expect([refused.status, refused.body.fields[0].pointer]).toEqual([400, '/amount']);
    },
  );
});

describe('402', () => {
  it('refuses what is not there, and what has to stay', async () => {
    const { tenant, body } = await openBuyer({ minimumBalance: 700_000_000 });
    const refused = await buy(tenant, body);
    expect(refused.body).toMatchObject({
      status: 402,
      code: 'gasbank.insufficient_funds',
      limit: 300_000_000,
      observed: 400_000_000,
    });
    expect(await rows('SELECT * FROM credit_orders')).toEqual([]);
    expect((await buy(tenant, { ...body, amount: '3' })).status).toBe(201);
  });
});

describe('403', () => {
  it('keeps the daily limit of the gas account', async () => {
    const { tenant, body } = await openBuyer({ dailyLimit: 500_000_000 });
    expect((await buy(tenant, body)).status).toBe(201);
    const refused = await buy(tenant, { ...body, id: 'more' });
    expect([refused.status, refused.body.code]).toEqual([403, 'gasbank.budget_exceeded']);
  });

  it('is not for who may only read', async () => {
    const { tenant, body } = await openBuyer();
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    expect((await buy(tenant, body, { token })).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a gas account of another account as if there were none', async () => {
    const { body } = await openBuyer();
    const refused = await buy(await openTenant('stranger'), body);
    expect([refused.status, refused.body.code]).toEqual([404, 'gasbank.fund_not_found']);
  });

  it('M1: refuses one whose network has come to mean another chain', async () => {
    const { tenant, body } = await openBuyer();
    await rows('UPDATE gas_accounts SET network_magic = 7');
    expect((await buy(tenant, body)).body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('refuses where none are sold', async () => {
    const { tenant, body } = await openBuyer();
    await setPrices({ creditsPerGas: null });
    const refused = await buy(tenant, body);
    expect([refused.status, refused.body.code]).toEqual([409, 'metering.credits_not_sold']);
  });

  it('refuses other contents under the same id', async () => {
    const { tenant, body } = await openBuyer();
    await buy(tenant, body);
    const refused = await buy(tenant, { ...body, amount: '5' });
    expect([refused.status, refused.body.code]).toEqual([409, 'gasbank.command_conflict']);
    expect(await mainOf(tenant)).toBe(600_000_000n);
  });

  it('refuses a book that is closed', async () => {
    const tenant = await openTenant();
    const { gasAccountId } = await openGasAccount(tenant);
    await setPrices({ creditsPerGas: '1' });
    await order(tenant, { kind: 'close_book', id: 'end', owner: 'accounts' });
    const refused = await buy(tenant, { id: 'late', gasAccountId, amount: '1' });
    expect([refused.status, refused.body.code]).toEqual([409, 'gasbank.book_closed']);
  });
});

describe('422', () => {
  it('refuses what buys no part of a credit', async () => {
    const { tenant, body } = await openBuyer();
    await setPrices({ creditsPerGas: '0.1' });
    const refused = await buy(tenant, { ...body, amount: '0.00000001' });
    expect([refused.status, refused.body.code]).toEqual([422, 'gasbank.command_invalid']);
  });
});

describe('429', () => {
  it('refuses while the book can keep nothing more', async () => {
    const { tenant, body } = await openBuyer();
    const refused = await buyWith(FULL_BOOKS, tenant, body);
    expect([refused.status, refused.body.code]).toEqual([429, 'gasbank.full']);
  });
});
