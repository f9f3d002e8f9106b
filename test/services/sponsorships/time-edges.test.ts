/** Sponsorships at the very millisecond at which something ends, and a millisecond before. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { formatGas } from '../../../worker/core/money.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import {
  addPolicy,
  balancesOf,
  bookOf,
  create,
  DATOSHI,
  openSponsoring,
  pass,
  prepared,
  rowOf,
  sign,
  transactionOf,
  transferBy,
} from './sponsorships-under-test.ts';

const DAY_MS = 86_400_000;
const WIDE = { openMax: 100, openPerSignerMax: 100 };

/** A millisecond before the UTC day ends. */
const toEndOfDay = (): void => {
  vi.setSystemTime((Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS - 1);
};

describe('the time to sign', () => {
  it.each([
    ['a millisecond before its end', 1, 200],
    ['at its end', 0, 409],
  ])('M7: %s', async (_when, before, status) => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    vi.setSystemTime(Date.parse(made.body.expiresAt) - before);
    const answered = await sign(sponsoring, made);
    expect(answered.status, answered.text).toBe(status);
    const { available, reserved } = await balancesOf(sponsoring.tenant);
    expect(available + reserved).toBe(10n * DATOSHI);
    if (status === 409) expect(await rowOf(made.body.id)).toMatchObject({ invocation: null });
  });
});

describe('the day of a budget', () => {
  async function openTight() {
    const sponsoring = await openSponsoring(WIDE);
    const { systemFee, networkFee } = transactionOf(await prepared(sponsoring));
    const cost = systemFee + networkFee;
    const policyId = await addPolicy(sponsoring.tenant, sponsoring.gasAccountId, {
      ...WIDE,
      perDay: formatGas(cost),
    });
    return { ...sponsoring, policyId, cost };
  }

  it('M22: is spent to its last millisecond, and another one begins with the next', async () => {
    const sponsoring = await openTight();
    toEndOfDay();
    expect((await create(sponsoring)).status).toBe(201);
    expect((await create(sponsoring)).body.code).toBe('gasbank.budget_exceeded');
    pass(1);
    expect((await create(sponsoring)).status).toBe(201);
    expect((await create(sponsoring)).body.code).toBe('gasbank.budget_exceeded');
  });

  it('M22: gives the day that came nothing back of what was held the day before', async () => {
    const sponsoring = await openTight();
    toEndOfDay();
    const { expiresAt } = (await prepared(sponsoring)).body;
    vi.setSystemTime(Date.parse(expiresAt) - 1);
    expect((await create(sponsoring)).status).toBe(201);
    pass(1);
    await runDurableObjectAlarm(bookOf(sponsoring.tenant));
    // Only the second one is still held, and it fills its day.
    expect((await balancesOf(sponsoring.tenant)).reserved).toBe(sponsoring.cost);
    expect((await create(sponsoring)).body.code).toBe('gasbank.budget_exceeded');
  });
});

describe('the session of a signer', () => {
  it.each([
    ['a millisecond before its end', 1, 201],
    ['at its end', 0, 403],
  ])('M22: %s', async (_when, before, status) => {
    const sponsoring = await openSponsoring({ requiresUserSession: true });
    const wallet = createNeoWallet();
    const path = `POST /gasbank/sponsorship-policies/${sponsoring.policyId}`;
    const { tenant } = sponsoring;
    const { address } = wallet;
    const asked = await tenant.call(`${path}/user-challenges`, { body: { address } });
    const opened = await tenant.call(`${path}/user-sessions`, { body: wallet.answer(asked.body) });
    const { token: userSession, expiresAt } = opened.body;
    vi.setSystemTime(Date.parse(expiresAt) - before);
    const calls = [transferBy(wallet.scriptHash)];
    expect((await create(sponsoring, { signer: address, calls, userSession })).status).toBe(status);
  });
});
