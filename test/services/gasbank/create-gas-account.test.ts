/** `POST /accounts/{accountId}/gasbank/gas-accounts`: a fund of the book, and what binds it. */
import { describe, expect, it } from 'vitest';
import { bookOf, deposit, openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { ABSENT, availableOf, NETWORK, onTwoNetworks } from './gas-under-test.ts';

describe('201', () => {
  it('opens `main` unless another name is given, with what binds it in the shortest form', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, {
      label: 'fees',
      minimumBalance: '0.50',
      dailyLimit: '0',
      lowBalance: '2.0',
    });
    expect(opened.body).toMatchObject({
      network: NETWORK,
      networkMagic: NETWORKS.up.magic,
      name: 'main',
      label: 'fees',
      status: 'open',
      minimumBalance: '0.5',
      dailyLimit: '0',
      lowBalance: '2',
      topUp: null,
    });
    expect(opened.headers.get('etag')).toBe('"r1"');
    const log = await tenant.call('GET /audit?operation=gasbank.createGasAccount');
    expect(log.body.items).toMatchObject([{ details: { name: 'main', minimumBalance: '0.5' } }]);
  });

  it('opens funds of their own, which hold their own GAS', async () => {
    const tenant = await openTenant();
    const main = await openGasAccount(tenant);
    const trading = await openGasAccount(tenant, { name: 'trading' });
    await deposit(tenant, '3', 'trading');
    expect([await availableOf(tenant, main), await availableOf(tenant, trading)]).toEqual([
      '0',
      '3',
    ]);
  });

  it('M1: keeps the same name on another network apart', async () => {
    const tenant = onTwoNetworks(await openTenant());
    await openGasAccount(tenant);
    await deposit(tenant, '3');
    const other = await openGasAccount(tenant, { network: NETWORKS.down.id });
    expect(other.body).toMatchObject({ name: 'main', networkMagic: NETWORKS.down.magic });
    expect(await availableOf(tenant, other)).toBe('0');
  });

  it('finishes what died between the book and the row', async () => {
    const tenant = await openTenant();
    const { magic } = NETWORKS.up;
    await bookOf(tenant.accountId).execute({
      book: { magic, owner: tenant.accountId },
      command: { kind: 'open', owner: 'gas-accounts', id: 'open:trading', fund: 'trading' },
    });
    expect((await openGasAccount(tenant, { name: 'trading' })).status).toBe(201);
  });

  it('takes a rule whose source has none, on this network', async () => {
    const tenant = await openTenant();
    const source = await openGasAccount(tenant);
    const topUp = { fromGasAccountId: source.body.id, amount: '1', perDay: '10' };
    const opened = await openGasAccount(tenant, { name: 'hot', lowBalance: '1', topUp });
    expect(opened.body.topUp).toEqual(topUp);
  });
});

describe('400', () => {
  it.each([
    ['a name in capitals', { name: 'Main' }, '/name'],
    ['a name that leads elsewhere', { name: '../platform' }, '/name'],
    ['a name of the platform', { name: 'unclaimed:acc_x' }, '/name'],
    ['an empty name', { name: '' }, '/name'],
    ['a rule without a threshold', { topUp: { amount: '1', perDay: '1' } }, '/lowBalance'],
    [
      'a cap below one top-up',
      { lowBalance: '1', topUp: { amount: '2', perDay: '1' } },
      '/topUp/perDay',
    ],
  ])('refuses %s', async (_, fields, pointer) => {
    const tenant = await openTenant();
    const source = await openGasAccount(tenant, { name: 'source' });
    const topUp = 'topUp' in fields && { fromGasAccountId: source.body.id, ...fields.topUp };
    const body = { network: NETWORK, ...fields, ...(topUp ? { topUp } : {}) };
    const refused = await tenant.call('POST /gasbank/gas-accounts', { body });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer }] } });
  });
});

describe('404', () => {
  it('knows only networks of this deployment', async () => {
    const tenant = await openTenant();
    const body = { network: 'neo3:elsewhere' };
    const refused = await tenant.call('POST /gasbank/gas-accounts', { body });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('uses a name once for ever, as what comes late must not be taken for another’s', async () => {
    const tenant = await openTenant();
    const first = await openGasAccount(tenant, { name: 'trading' });
    const body = { network: NETWORK, name: 'trading' };
    const again = () => tenant.call('POST /gasbank/gas-accounts', { body });
    expect((await again()).body.code).toBe('gasbank.fund_exists');
    await tenant.call(`POST /gasbank/gas-accounts/${first.body.id}/close`);
    expect((await again()).body).toMatchObject({ code: 'gasbank.fund_exists', detail: 'trading' });
  });

  it('opens one of two that come together', async () => {
    const tenant = await openTenant();
    const body = { network: NETWORK, name: 'trading' };
    const answers = await Promise.all(
      [1, 2].map(() => tenant.call('POST /gasbank/gas-accounts', { body })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  // The attack: a ring of rules that moves GAS for ever.
  it('takes no rule that could feed itself, nor one from elsewhere', async () => {
    const tenant = onTwoNetworks(await openTenant());
    const source = await openGasAccount(tenant);
    const rule = (fromGasAccountId: string) => ({ fromGasAccountId, amount: '1', perDay: '1' });
    const hot = await openGasAccount(tenant, {
      name: 'hot',
      lowBalance: '1',
      topUp: rule(source.body.id),
    });
    const foreign = await openGasAccount(tenant, { network: NETWORKS.down.id });
    const stranger = await openGasAccount(await openTenant());
    const closed = await openGasAccount(tenant, { name: 'closed' });
    await tenant.call(`POST /gasbank/gas-accounts/${closed.body.id}/close`);
    for (const from of [hot.body.id, foreign.body.id, stranger.body.id, closed.body.id, ABSENT]) {
      const body = { network: NETWORK, name: 'next', lowBalance: '1', topUp: rule(from) };
      const refused = await tenant.call('POST /gasbank/gas-accounts', { body });
      expect(refused, from).toMatchObject({
        status: 409,
        body: { code: 'gasbank.top_up_source' },
      });
    }
  });
});

describe('429', () => {
  it('opens 100 in one book and no more', async () => {
    const tenant = await openTenant();
    const book = { magic: NETWORKS.up.magic, owner: tenant.accountId };
    for (let number = 1; number < 100; number += 1) {
      const fund = `fund-${number}`;
      const command = { kind: 'open', owner: 'gas-accounts', id: `open:${fund}`, fund } as const;
      await bookOf(tenant.accountId).execute({ book, command });
    }
    const body = { network: NETWORK, name: 'one-more' };
    const refused = await tenant.call('POST /gasbank/gas-accounts', { body });
    expect(refused).toMatchObject({ status: 429, body: { code: 'gasbank.full', limit: 100 } });
  });
});
