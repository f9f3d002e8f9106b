/** The chain's way into the book, attacked: what is forged, repeated, late, contradicted or twice. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { available, chainOf, EQUITY, suspenseOf } from '../../../worker/core/ledger/book.ts';
import { call, openTenant } from '../../support/harness.ts';
import {
  balances,
  burn,
  depositEvent,
  depositRows,
  FORTUNE,
  feed,
  hash,
  insertGasAccount,
  MAGIC,
  moved,
  NETWORK,
  PLATFORM_BOOK,
  paid,
  registered,
  STRANGER,
  someHash,
  transfer,
} from './vaults-under-test.ts';

const GAS_1 = 100_000_000n;

async function customer(fields: Parameters<typeof insertGasAccount>[1] = {}) {
  const tenant = await openTenant();
  const gasAccountId = await insertGasAccount(tenant, fields);
  const inMain = async () =>
    (await balances({ magic: MAGIC, owner: tenant.accountId }, available('main')))[0];
  return { tenant, gasAccountId, inMain };
}

const suspended = async () => (await depositRows()).map(({ status, reason }) => [status, reason]);
const inEquity = async () => (await balances(PLATFORM_BOOK, available(EQUITY)))[0];

describe('a deposit', () => {
  it('is credited to the gas account that its data names, once', async () => {
    const { chain, vault } = await registered();
    const { tenant, gasAccountId, inMain } = await customer();
    const payment = paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId });
    await chain.add(...payment);
    await feed();
    await feed();
    await moved();
    expect(await inMain()).toBe(GAS_1);
    expect(await depositRows()).toMatchObject([
      {
        chain_key: payment[0].id,
        account_id: tenant.accountId,
        gas_account_id: gasAccountId,
        status: 'credited',
        amount: 100_000_000,
      },
    ]);
  });

  it('of another contract that only says Deposit is nobody’s', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer();
    const forged = { from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId };
    // Without a transfer, of the attacker's contract; and of the same beside a true transfer.
    const transaction = someHash();
    await chain.add(
      depositEvent(forged, hash(0x66)),
      transfer({ ...forged, transaction }),
      depositEvent({ ...forged, transaction }, hash(0x66)),
    );
    await feed();
    await moved();
    expect(await inMain()).toBe(0n);
    expect(await suspended()).toEqual([['suspense', 'no_event_of_the_vault']]);
  });

  it('does not lend its data to another payment of the same transaction', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer();
    const other = await customer();
    const transaction = someHash();
    const one = { from: STRANGER, to: vault, amount: GAS_1, transaction };
    const large = { ...one, amount: 5n * GAS_1, index: 2 };
    await chain.add(
      ...paid({ ...one, data: gasAccountId }),
      ...paid({ ...large, data: other.gasAccountId }),
    );
    // The events of the vault the other way round: neither amount agrees.
    const swapped = someHash();
    await chain.add(
      transfer({ ...one, transaction: swapped }),
      depositEvent({ ...large, transaction: swapped, data: gasAccountId }),
      transfer({ ...large, transaction: swapped }),
      depositEvent({ ...one, transaction: swapped, index: 3, data: gasAccountId }),
    );
    await feed();
    await moved();
    expect([await inMain(), await other.inMain()]).toEqual([GAS_1, 5n * GAS_1]);
    expect((await suspended()).slice(2)).toEqual([
      ['suspense', 'no_event_of_the_vault'],
      ['suspense', 'no_event_of_the_vault'],
    ]);
  });

  it('M1: lies in suspense when its data names a gas account of another network', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer({ magic: 860_833_102 });
    await chain.add(...paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId }));
    await feed();
    await moved();
    expect(await inMain()).toBe(0n);
    expect(await suspended()).toEqual([['suspense', 'account_of_another_network']]);
  });

  it('lies in suspense when it names nobody, or nobody any more', async () => {
    const { chain, vault } = await registered();
    const closed = await customer({ status: 'closed' });
    const unknown = 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs';
    for (const data of [unknown, 'not an id', '', closed.gasAccountId, null])
      await chain.add(...paid({ from: STRANGER, to: vault, amount: GAS_1, data }));
    await feed();
    expect(await suspended()).toEqual([
      ['suspense', 'account_unknown'],
      ['suspense', 'account_unknown'],
      ['suspense', 'account_unknown'],
      ['suspense', 'account_closed'],
      ['suspense', 'sender_unknown'],
    ]);
  });

  it('M5: lies in suspense when nodes contradict each other about its block', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer();
    const payment = paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId });
    await chain.add(...payment.map((one) => ({ ...one, isContradicted: true })));
    await feed();
    await moved();
    expect(await inMain()).toBe(0n);
    expect(await suspended()).toEqual([['suspense', 'contradicted']]);
  });

  it('M2: is told as the book decided it, when the account came only after a crash', async () => {
    const { chain, vault } = await registered();
    const { tenant } = await customer();
    const gasAccountId = 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs';
    const payment = paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId });
    await chain.add(...payment);
    await feed();
    // The book has it, D1 lost it, and it comes again while the account exists.
    await env.DB.prepare('DELETE FROM gasbank_deposits').run();
    await env.DB.prepare('UPDATE gas_accounts SET gas_account_id = ?').bind(gasAccountId).run();
    const { height } = chain;
    await chain.stub.rescan({ subscriberId: 'gasbank', fromHeight: height, toHeight: height });
    await chain.settle();
    await feed();
    await moved();
    expect(await depositRows()).toMatchObject([{ status: 'suspense', account_id: null }]);
    const [inSuspense, inMain] = [
      (await balances(PLATFORM_BOOK, available(suspenseOf(payment[0].id))))[0],
      (await balances({ magic: MAGIC, owner: tenant.accountId }, available('main')))[0],
    ];
    expect([inSuspense, inMain]).toEqual([GAS_1, 0n]);
  });

  it('is told once when it is delivered again', async () => {
    const { chain, vault } = await registered();
    const { tenant, gasAccountId, inMain } = await customer();
    await chain.add(...paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId }));
    await feed();
    const { height } = chain;
    await chain.stub.rescan({ subscriberId: 'gasbank', fromHeight: height, toHeight: height });
    await chain.settle();
    await feed();
    await moved();
    expect(await inMain()).toBe(GAS_1);
    const told = await env.DB.prepare(
      `SELECT count(*) AS n FROM outbox WHERE journal = ? AND body LIKE '%deposit_credited%'`,
    )
      .bind(tenant.accountId)
      .first<{ n: number }>();
    expect(told?.n).toBe(1);
  });

  it('of two runs at once is booked once', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer();
    await chain.add(...paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId }));
    await Promise.all([feed(), feed(), feed()]);
    await moved();
    expect(await inMain()).toBe(GAS_1);
    expect(await depositRows()).toHaveLength(1);
  });
});

describe('M10: every datoshi that touches an address of ours', () => {
  it('is the operator’s own when it lay there before, and is opened once', async () => {
    const { vault, sponsor, operator } = await registered();
    expect(
      await balances(
        PLATFORM_BOOK,
        chainOf(vault),
        chainOf(sponsor.body.scriptHash),
        chainOf(operator.body.scriptHash),
        available(EQUITY),
      ),
    ).toEqual([-FORTUNE, -FORTUNE, -FORTUNE, 3n * FORTUNE]);
    const again = await call(`PUT /operator/gasbank/vaults/${NETWORK}`, {
      body: { contract: vault },
    });
    expect(again.status).toBe(200);
    await feed();
    expect(await inEquity()).toBe(3n * FORTUNE);
  });

  it('moves between two of ours and changes no owner', async () => {
    const { chain, vault, sponsor } = await registered();
    const to = sponsor.body.scriptHash;
    await chain.add(transfer({ from: vault, to, amount: GAS_1 }));
    await feed();
    expect(await balances(PLATFORM_BOOK, chainOf(vault), chainOf(to), available(EQUITY))).toEqual([
      GAS_1 - FORTUNE,
      -GAS_1 - FORTUNE,
      3n * FORTUNE,
    ]);
    expect(await depositRows()).toEqual([]);
  });

  it('is burned from the operator’s own as a fee', async () => {
    const { chain, sponsor } = await registered();
    await chain.add(burn(sponsor.body.scriptHash, 7n));
    await feed();
    expect(await inEquity()).toBe(3n * FORTUNE - 7n);
  });

  it('leaves the vault by way of clearing', async () => {
    const { chain, vault } = await registered();
    await chain.add(transfer({ from: vault, to: STRANGER, amount: GAS_1 }));
    await feed();
    expect(await balances(PLATFORM_BOOK, available('clearing'), available(EQUITY))).toEqual([
      -GAS_1,
      3n * FORTUNE,
    ]);
  });

  it('is in suspense when a stranger sends it to a wallet, and the operator’s when he does', async () => {
    const funding = hash(0x77);
    const { chain, sponsor } = await registered({ funding: [funding] });
    const to = sponsor.body.scriptHash;
    await chain.add(
      transfer({ from: STRANGER, to, amount: 1n }),
      transfer({ from: funding, to, amount: 5n }),
      transfer({ from: null, to, amount: 2n }),
    );
    await feed();
    expect(await inEquity()).toBe(3n * FORTUNE + 5n);
    expect(await suspended()).toEqual([
      ['suspense', 'wallet_payment'],
      ['suspense', 'wallet_payment'],
    ]);
  });

  it('is nothing when it is nothing, or goes nowhere', async () => {
    const { chain, sponsor } = await registered();
    const to = sponsor.body.scriptHash;
    await chain.add(
      transfer({ from: STRANGER, to, amount: 0n }),
      transfer({ from: to, to, amount: 5n }),
      transfer({ from: STRANGER, to: hash(9), amount: 5n }),
    );
    await feed();
    expect(await inEquity()).toBe(3n * FORTUNE);
    expect(await depositRows()).toEqual([]);
  });
});

describe('how far is booked', () => {
  const bookedHeight = async () =>
    (await call(`GET /operator/gasbank/vaults/${NETWORK}`)).body.bookedHeight;

  it('is the last block that was handed out, once all of it is in the book', async () => {
    const { chain } = await registered();
    await chain.add();
    await chain.add();
    await feed();
    expect(await bookedHeight()).toBe(chain.height);
  });

  it('does not go on past what the book refuses, and nothing is skipped', async () => {
    const { chain, vault } = await registered();
    const { gasAccountId, inMain } = await customer();
    await feed();
    const before = await bookedHeight();
    // More than there is: the book refuses the amount.
    await chain.add(transfer({ from: STRANGER, to: vault, amount: 1n << 60n }));
    await chain.add(...paid({ from: STRANGER, to: vault, amount: GAS_1, data: gasAccountId }));
    await feed();
    await feed();
    expect(await bookedHeight()).toBe(before);
    expect(await inMain()).toBe(0n);
    const stream = await chain.stub.subscriber('gasbank');
    expect(stream.ok && stream.value.pending).toBe(3);
  });
});
