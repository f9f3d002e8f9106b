/** `POST /accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/close`: for ever, and empty. */
import { describe, expect, it } from 'vitest';
import { bookOf, deposit, openFunded, openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { availableOf, pathOf, reserve, transfer } from './gas-under-test.ts';

describe('200', () => {
  it('closes an empty one once, however often it is asked', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, { name: 'trading' });
    const closed = await tenant.call(`POST ${pathOf(opened)}/close`);
    expect(closed.body).toMatchObject({ status: 'closed', closedAt: closed.body.updatedAt });
    expect((await tenant.call(`POST ${pathOf(opened)}/close`)).body).toEqual(closed.body);
    const log = await tenant.call('GET /audit?operation=gasbank.closeGasAccount');
    expect(log.body.items).toHaveLength(1);
  });

  it('finds a place in `main` for what comes late', async () => {
    const tenant = await openTenant();
    const main = await openGasAccount(tenant);
    const opened = await openGasAccount(tenant, { name: 'trading' });
    await tenant.call(`POST ${pathOf(opened)}/close`);
    await deposit(tenant, '2', 'trading');
    expect(await availableOf(tenant, main)).toBe('2');
    const late = await transfer(tenant, [main, opened]);
    expect(late.body.code).toBe('gasbank.fund_not_found');
  });

  it('finishes what died between the book and the row', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, { name: 'trading' });
    await bookOf(tenant.accountId).execute({
      book: { magic: NETWORKS.up.magic, owner: tenant.accountId },
      command: { kind: 'close_fund', owner: 'gas-accounts', id: 'close:trading', fund: 'trading' },
    });
    expect((await tenant.call(`POST ${pathOf(opened)}/close`)).body.status).toBe('closed');
  });
});

describe('409', () => {
  it('closes none with GAS in it, be it only held', async () => {
    const tenant = await openTenant();
    const opened = await openFunded(tenant, '1', { name: 'trading' });
    const close = () => tenant.call(`POST ${pathOf(opened)}/close`);
    expect((await close()).body.code).toBe('gasbank.fund_not_empty');
    await reserve(tenant, opened);
    expect((await close()).body.code).toBe('gasbank.fund_not_empty');
    expect((await tenant.call(`GET ${pathOf(opened)}`)).body.status).toBe('open');
  });

  it('keeps `main`, where GAS goes that has no other place', async () => {
    const tenant = await openTenant();
    const main = await openGasAccount(tenant);
    const refused = await tenant.call(`POST ${pathOf(main)}/close`);
    expect(refused.body.code).toBe('gasbank.main_stays');
  });
});
