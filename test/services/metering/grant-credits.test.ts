/** `POST /operator/gasbank/accounts/{accountId}/credits`, and that credits never become GAS. */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../worker/core/ledger/commands.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import {
  bookOf,
  booksThatDie,
  creditsOf,
  deposit,
  FULL_BOOKS,
  grant,
  mainOf,
  NETWORK,
  order,
  rows,
  sweep,
} from './metering-under-test.ts';

const BODY = { id: 'pilot', network: NETWORK.id as string, amount: '25', reason: 'Pilot' };
const pathOf = ({ accountId }: Tenant) => `POST /operator/gasbank/accounts/${accountId}/credits`;
const give = (tenant: Tenant, fields: Partial<typeof BODY> = {}, token?: string) =>
  call(pathOf(tenant), {
    body: { ...BODY, ...fields },
    ...(token === undefined ? {} : { token }),
  });
const auditOf = async (tenant: Tenant) =>
  (await tenant.call('GET /audit?operation=metering.grantCredits')).body.items;

describe('201', () => {
  it('gives them once for an id, and tells the account', async () => {
    const tenant = await openTenant();
    const given = await give(tenant);
    expect(given.body).toMatchObject({
      id: 'pilot',
      accountId: tenant.accountId,
      amount: '25',
      reason: 'Pilot',
    });
    expect((await give(tenant)).body).toEqual(given.body);
    expect(await creditsOf(tenant)).toMatchObject({ available: '25', issued: '25' });
    expect(await auditOf(tenant)).toMatchObject([
      { details: { amount: '25', reason: 'Pilot' }, outcome: 'ok' },
    ]);
  });

  it.each(['before', 'after'] as const)(
    'is finished once by the sweep when its request died %s the book heard of it',
    async (when) => {
      const tenant = await openTenant();
      const ACCOUNT_LEDGER = booksThatDie(when, ['allocate']);
      const died = await callAltered({ ACCOUNT_LEDGER }, pathOf(tenant), { body: BODY });
      expect(died.status).toBe(500);
      await sweep();
      expect(await rows('SELECT booked_at FROM credit_orders')).toEqual([{ booked_at: null }]);
      for (let again = 0; again < 2; again += 1) await sweep({ now: Date.now() + 61_000 });
      expect(await creditsOf(tenant)).toMatchObject({ available: '25' });
      expect(await auditOf(tenant)).toHaveLength(1);
      expect((await give(tenant)).status).toBe(201);
      expect(await creditsOf(tenant)).toMatchObject({ available: '25' });
    },
  );
});

describe('M17: credits', () => {
  const common = { owner: 'attack', fund: 'main', budgets: [], amount: 1n } as const;
  const until = { kind: 'timed', forMs: 60_000 } as const;
  const purpose = 'attack.money';
  const attempts: readonly Command[] = [
    { ...common, kind: 'withdraw', id: 'w', fee: 0n, route: 'vault', until, purpose },
    { ...common, kind: 'reserve', id: 'r', source: 'gas', until, purpose },
    {
      ...common,
      kind: 'reserve',
      id: 'c',
      source: 'credits_first',
      until: { kind: 'chain' },
      purpose,
    },
    { ...common, kind: 'transfer', id: 't', toFund: 'other' },
    { ...common, kind: 'move', id: 'm', to: { owner: 'platform', fund: 'equity' } },
    { ...common, kind: 'buy_credits', id: 'b', creditsPerGas: 100_000_000n },
  ];

  it.each(attempts)('do not become GAS by $kind', async (command) => {
    const tenant = await openTenant();
    await grant(tenant, '1000');
    await order(tenant, { kind: 'open', id: 'other', owner: 'attack', fund: 'other' });
    expect((await order(tenant, command)).ok).toBe(false);
    expect(await creditsOf(tenant)).toMatchObject({ available: '1000', spent: '0' });
  });

  it('leave no GAS behind when a hold of them is bound, captured or given back', async () => {
    const tenant = await openTenant();
    await grant(tenant, '10');
    await deposit(tenant, 5n);
    const hold = { ...common, amount: 100n, source: 'credits_first', until, purpose } as const;
    await order(tenant, { ...hold, kind: 'reserve', id: 'h' });
    const bound = await order(tenant, { kind: 'bind', id: 'bind', owner: 'attack', hold: 'h' });
    expect(bound.ok).toBe(false);
    await order(tenant, { kind: 'capture', id: 'end', owner: 'attack', hold: 'h', amount: 40n });
    expect(await mainOf(tenant)).toBe(5n);
    expect(await creditsOf(tenant)).toMatchObject({ available: '9.9999996', spent: '0.0000004' });
  });
});

describe('403', () => {
  it('is for operators', async () => {
    const tenant = await openTenant();
    expect((await give(tenant, {}, tenant.key)).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network and an account that are not here', async () => {
    const tenant = await openTenant();
    expect((await give(tenant, { network: 'neo3:nowhere' })).body.code).toBe(
      'chain.network_unknown',
    );
    const nobody = { ...tenant, accountId: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs' };
    expect((await give(nobody)).status).toBe(404);
  });
});

describe('409', () => {
  it('refuses other contents under the same id', async () => {
    const tenant = await openTenant();
    await give(tenant);
    const refused = await give(tenant, { amount: '26' });
    expect([refused.status, refused.body.code]).toEqual([409, 'gasbank.command_conflict']);
    expect(await creditsOf(tenant)).toMatchObject({ available: '25' });
  });

  it('refuses a book that is closed, and keeps no row', async () => {
    const tenant = await openTenant();
    await order(tenant, { kind: 'close_book', id: 'end', owner: 'accounts' });
    const refused = await give(tenant);
    expect([refused.status, refused.body.code]).toEqual([409, 'gasbank.book_closed']);
    expect(await rows('SELECT * FROM credit_orders')).toEqual([]);
  });
});

describe('422', () => {
  it('refuses more than a book can count in its life', async () => {
    const tenant = await openTenant();
    await give(tenant, { amount: '90000000' });
    const refused = await give(tenant, { id: 'more', amount: '90000000' });
    expect([refused.status, refused.body.code]).toEqual([422, 'gasbank.command_invalid']);
    expect(await bookOf(tenant).hold('credits', 'grant:more')).toMatchObject({ ok: false });
  });
});

describe('429', () => {
  it('refuses while the book can keep nothing more', async () => {
    const tenant = await openTenant();
    const refused = await callAltered({ ACCOUNT_LEDGER: FULL_BOOKS }, pathOf(tenant), {
      body: BODY,
    });
    expect([refused.status, refused.body.code]).toEqual([429, 'gasbank.full']);
    expect(await rows('SELECT * FROM credit_orders')).toEqual([]);
  });
});
