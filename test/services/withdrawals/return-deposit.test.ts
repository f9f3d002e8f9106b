/** `POST /operator/gasbank/deposits/{depositId}/return`: out of suspense, to whom it came from. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { suspenseOf } from '../../../worker/core/ledger/book.ts';
import { toStored } from '../../../worker/core/money.ts';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import type { Env } from '../../../worker/env.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { datoshi } from '../../support/gas-account.ts';
import { call } from '../../support/harness.ts';
import { objectsThatDie } from '../../support/intercepted-platform.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import {
  balancesOf,
  GAS,
  MAGIC,
  NETWORK,
  openPaying,
  type Paying,
  until,
  VAULT,
} from './withdrawals-under-test.ts';

const DEPOSIT = 'dep_01k4j8x1e0e4r9v2m3n5p6q7rs';
const KEY = `${String(MAGIC)}:0x${'5d'.repeat(32)}:1`;
const FUND = suspenseOf(KEY);
const PLATFORM = { accountId: 'platform' };
const { DB, ACCOUNT_LEDGER } = env as unknown as Env;
const FROM = parseAddress(SMALL_CHAIN.sender);

/** In the platform's book and in the catalogue, as the feed writes it. */
async function openSuspense(amount = 3n * GAS, from: string | null = FROM): Promise<Paying> {
  const paying = await openPaying();
  const book = { magic: MAGIC, owner: 'platform' };
  const ledger = ACCOUNT_LEDGER.getByName(`${String(MAGIC)}:platform`);
  await ledger.execute({
    book,
    command: {
      kind: 'watch',
      id: `watch:${VAULT}`,
      owner: 'chain',
      address: VAULT,
      height: 1,
      opening: 0n,
    },
  });
  const entered = await ledger.execute({
    book,
    command: {
      kind: 'chain_entry',
      id: KEY,
      owner: 'chain',
      height: 2,
      address: VAULT,
      direction: 'in',
      counterparty: FROM,
      amount,
      destination: { kind: 'suspense' },
    },
  });
  expect(entered.ok).toBe(true);
  await DB.prepare(
    `INSERT INTO gasbank_deposits (deposit_id, chain_key, network, network_magic, amount,
       from_script_hash, to_script_hash, transaction_hash, height, status, revision, created_at,
       updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 2, 'suspense', 1, 1, 1)`,
  )
    .bind(DEPOSIT, KEY, NETWORK, MAGIC, toStored(amount), from, VAULT)
    .run();
  return paying;
}

const path = `POST /operator/gasbank/deposits/${DEPOSIT}/return`;
const giveBack = () => call(path, { body: { reason: 'sent by mistake' } });
const statusOf = () =>
  DB.prepare('SELECT status FROM gasbank_deposits WHERE deposit_id = ?')
    .bind(DEPOSIT)
    .first('status');
const statusOfReturn = () => DB.prepare('SELECT status, reason FROM withdrawals').first();

describe('201', () => {
  it('M2: sends back what is left after the fee, once, and leaves nothing in suspense', async () => {
    const paying = await openSuspense();
    const made = await giveBack();
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      kind: 'return',
      accountId: 'platform',
      depositId: DEPOSIT,
      to: SMALL_CHAIN.sender,
      status: 'ready',
      note: 'sent by mistake',
    });
    expect(datoshi(made.body.amount) + datoshi(made.body.feeMax)).toBe(3n * GAS);
    expect(await statusOf()).toBe('returning');
    expect((await giveBack()).body.code).toBe('gasbank.not_in_suspense');
    paying.chain.include(await until(paying, () => paying.chain.waiting));
    await until(paying, async () => expect(await statusOf()).toBe('returned'));
    const { available, reserved } = await balancesOf(PLATFORM, FUND);
    expect([available, reserved]).toEqual([0n, 0n]);
  });

  it('M14: comes back to suspense after a fault, less the fee, and can be sent again', async () => {
    const paying = await openSuspense();
    await giveBack();
    paying.chain.include(await until(paying, () => paying.chain.waiting), 'FAULT');
    await until(paying, async () => expect(await statusOf()).toBe('suspense'));
    const left = await balancesOf(PLATFORM, FUND);
    expect(left.reserved).toBe(0n);
    expect(left.available < 3n * GAS).toBe(true);
    const again = await giveBack();
    expect(again.status, again.text).toBe(201);
    expect((await balancesOf(PLATFORM, FUND)).available).toBe(0n);
  });

  it('is mended by the sweep when it died before the book heard of it', async () => {
    await openSuspense();
    const died = await callAltered(objectsThatDie('ACCOUNT_LEDGER', 'execute', 'before'), path, {
      body: { reason: 'sent by mistake' },
    });
    expect(died.status).toBeGreaterThanOrEqual(500);
    expect(await statusOf()).toBe('returning');
    const { pass, sweep, MINUTE_MS } = await import('./withdrawals-under-test.ts');
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await statusOfReturn()).toMatchObject({ status: 'sending' });
  });
});

describe('402', () => {
  it('unlocks the deposit when the book has not so much of it', async () => {
    await openSuspense();
    await DB.prepare('UPDATE gasbank_deposits SET amount = amount + 1').run();
    expect((await giveBack()).body.code).toBe('gasbank.insufficient_funds');
    expect(await statusOf()).toBe('suspense');
  });
});

describe('403', () => {
  it('sends nothing back to nobody, or to ourselves', async () => {
    await openSuspense(3n * GAS, null);
    expect((await giveBack()).body.code).toBe('withdrawals.destination_refused');
    await DB.prepare('UPDATE gasbank_deposits SET from_script_hash = ?').bind(VAULT).run();
    expect((await giveBack()).body.code).toBe('withdrawals.destination_refused');
  });
});

describe('404', () => {
  it('knows no such deposit', async () => {
    expect((await giveBack()).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('M2: returns nothing that was assigned meanwhile', async () => {
    await openSuspense();
    const altered = racingDatabase('each', () =>
      DB.prepare("UPDATE gasbank_deposits SET status = 'assigned', revision = revision + 1").run(),
    );
    const body = { reason: 'sent by mistake' };
    const refused = await callAltered({ DB: altered }, path, { body });
    expect(refused.body.code).toBe('gasbank.not_in_suspense');
  });
});

describe('422', () => {
  it('sends back nothing that its fee would eat', async () => {
    await openSuspense(30_000_000n);
    expect((await giveBack()).body.code).toBe('withdrawals.amount_too_small');
    expect(await statusOf()).toBe('suspense');
  });
});

describe('429', () => {
  it('is refused while the book takes nothing more', async () => {
    const { env: bindings } = await import('cloudflare:workers');
    expect(bindings).toBeDefined();
    await openSuspense();
    const full = { ok: false, failure: { code: 'gasbank.full' } };
    const stub = { execute: () => Promise.resolve(full) };
    const books = { getByName: () => stub } as unknown as Env['ACCOUNT_LEDGER'];
    const refused = await callAltered({ ACCOUNT_LEDGER: books }, path, {
      body: { reason: 'sent by mistake' },
    });
    expect(refused.body.code).toBe('gasbank.full');
    expect(await statusOf()).toBe('suspense');
  });
});

describe('503', () => {
  it('is unavailable where nothing pays, or no node answers', async () => {
    const paying = await openSuspense();
    paying.chain.chain.node.response = () => new Response(null, { status: 500 });
    expect((await giveBack()).body.code).toBe('chain.unavailable');
    const renamed = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    const altered = await callAltered({ NEO_NETWORKS: renamed }, path, { body: { reason: 'x' } });
    expect(altered.body.code).toBe('chain.network_unknown');
    await DB.prepare('DELETE FROM vaults').run();
    expect((await giveBack()).body.code).toBe('withdrawals.route_unavailable');
    expect(await statusOf()).toBe('suspense');
  });
});
