/** Sponsor wallets that run low are filled up from the vault, each refill once, and none without proof. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Env } from '../../../worker/env.ts';
import { call } from '../../support/harness.ts';
import { paymentIn } from './vault-chain.ts';
import {
  balancesOf,
  GAS,
  MINUTE_MS,
  NETWORK,
  openPaying,
  pass,
  sweep,
  until,
} from './withdrawals-under-test.ts';

const { DB } = env as unknown as Env;
const rows = async () =>
  (await DB.prepare("SELECT * FROM withdrawals WHERE kind = 'refill' ORDER BY created_at").all())
    .results;

async function openSponsor(rule = { below: String(5n * GAS), upTo: String(9n * GAS) }) {
  const paying = await openPaying();
  const made = await call('POST /operator/gasbank/wallets', {
    body: { network: NETWORK, purpose: 'sponsor' },
  });
  expect(made.status, made.text).toBe(201);
  await DB.prepare(
    'UPDATE platform_wallets SET refill_rule = ?, watched_height = 1 WHERE wallet_id = ?',
  )
    .bind(JSON.stringify(rule), made.body.id)
    .run();
  return { ...paying, sponsor: made.body };
}

it('fills one up that is below its rule, once while one is under way', async () => {
  const paying = await openSponsor();
  paying.chain.balance = 4n * GAS;
  await sweep();
  await sweep();
  expect(await rows()).toMatchObject([
    { status: 'sending', amount: Number(5n * GAS), account_id: 'platform' },
  ]);
  const hash = await until(paying, () => paying.chain.waiting);
  const sent = paying.chain.chain.pool.get(hash);
  if (!sent) throw new Error('not sent');
  expect(paymentIn(sent)).toMatchObject({
    method: 'refill',
    to: paying.sponsor.scriptHash,
    amount: 5n * GAS,
  });
  paying.chain.include(hash);
  await until(paying, async () => expect(await rows()).toMatchObject([{ status: 'completed' }]));
  // No owner changed, so no book paid.
  expect(await balancesOf({ accountId: 'platform' }, 'equity')).toMatchObject({ available: 0n });
  paying.chain.balance = 9n * GAS;
  await sweep();
  expect(await rows()).toHaveLength(1);
});

it('leaves one alone that has enough, or has no rule', async () => {
  const paying = await openSponsor();
  paying.chain.balance = 5n * GAS;
  await sweep();
  await DB.prepare('UPDATE platform_wallets SET refill_rule = NULL').run();
  paying.chain.balance = 0n;
  await sweep();
  expect(await rows()).toEqual([]);
});

it('M6: refills nothing while no trial balance is proven', async () => {
  const paying = await openSponsor();
  paying.chain.balance = 0n;
  await DB.prepare('UPDATE vaults SET created_at = 0').run();
  await sweep();
  expect(await rows()).toEqual([]);
});

it('M15: waits for the refill cap of the day', async () => {
  const paying = await openSponsor();
  paying.chain.balance = 0n;
  paying.chain.spent = paying.chain.cap;
  await sweep();
  expect(await rows()).toMatchObject([{ status: 'ready', reason: 'day_cap' }]);
  paying.chain.spent = 0n;
  pass(5 * MINUTE_MS);
  await sweep();
  expect(await rows()).toMatchObject([{ status: 'sending' }]);
});
