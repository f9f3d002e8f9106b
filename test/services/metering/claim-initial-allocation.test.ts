/** `POST /accounts/{accountId}/gasbank/credits/initial-allocation` */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call, keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import {
  booksThatDie,
  creditsOf,
  FULL_BOOKS,
  NETWORK,
  order,
  PRICES,
  rows,
  setPrices,
  sweep,
} from './metering-under-test.ts';

const PATH = '/gasbank/credits/initial-allocation';
const body = { network: NETWORK.id };
const claim = (tenant: Tenant, options: object = {}) =>
  tenant.call(`POST ${PATH}`, { body, ...options });
const giveAway = (credits = '2', total = '6') =>
  setPrices({ initialAllocation: { credits, total } });

async function openVerified(wallet = createNeoWallet()) {
  const tenant = await openTenant();
  await addVerified(tenant, wallet);
  return tenant;
}

describe('201', () => {
  it('gives once for an account, and answers the same again', async () => {
    const tenant = await openVerified();
    await giveAway();
    const given = await claim(tenant);
    expect(given.body).toMatchObject({ id: 'initial', amount: '2', reason: null });
    await addVerified(tenant, createNeoWallet());
    await giveAway('5', '90');
    expect((await claim(tenant)).body).toEqual(given.body);
    expect(await creditsOf(tenant)).toMatchObject({ available: '2', issued: '2' });
    const { allocated } = (await call(`GET ${PRICES}?network=${NETWORK.id}`)).body;
    expect(allocated).toBe('2');
  });

  it.each(['before', 'after'] as const)(
    'is finished once by the sweep when its request died %s the book heard of it',
    async (when) => {
      const tenant = await openVerified();
      await giveAway();
      const ACCOUNT_LEDGER = booksThatDie(when, ['allocate']);
      const path = `POST /accounts/${tenant.accountId}${PATH}`;
      const died = await callAltered({ ACCOUNT_LEDGER }, path, { token: tenant.key, body });
      expect(died.status).toBe(500);
      await sweep({ now: Date.now() + 61_000 });
      expect(await creditsOf(tenant)).toMatchObject({ available: '2' });
      expect((await claim(tenant)).status).toBe(201);
      expect(await creditsOf(tenant)).toMatchObject({ available: '2' });
    },
  );
});

describe('403', () => {
  it('is not for who may only read', async () => {
    const tenant = await openVerified();
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    expect((await claim(tenant, { token })).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    const tenant = await openTenant();
    const refused = await claim(tenant, { body: { network: 'neo3:nowhere' } });
    expect([refused.status, refused.body.code]).toEqual([404, 'chain.network_unknown']);
  });
});

describe('409', () => {
  const codeOf = async (tenant: Tenant) => (await claim(tenant)).body.code;

  it('gives nothing unless an operator has turned it on', async () => {
    const tenant = await openVerified();
    expect(await codeOf(tenant)).toBe('metering.allocation_unavailable');
    await setPrices({ execution: '1' });
    expect(await codeOf(tenant)).toBe('metering.allocation_unavailable');
  });

  it('never gives more than the total, to however many at once', async () => {
    await giveAway('2', '5');
    const tenants = await Promise.all(Array.from({ length: 5 }, () => openVerified()));
    const answers = await Promise.all(tenants.map((tenant) => claim(tenant)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(({ body: { code } }) => code))).toEqual(
      new Set(['metering.allocation_unavailable']),
    );
    expect(await rows('SELECT sum(amount) AS total FROM credit_orders')).toEqual([
      { total: 400_000_000 },
    ]);
  });

  it('needs a wallet whose owner has signed', async () => {
    await giveAway();
    const tenant = await openTenant();
    expect(await codeOf(tenant)).toBe('metering.wallet_needed');
    const { address } = createNeoWallet();
    await tenant.call('POST /workspace-wallets', { body: { kind: 'neo', address } });
    expect(await codeOf(tenant)).toBe('metering.wallet_needed');
  });

  it('gives nothing again for a wallet that comes with another account', async () => {
    await giveAway('2', '90');
    const wallet = createNeoWallet();
    const [one, other] = [await openVerified(wallet), await openVerified(wallet)];
    expect((await claim(one)).status).toBe(201);
    expect(await codeOf(other)).toBe('metering.wallet_needed');
    await addVerified(other, createNeoWallet());
    expect((await claim(other)).status).toBe(201);
  });

  it('gives to one of two accounts that come with the same wallet at once', async () => {
    await giveAway('2', '90');
    const wallet = createNeoWallet();
    const both = [await openVerified(wallet), await openVerified(wallet)];
    const answers = await Promise.all(both.map((tenant) => claim(tenant)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it('refuses a book that is closed', async () => {
    const tenant = await openVerified();
    await giveAway();
    await order(tenant, { kind: 'close_book', id: 'end', owner: 'accounts' });
    expect(await codeOf(tenant)).toBe('gasbank.book_closed');
    expect(await rows('SELECT * FROM credit_orders')).toEqual([]);
  });
});

describe('422', () => {
  it('refuses more than a book can count in its life', async () => {
    const tenant = await openVerified();
    await giveAway('1', '1');
    const amount = 9_007_199_254_740_991n;
    await order(tenant, { kind: 'allocate', id: 'all', owner: 'attack', amount, budgets: [] });
    const refused = await claim(tenant);
    expect([refused.status, refused.body.code]).toEqual([422, 'gasbank.command_invalid']);
  });
});

describe('429', () => {
  it('refuses while the book can keep nothing more', async () => {
    const tenant = await openVerified();
    await giveAway();
    const path = `POST /accounts/${tenant.accountId}${PATH}`;
    const options = { token: tenant.key, body };
    const refused = await callAltered({ ACCOUNT_LEDGER: FULL_BOOKS }, path, options);
    expect([refused.status, refused.body.code]).toEqual([429, 'gasbank.full']);
  });
});
