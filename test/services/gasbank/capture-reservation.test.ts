/** `POST .../reservations/{network}/{reservationId}/capture`: part or all, once. */
import { describe, expect, it } from 'vitest';
import { bookOf, openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { balanceOf, reservationPath, reserve } from './gas-under-test.ts';

const capture = `POST ${reservationPath()}/capture`;

describe('200', () => {
  it('takes all of it, or the part that is named, and gives the rest back', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    const part = await tenant.call(capture, { body: { amount: '0.25' } });
    expect(part.body).toMatchObject({ state: 'captured', amount: '1' });
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '4.75', reserved: '0' });
    await reserve(tenant, account, { id: 'job-2' });
    await tenant.call(`POST ${reservationPath('job-2')}/capture`, { body: {} });
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '3.75', reserved: '0' });
  });

  it('takes it once, however often and from however many it is asked', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tenant.call(capture, { body: {} })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '4' });
  });
});

describe('404', () => {
  // The attack: the hold of a transaction that is signed is taken away behind its service's back.
  it('M7: ends no hold of another service, by whatever name', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await bookOf(tenant.accountId).execute({
      book: { magic: NETWORKS.up.magic, owner: tenant.accountId },
      command: {
        kind: 'reserve',
        owner: 'sponsorships',
        id: 'job-1',
        fund: 'main',
        amount: 7n,
        source: 'gas',
        until: { kind: 'chain' },
        purpose: 'sponsorships.fee',
        budgets: [],
      },
    });
    for (const end of ['capture', 'release'])
      for (const id of ['job-1', 'sponsorships%2Fjob-1', '..%2Fsponsorships%2Fjob-1'])
        expect(
          (
            await tenant.call(
              `POST ${reservationPath(id)}/${end}`,
              end === 'capture' ? { body: {} } : {},
            )
          ).status,
          id,
        ).toBe(id === 'job-1' ? 404 : 400);
    expect(await balanceOf(tenant, account)).toMatchObject({ reserved: '0.00000007' });
  });

  it('knows only networks of this deployment', async () => {
    const tenant = await openTenant();
    const path = `POST ${reservationPath('job-1', 'neo3:elsewhere')}/capture`;
    expect((await tenant.call(path, { body: {} })).body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('takes nothing of one that was given back, is over, or was taken in another amount', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    await tenant.call(capture, { body: { amount: '0.5' } });
    expect((await tenant.call(capture, { body: {} })).body.code).toBe('gasbank.command_conflict');
    for (const id of ['job-2', 'job-3']) await reserve(tenant, account, { id });
    await tenant.call(`POST ${reservationPath('job-2')}/release`);
    clock.pass(60_000);
    const late = (id: string) => tenant.call(`POST ${reservationPath(id)}/capture`, { body: {} });
    expect((await late('job-2')).body).toMatchObject({
      code: 'gasbank.hold_ended',
      detail: 'released',
    });
    expect((await late('job-3')).body).toMatchObject({
      code: 'gasbank.hold_ended',
      detail: 'expired',
    });
  });
});

describe('422', () => {
  it('takes no datoshi more than is held', async () => {
    const tenant = await openTenant();
    await reserve(tenant, await openFunded(tenant, '5'));
    const refused = await tenant.call(capture, { body: { amount: '1.00000001' } });
    expect(refused.body).toMatchObject({ code: 'gasbank.amount_above_hold', limit: 1e8 });
  });
});
