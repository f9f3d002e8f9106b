/**
 * Requests that die at any await between the hold and the verdict (money rules M4, M7): the sweep
 * ends what they began, with the same bytes, one transaction and one capture.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../../worker/env.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import type { Moment } from '../../support/intercepted-platform.ts';
import {
  balancesOf,
  bodyOf,
  bookOf,
  booksThatDie,
  bridgeThatDies,
  DATOSHI,
  openSponsoring,
  openWallet,
  pass,
  prepared,
  retireSponsors,
  rowOf,
  type Sponsoring,
  senderOf,
  sendersThatDie,
  signatureOf,
  signed,
  sweep,
  transactionOf,
  transferBy,
  until,
} from './sponsorships-under-test.ts';

const MINUTE_MS = 60_000;
const MOMENTS: readonly Moment[] = ['before', 'after'];

type Dying = (when: Moment) => Partial<Env>;

/** In the order of the awaits. */
const TWO_STEPS: readonly (readonly [string, Dying])[] = [
  ['the bind', (when) => ({ ACCOUNT_LEDGER: booksThatDie('bind', when) })],
  ['the signature of the sponsor', (when) => ({ BRIDGE: bridgeThatDies(1, when) })],
  ['the sender', (when) => ({ NEO_SENDER: sendersThatDie('adopt', when) })],
];
const ONE_STEP: readonly (readonly [string, Dying])[] = [
  ['the day of the wallet', (when) => ({ NEO_SENDER: sendersThatDie('spendBeside', when) })],
  ['the bind', (when) => ({ ACCOUNT_LEDGER: booksThatDie('bind', when) })],
  ['the signature of the wallet', (when) => ({ BRIDGE: bridgeThatDies(1, when) })],
  ['the signature of the sponsor', (when) => ({ BRIDGE: bridgeThatDies(2, when) })],
  ['the sender', (when) => ({ NEO_SENDER: sendersThatDie('adopt', when) })],
];
const cases = (table: typeof TWO_STEPS) =>
  table.flatMap(([what, dying]) => MOMENTS.map((when) => [when, what, dying] as const));

const pathOf = ({ tenant }: Sponsoring, rest = '') =>
  `POST /accounts/${tenant.accountId}/gasbank/sponsorships${rest}`;

async function endsOnce(
  sponsoring: Sponsoring,
  chain: ReturnType<typeof growingChain>,
  id: string,
): Promise<void> {
  const [sponsor = ''] = sponsoring.sponsors;
  expect(await rowOf(id)).toMatchObject({ status: 'sending' });
  pass(2 * MINUTE_MS);
  await Promise.all([sweep(), sweep()]);
  const row = await rowOf(id);
  expect(row?.handed_at).not.toBeNull();
  const hash = String(row?.hash);
  await until(sponsor, async () => expect([...chain.sent]).toEqual([hash]));
  chain.include(hash);
  await until(sponsor, async () => expect(await rowOf(id)).toMatchObject({ status: 'confirmed' }));
  const cost = BigInt(Number(row?.system_fee) + Number(row?.network_fee));
  expect(await balancesOf(sponsoring.tenant)).toEqual({
    available: 10n * DATOSHI - cost,
    reserved: 0n,
    spent: cost,
  });
  const listed = await senderOf(sponsor).list({ limit: 10 });
  expect(listed.value.items.map((item) => item.id)).toEqual([id]);
}

describe('two steps', () => {
  it.each(cases(TWO_STEPS))('M4, M7: ends once when it died %s %s', async (when, _what, dying) => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const answered = await callAltered(
      dying(when),
      pathOf(sponsoring, `/${made.body.id}/signature`),
      { token: sponsoring.tenant.key, body: signatureOf(sponsoring, made) },
    );
    expect([answered.status, answered.body.status], answered.text).toEqual([200, 'sending']);
    await endsOnce(sponsoring, chain, made.body.id);
  });

  it('M7: gives all back by itself when the request died after the hold and wrote nothing', async () => {
    const sponsoring = await openSponsoring();
    const batch = async (statements: D1PreparedStatement[]) => {
      if ((await balancesOf(sponsoring.tenant)).reserved === 0n) return env.DB.batch(statements);
      throw new Error('the connection was lost');
    };
    const DB = new Proxy(env.DB, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name === 'batch') return batch;
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const body = bodyOf(sponsoring);
    const died = await callAltered({ DB }, pathOf(sponsoring), {
      token: sponsoring.tenant.key,
      body,
    });
    expect(died.status).toBe(500);
    expect((await balancesOf(sponsoring.tenant)).reserved).toBeGreaterThan(0n);
    pass(11 * MINUTE_MS);
    // The same again is a sponsorship like any other.
    const again = await sponsoring.tenant.call('POST /gasbank/sponsorships', { body });
    expect(again.status, again.text).toBe(201);
    const { systemFee, networkFee } = transactionOf(again);
    await runDurableObjectAlarm(bookOf(sponsoring.tenant));
    expect((await balancesOf(sponsoring.tenant)).reserved).toBe(systemFee + networkFee);
  });
});

describe('one step', () => {
  it.each(cases(ONE_STEP))('M4, M7: ends once when it died %s %s', async (when, _what, dying) => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const { walletId, scriptHash } = await openWallet(sponsoring);
    const calls = [transferBy(scriptHash)];
    const body = bodyOf(sponsoring, { walletId, signer: undefined, calls });
    const { tenant } = sponsoring;
    const made = await callAltered(dying(when), pathOf(sponsoring), { token: tenant.key, body });
    expect([made.status, made.body.status], made.text).toEqual([201, 'sending']);
    await endsOnce(sponsoring, chain, made.body.id);
  });
});

describe('the verdict', () => {
  it.each(MOMENTS)('M7: is captured once when the delivery died %s the capture', async (when) => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const made = await signed(sponsoring);
    const [sponsor = ''] = sponsoring.sponsors;
    await until(sponsor, async () => expect(chain.pool.has(made.body.hash)).toBe(true));
    chain.include(made.body.hash);
    await until(sponsor, async () => {
      const view = await senderOf(sponsor).get(made.body.id);
      expect(view.ok && view.value.state).toBe('confirmed');
    });
    pass(6 * MINUTE_MS);
    await sweep({ ACCOUNT_LEDGER: booksThatDie('capture', when) });
    pass(6 * MINUTE_MS);
    await Promise.all([sweep(), sweep()]);
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'confirmed' });
    const { systemFee, networkFee } = transactionOf(made);
    expect(await balancesOf(sponsoring.tenant)).toEqual({
      available: 10n * DATOSHI - systemFee - networkFee,
      reserved: 0n,
      spent: systemFee + networkFee,
    });
  });
});

describe('a sponsor that was retired after the bind', () => {
  it('M4: keeps the hold until the chain has passed the last block, and gives it back then', async () => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    await callAltered(
      { NEO_SENDER: sendersThatDie('adopt', 'before') },
      pathOf(sponsoring, `/${made.body.id}/signature`),
      { token: sponsoring.tenant.key, body: signatureOf(sponsoring, made) },
    );
    await retireSponsors();
    pass(20 * MINUTE_MS);
    await sweep();
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'sending' });
    expect((await balancesOf(sponsoring.tenant)).reserved).toBeGreaterThan(0n);
    chain.grow(601);
    pass(2 * MINUTE_MS);
    await Promise.all([sweep(), sweep()]);
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'expired' });
    expect((await balancesOf(sponsoring.tenant)).available).toBe(10n * DATOSHI);
  });
});
