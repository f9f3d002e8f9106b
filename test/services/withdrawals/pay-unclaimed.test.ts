/** `POST /operator/gasbank/unclaimed/{network}/{deletedAccountId}/payouts`: to whoever has left it. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { unclaimedOf } from '../../../worker/core/ledger/book.ts';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import type { Env } from '../../../worker/env.ts';
import { newId } from '../../../worker/http/request-context.ts';
import { type Alterations, callAltered } from '../../support/altered-platform.ts';
import { datoshi, leaveUnclaimed } from '../../support/gas-account.ts';
import { call } from '../../support/harness.ts';
import { interceptedObjects, objectsThatDie } from '../../support/intercepted-platform.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import {
  balancesOf,
  GAS,
  MINUTE_MS,
  NETWORK,
  openPaying,
  type Paying,
  pass,
  sweep,
  until,
  VAULT,
} from './withdrawals-under-test.ts';

const { DB, ACCOUNT_LEDGER } = env as unknown as Env;
const PLATFORM = { accountId: 'platform' };
const ASKED = { id: 'claim-1', to: SMALL_CHAIN.receiver, reason: 'as its owner showed' };

interface Left extends Paying {
  /** Of an account that is no more. */
  readonly accountId: string;
}

async function openLeft(gas = '4'): Promise<Left> {
  const paying = await openPaying();
  const accountId = newId('account', Date.now());
  await leaveUnclaimed(accountId, gas);
  return { ...paying, accountId };
}

const pathOf = (accountId: string) =>
  `POST /operator/gasbank/unclaimed/${NETWORK}/${accountId}/payouts`;
const pay = ({ accountId }: Pick<Left, 'accountId'>, fields: object = {}) =>
  call(pathOf(accountId), { body: { ...ASKED, ...fields } });
const payAltered = (platform: Alterations, { accountId }: Left) =>
  callAltered(platform, pathOf(accountId), { body: ASKED });
const leftOf = ({ accountId }: Pick<Left, 'accountId'>) =>
  balancesOf(PLATFORM, unclaimedOf(accountId));
const readPayout = async (id: string) =>
  (await call('GET /operator/gasbank/withdrawals')).body.items.find(
    (one: { readonly id: string }) => one.id === id,
  );

const untilEnded = (left: Left, id: string, status: string) =>
  until(left, async () => {
    const payout = await readPayout(id);
    expect(payout.status, JSON.stringify(payout)).toBe(status);
    return payout;
  });

describe('201', () => {
  it('M17: pays all that is left after the fee, and what the fee did not take stays its owner’s', async () => {
    const left = await openLeft();
    const made = await pay(left);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      kind: 'unclaimed',
      accountId: 'platform',
      requestId: `${left.accountId}.claim-1`,
      to: SMALL_CHAIN.receiver,
      note: ASKED.reason,
    });
    expect(datoshi(made.body.amount) + datoshi(made.body.feeMax)).toBe(4n * GAS);
    left.chain.include(await until(left, () => left.chain.waiting));
    const paid = await untilEnded(left, made.body.id, 'completed');
    const { available, reserved } = await leftOf(left);
    expect(reserved).toBe(0n);
    expect(available).toBe(4n * GAS - datoshi(paid.amount) - datoshi(paid.fee));
    const audit = await call('GET /operator/audit?operation=withdrawals.payUnclaimed');
    expect(audit.body.items).toMatchObject([{ target: { id: made.body.id } }]);
  });

  it('pays a part, to a wallet of the owner', async () => {
    const left = await openLeft();
    const wallet = createNeoWallet();
    await addVerified(left.tenant, wallet);
    const owned = { ...left, accountId: left.tenant.accountId };
    await leaveUnclaimed(owned.accountId, '3');
    const made = await pay(owned, { to: wallet.address, amount: '1.25' });
    expect(made.status, made.text).toBe(201);
    expect(made.body.amount).toBe('1.25');
    const { available, reserved } = await leftOf(owned);
    expect(reserved).toBe(datoshi('1.25') + datoshi(made.body.feeMax));
    expect(available + reserved).toBe(3n * GAS);
  });

  it('M14: keeps what a fault did not cost', async () => {
    const left = await openLeft();
    const made = await pay(left);
    left.chain.include(await until(left, () => left.chain.waiting), 'FAULT');
    const failed = await untilEnded(left, made.body.id, 'failed');
    expect(await leftOf(left)).toMatchObject({
      available: 4n * GAS - datoshi(failed.fee),
      reserved: 0n,
    });
  });

  it('M7: is mended by the sweep when it died before the book heard of it', async () => {
    const left = await openLeft();
    const died = await payAltered(objectsThatDie('ACCOUNT_LEDGER', 'execute', 'before'), left);
    expect(died.status).toBeGreaterThanOrEqual(500);
    pass(2 * MINUTE_MS);
    await sweep();
    const again = await pay(left);
    expect(again.status, again.text).toBe(200);
    expect(again.body.status).toBe('sending');
    expect((await leftOf(left)).available).toBe(0n);
  });
});

describe('200', () => {
  it('M3: answers the same payout for the same id, at once and later, and holds once', async () => {
    const left = await openLeft();
    const both = await Promise.all([pay(left, { amount: '1' }), pay(left, { amount: '1.0' })]);
    const again = await pay(left, { amount: '1.00' });
    expect(again.status).toBe(200);
    expect(both.map(({ body }) => body.id)).toEqual([again.body.id, again.body.id]);
    const { reserved } = await leftOf(left);
    expect(reserved).toBe(GAS + datoshi(again.body.feeMax));
  });
});

describe('400', () => {
  it('names the field', async () => {
    const left = await openLeft();
    const wrong = `${SMALL_CHAIN.receiver.slice(0, -1)}${SMALL_CHAIN.receiver.endsWith('1') ? '2' : '1'}`;
    for (const [fields, pointer] of [
      [{ to: wrong }, '/to'],
      [{ amount: '1.123456789' }, '/amount'],
      [{ id: '' }, '/id'],
      [{ reason: '' }, '/reason'],
    ] as const)
      expect((await pay(left, fields)).body.fields).toMatchObject([{ pointer }]);
    expect((await leftOf(left)).available).toBe(4n * GAS);
  });
});

describe('402', () => {
  it('pays no more than is left, and never out of what another one left', async () => {
    const left = await openLeft();
    await leaveUnclaimed(newId('account', Date.now()), '100');
    expect((await pay(left, { amount: '3.9' })).body.code).toBe('gasbank.insufficient_funds');
    expect(await leftOf(left)).toMatchObject({ available: 4n * GAS, reserved: 0n });
    // The id is free again: nothing came of it.
    expect((await pay(left, { amount: '1' })).status).toBe(201);
  });
});

describe('403', () => {
  it('M17: pays nobody but the verified wallets of the owner, while there are any', async () => {
    const left = await openLeft();
    const wallet = createNeoWallet();
    const walletId = await addVerified(left.tenant, wallet);
    const owned = { ...left, accountId: left.tenant.accountId };
    await leaveUnclaimed(owned.accountId, '3');
    expect((await pay(owned)).body.code).toBe('withdrawals.destination_refused');
    // A wallet that was never proven is nobody's.
    await DB.prepare("UPDATE workspace_wallets SET status = 'unverified' WHERE wallet_id = ?")
      .bind(walletId)
      .run();
    expect((await pay(owned)).status).toBe(201);
  });

  it('M14: pays nothing to ourselves', async () => {
    const left = await openLeft();
    expect((await pay(left, { to: encodeAddress(VAULT) })).body.code).toBe(
      'withdrawals.destination_refused',
    );
  });
});

describe('404', () => {
  it('pays nothing for an account that has left nothing', async () => {
    await openLeft();
    const nobody = { accountId: newId('account', Date.now()) };
    expect((await pay(nobody)).body.code).toBe('request.not_found');
  });

  it('knows no such network', async () => {
    const left = await openLeft();
    const renamed = JSON.stringify([{ ...NETWORKS.up, id: 'neo3:other' }]);
    const refused = await payAltered({ NEO_NETWORKS: renamed }, left);
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('M3: takes an id for one payout only', async () => {
    const left = await openLeft();
    expect((await pay(left, { amount: '1' })).status).toBe(201);
    expect((await pay(left, { amount: '2' })).body.code).toBe('withdrawals.request_conflict');
    expect((await pay(left)).body.code).toBe('withdrawals.request_conflict');
  });
});

describe('422', () => {
  it('M14: pays out nothing that the fee would eat', async () => {
    const left = await openLeft('0.4');
    expect((await pay(left)).body).toMatchObject({
      code: 'withdrawals.amount_too_small',
      observed: 40_000_000,
    });
    expect((await pay(left, { amount: '0.09' })).body.code).toBe('withdrawals.amount_too_small');
    expect((await leftOf(left)).available).toBe(40_000_000n);
  });
});

describe('429', () => {
  it('is refused while the book takes nothing more', async () => {
    const left = await openLeft();
    const books = interceptedObjects(ACCOUNT_LEDGER, async (ask, method) =>
      method === 'execute' ? { ok: false, failure: { code: 'gasbank.full' } } : ask(),
    );
    const refused = await payAltered({ ACCOUNT_LEDGER: books }, left);
    expect(refused.body.code).toBe('gasbank.full');
  });
});

describe('503', () => {
  it('is unavailable where nothing pays, or no node answers', async () => {
    const left = await openLeft();
    left.chain.chain.node.response = () => new Response(null, { status: 500 });
    expect((await pay(left)).body.code).toBe('chain.unavailable');
    await DB.prepare('DELETE FROM vaults').run();
    expect((await pay(left)).body.code).toBe('withdrawals.route_unavailable');
    expect((await leftOf(left)).available).toBe(4n * GAS);
  });
});
