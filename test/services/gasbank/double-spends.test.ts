/**
 * The same GAS asked for by all that can take it, at once: transfers, reservations, purchases of
 * credits, withdrawals and sponsorships meet in one book, so the money goes out once.
 */
import { describe, expect, it, vi } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { setPrices } from '../metering/metering-under-test.ts';
import {
  type Sponsoring,
  sponsoringOf,
  bodyOf as sponsorshipOf,
} from '../sponsorships/sponsorships-under-test.ts';

const GAS = 100_000_000n;
const DAY_MS = 86_400_000;
const RESOLVER = {
  GASBANK_RESOLVER_URL: 'https://resolver.neo-service-layer.dev/v1/',
  GASBANK_RESOLVER_KEY: 'bearer-of-tests',
  GASBANK_RESOLVER_HMAC_KEY: 'a key of thirty-two characters!!',
  GASBANK_RESOLVER_FEE: '0.2',
};

/** Each takes all there is, but the sponsorship, which leaves too little for any other. */
const KINDS: readonly (readonly [
  string,
  (sponsoring: Sponsoring & { readonly other: string }, id: string) => object,
])[] = [
  [
    'transfers',
    ({ gasAccountId, other }, id) => ({
      id,
      fromGasAccountId: gasAccountId,
      toGasAccountId: other,
      amount: '1',
    }),
  ],
  [
    'reservations',
    ({ gasAccountId }, id) => ({
      id,
      gasAccountId,
      amount: '1',
      purpose: 'work',
      expiresInSeconds: 60,
    }),
  ],
  ['credits/purchases', ({ gasAccountId }, id) => ({ id, gasAccountId, amount: '1' })],
  [
    'withdrawals',
    ({ gasAccountId }, id) => ({ id, gasAccountId, amount: '0.8', to: SMALL_CHAIN.receiver }),
  ],
  ['sponsorships', (sponsoring, id) => sponsorshipOf(sponsoring, { id })],
];

async function open() {
  if (!vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const tenant = await openTenant();
  const other = (await openGasAccount(tenant, { name: 'other' })).body.id;
  const sponsoring = { ...(await sponsoringOf(tenant, {}, GAS)), other };
  await setPrices({ creditsPerGas: '1' });
  const ask = (path: string, body: object) =>
    callAltered(RESOLVER, `POST /accounts/${tenant.accountId}/gasbank/${path}`, {
      token: tenant.key,
      body,
    });
  return { tenant, sponsoring, ask };
}

describe('one GAS', () => {
  it('goes out once, whichever of five kinds and of many requests is the first', async () => {
    const { tenant, sponsoring, ask } = await open();
    const asked = Array.from({ length: 4 }, (_, turn) =>
      KINDS.map(([path, bodyOf]) => ask(path, bodyOf(sponsoring, `${path.slice(0, 4)}-${turn}`))),
    );
    const answers = await Promise.all(asked.flat());
    const taken = answers.filter(({ status }) => status < 300);
    const refused = answers.filter(({ status }) => status >= 300);
    expect(taken.length, JSON.stringify(taken.map(({ body }) => body))).toBeGreaterThan(0);
    for (const { status, body, text } of refused)
      expect([status, body.code], text).toEqual([402, 'gasbank.insufficient_funds']);
    const path = `GET /gasbank/gas-accounts/${sponsoring.gasAccountId}/balance`;
    const { available, reserved } = (await tenant.call(path)).body;
    expect(Number(available)).toBeGreaterThanOrEqual(0);
    // Sponsorships are the only ones that fit in twice; all others ask for the whole.
    const whole = taken.filter(({ body }) => !('policyId' in body));
    expect(whole.length).toBeLessThanOrEqual(1);
    if (whole.length === 1) expect([taken.length, available]).toEqual([1, '0']);
    expect(Number(reserved)).toBeLessThanOrEqual(1);
  });

  it.each(KINDS.filter(([path]) => path !== 'sponsorships'))(
    'is taken once by ten of the same: %s',
    async (path, bodyOf) => {
      const { tenant, sponsoring, ask } = await open();
      const asked = Array.from({ length: 10 }, (_, turn) =>
        ask(path, bodyOf(sponsoring, `id-${turn}`)),
      );
      const answers = await Promise.all(asked);
      const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
      expect(statuses, answers.map(({ text }) => text).join()).toEqual([
        201,
        ...Array.from({ length: 9 }, () => 402),
      ]);
      const at = `GET /gasbank/gas-accounts/${sponsoring.gasAccountId}/balance`;
      expect((await tenant.call(at)).body.available).toBe('0');
    },
  );

  it.each(KINDS)(
    'is taken once under an id, and with another body not at all: %s',
    async (path, bodyOf) => {
      const { tenant, sponsoring, ask } = await open();
      const body = bodyOf(sponsoring, 'the-same');
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(path, body)));
      for (const { status, text } of answers) expect(status, text).toBeLessThan(300);
      const ids = new Set(answers.map(({ body: { id } }) => id));
      expect(ids.size).toBe(1);
      const at = `GET /gasbank/gas-accounts/${sponsoring.gasAccountId}/balance`;
      const { available } = (await tenant.call(at)).body;
      const changed = 'calls' in body ? { ...body, endUser: 'another' } : { ...body, ...OTHER };
      const refused = await ask(path, changed);
      expect(refused.status, refused.text).toBe(409);
      expect((await tenant.call(at)).body.available).toBe(available);
    },
  );
});

const OTHER = { amount: '0.5' };
