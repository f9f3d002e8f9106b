/** `POST /accounts/{accountId}/gasbank/reservations`: GAS put aside, for a time. */
import { describe, expect, it } from 'vitest';
import { openFunded, openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { stopClock } from '../../support/time.ts';
import { fillBook } from './full-book.ts';
import { ABSENT, balanceOf, reservationPath, reserve } from './gas-under-test.ts';

describe('201', () => {
  it('puts the amount aside until its time is over, whether an alarm came or not', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    const made = await reserve(tenant, account, { amount: '2' });
    expect(made.body).toMatchObject({
      id: 'job-1',
      service: 'reservations',
      gasAccountId: account.body.id,
      amount: '2',
      purpose: 'reservations.work',
      state: 'held',
    });
    expect(Date.parse(made.body.expiresAt) - Date.parse(made.body.createdAt)).toBe(60_000);
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '3', reserved: '2' });
    clock.pass(60_000);
    const { body } = await tenant.call(`GET ${reservationPath()}`);
    expect(body).toMatchObject({ state: 'expired', endedAt: made.body.expiresAt });
  });

  it('does it once for its id, and answers the same after it has ended', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    const made = await reserve(tenant, account);
    await tenant.call(`POST ${reservationPath()}/release`);
    expect((await reserve(tenant, account)).body).toEqual(made.body);
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '5', reserved: '0' });
  });
});

describe('400', () => {
  it.each([
    ['a purpose in capitals', { purpose: 'Work' }, '/purpose'],
    ['a purpose that is another service’s', { purpose: 'sponsorships.fee' }, '/purpose'],
    ['a purpose that is too long', { purpose: 'w'.repeat(49) }, '/purpose'],
    ['no time at all', { expiresInSeconds: 0 }, '/expiresInSeconds'],
    ['part of a second', { expiresInSeconds: 1.5 }, '/expiresInSeconds'],
    ['more than 30 days', { expiresInSeconds: 2_592_001 }, '/expiresInSeconds'],
    ['an id of a capture', { id: 'capture:job-1' }, '/id'],
  ])('refuses %s', async (_, fields, pointer) => {
    const tenant = await openTenant();
    const refused = await reserve(tenant, await openFunded(tenant, '5'), fields);
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer }] } });
  });
});

describe('402', () => {
  it('puts aside nothing twice, and keeps the minimum balance', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5', { minimumBalance: '1' });
    await reserve(tenant, account, { amount: '3' });
    const refused = await reserve(tenant, account, { id: 'job-2', amount: '1.00000001' });
    expect(refused).toMatchObject({ status: 402, body: { limit: 1e8 } });
  });
});

describe('403', () => {
  it('counts what is held against the daily limit, and gives back what was not taken', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5', { dailyLimit: '2' });
    await reserve(tenant, account, { amount: '2' });
    const refused = await reserve(tenant, account, { id: 'job-2', amount: '0.00000001' });
    expect(refused.body.code).toBe('gasbank.budget_exceeded');
    await tenant.call(`POST ${reservationPath()}/capture`, { body: { amount: '0.5' } });
    expect((await reserve(tenant, account, { id: 'job-3', amount: '1.5' })).status).toBe(201);
  });
});

describe('404', () => {
  it('knows only gas accounts of this account', async () => {
    const tenant = await openTenant();
    const stranger = await openGasAccount(await openTenant());
    for (const gasAccountId of [stranger.body.id, ABSENT]) {
      const refused = await reserve(tenant, stranger, { gasAccountId });
      expect(refused.body).toMatchObject({ code: 'gasbank.fund_not_found', detail: gasAccountId });
    }
  });
});

describe('409', () => {
  it('takes an id for one thing', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    const other = await reserve(tenant, account, { amount: '2' });
    expect(other.body.code).toBe('gasbank.command_conflict');
  });
});

describe('429', () => {
  it('puts nothing aside in a book that is full, and still ends what is open', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    await fillBook(tenant);
    expect((await reserve(tenant, account, { id: 'late' })).body.code).toBe('gasbank.full');
    expect((await tenant.call(`POST ${reservationPath()}/release`)).status).toBe(200);
  });
});
