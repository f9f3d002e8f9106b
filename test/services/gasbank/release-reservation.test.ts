/** `POST .../reservations/{network}/{reservationId}/release`: all of it, once. */
import { describe, expect, it } from 'vitest';
import { openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { balanceOf, reservationPath, reserve } from './gas-under-test.ts';

const release = `POST ${reservationPath()}/release`;

describe('200', () => {
  it('gives all back once, however often it is asked', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    const released = await tenant.call(release);
    expect(released.body).toMatchObject({ state: 'released', amount: '1' });
    expect((await tenant.call(release)).body).toEqual(released.body);
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '5', reserved: '0' });
  });
});

describe('404', () => {
  it('knows only what was put aside here, on a network of this deployment', async () => {
    const tenant = await openTenant();
    expect((await tenant.call(release)).body.code).toBe('request.not_found');
    const path = `POST ${reservationPath('job-1', 'neo3:elsewhere')}/release`;
    expect((await tenant.call(path)).body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('gives nothing back of what was taken, when both come together', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    const answers = await Promise.all([
      tenant.call(`POST ${reservationPath()}/capture`, { body: {} }),
      tenant.call(release),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const isTaken = answers[0].status === 200;
    expect((await balanceOf(tenant, account)).available).toBe(isTaken ? '4' : '5');
  });
});
