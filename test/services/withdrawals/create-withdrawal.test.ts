/** `POST /gasbank/withdrawals`: what is held, what is sent, and what ends it. */
import { describe, expect, it } from 'vitest';
import { formatGas } from '../../../worker/core/money.ts';
import { LIMITS } from '../../../worker/core/withdrawals/limits.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { objectsThatDie } from '../../support/intercepted-platform.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { paymentIn } from './vault-chain.ts';
import {
  balancesOf,
  DAY_MS,
  deposit,
  EVERY,
  eventsOf,
  fund,
  GAS,
  keepProven,
  MINUTE_MS,
  openPaying,
  openSending,
  type Paying,
  pass,
  read,
  rowOf,
  setRow,
  sweep,
  TO,
  until,
  untilStatus,
  VAULT,
  withdraw,
  withdrawn,
} from './withdrawals-under-test.ts';

const bodyOf = ({ gasAccountId }: Paying) => ({
  id: 'payout-1',
  gasAccountId,
  amount: '5',
  to: TO,
});
const createAltered = (paying: Paying, alterations: Parameters<typeof callAltered>[0]) =>
  callAltered(alterations, `POST /accounts/${paying.tenant.accountId}/gasbank/withdrawals`, {
    token: paying.tenant.key,
    body: bodyOf(paying),
  });

describe('201', () => {
  it('M14: holds amount and fee, pays, and takes the fee that it cost', async () => {
    const { id, chain, tenant, ...paying } = await openSending();
    const held = await read({ tenant }, id);
    expect(held).toMatchObject({ status: 'sending', amount: '5', route: 'vault', vault: VAULT });
    const feeMax = BigInt(Math.round(Number(held.feeMax) * 1e8));
    expect(feeMax <= BigInt(LIMITS.withdrawalFeeCap.value)).toBe(true);
    expect(await balancesOf(tenant)).toMatchObject({
      available: 15n * GAS - feeMax,
      reserved: 5n * GAS + feeMax,
    });
    const { waiting } = chain;
    const sent = chain.chain.pool.get(waiting);
    if (!sent) throw new Error('not sent');
    // M13, M3.
    expect(sent.signers).toMatchObject([
      {
        scopes: {
          calledByEntry: false,
          rules: [
            {
              action: 'Allow',
              condition: {
                type: 'And',
                expressions: [{ type: 'CalledByEntry' }, { type: 'ScriptHash', hash: VAULT }],
              },
            },
          ],
        },
      },
    ]);
    expect(paymentIn(sent)).toMatchObject({
      method: 'release',
      id: held.onChainId,
      amount: 5n * GAS,
    });
    chain.include(waiting);
    const all = { tenant, chain, ...paying };
    const done = await untilStatus(all, id, 'completed');
    const fee = sent.systemFee + sent.networkFee;
    expect(done).toMatchObject({ reason: 'released', hash: waiting, fee: formatGas(fee) });
    expect(await balancesOf(tenant)).toMatchObject({
      available: 15n * GAS - fee,
      reserved: 0n,
      spent: fee,
    });
    expect(await eventsOf(tenant, 'withdrawal.completed')).toMatchObject([
      { data: { withdrawalId: id, amount: '5', to: TO, hash: waiting } },
    ]);
  });

  it('waits for its schedule, and is sent by the sweep', async () => {
    const paying = await openPaying();
    const scheduleAt = new Date(Date.now() + 2 * DAY_MS).toISOString();
    const id = await withdrawn(paying, { scheduleAt });
    expect(await read(paying, id)).toMatchObject({ status: 'scheduled', scheduledAt: scheduleAt });
    pass(2 * DAY_MS - MINUTE_MS);
    await sweep();
    expect(await read(paying, id)).toMatchObject({ status: 'scheduled' });
    pass(2 * MINUTE_MS);
    await keepProven();
    await sweep();
    expect(await read(paying, id)).toMatchObject({ status: 'sending' });
  });

  it('M3: ids of two tenants that are the same pay under two ids on the chain', async () => {
    const paying = await openPaying();
    const other = await fund(await openTenant('other'), 20n * GAS);
    const [one, two] = [await withdrawn(paying), await withdrawn(other)];
    const ids = [await read(paying, one), await read(other, two)].map((each) => each.onChainId);
    expect(new Set(ids).size).toBe(2);
  });

  it('M15: queues with an ETA what exceeds the cap of the day, and sends it when there is room', async () => {
    const paying = await openPaying();
    paying.chain.spent = paying.chain.cap - 4n * GAS;
    const id = await withdrawn(paying);
    const waiting = await read(paying, id);
    const tomorrow = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
    expect(waiting).toMatchObject({
      status: 'ready',
      reason: 'day_cap',
      expectedAt: new Date(tomorrow).toISOString(),
      // No run could be simulated.
      feeMax: '0.5',
    });
    paying.chain.spent = 0n;
    pass(5 * MINUTE_MS);
    await sweep();
    expect(await read(paying, id)).toMatchObject({ status: 'sending', reason: null });
    await until(paying, () => paying.chain.waiting);
  });

  it('M15: two at once do not pass the cap of the day', async () => {
    const paying = await openPaying();
    paying.chain.cap = 9n * GAS;
    const [one, two] = [await withdrawn(paying), await withdrawn(paying, { id: 'payout-2' })];
    expect(await read(paying, one)).toMatchObject({ status: 'sending' });
    expect(await read(paying, two)).toMatchObject({ status: 'ready', reason: 'day_cap' });
  });

  it('M6: is not sent while no trial balance is proven, and says so', async () => {
    const paying = await openPaying();
    await makeStale();
    const id = await withdrawn(paying);
    expect(await read(paying, id)).toMatchObject({
      status: 'ready',
      reason: 'proof_paused',
      detail: 'trial_balance_stale',
    });
    await keepProven();
    pass(5 * MINUTE_MS);
    await sweep();
    expect(await read(paying, id)).toMatchObject({ status: 'sending', reason: null });
  });

  it('is not sent while the vault is paused', async () => {
    const paying = await openPaying();
    paying.chain.isPaused = true;
    const id = await withdrawn(paying);
    expect(await read(paying, id)).toMatchObject({ status: 'ready', reason: 'vault_paused' });
  });
});

const { DB } = (await import('cloudflare:workers')).env;
const makeStale = () => DB.prepare('UPDATE vaults SET created_at = 0').run();

describe('200', () => {
  it('is the same withdrawal under the same id, with one hold', async () => {
    const paying = await openPaying();
    const made = await withdraw(paying);
    const again = await withdraw(paying);
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(made.body.id);
    const { available, reserved } = await balancesOf(paying.tenant);
    expect(available + reserved).toBe(20n * GAS);
    expect(reserved < 6n * GAS).toBe(true);
  });
});

describe('a crash', () => {
  it.each(['before', 'after'] as const)(
    '%s the hold leaves one withdrawal, which the sweep opens or a retry does',
    async (when) => {
      const paying = await openPaying();
      const dying = objectsThatDie('ACCOUNT_LEDGER', 'execute', when);
      expect((await createAltered(paying, dying)).status).toBeGreaterThanOrEqual(500);
      const retried = await withdraw(paying);
      expect(retried.status, retried.text).toBe(201);
      expect(await read(paying, retried.body.id)).toMatchObject({ status: 'sending' });
      const { reserved } = await balancesOf(paying.tenant);
      expect(reserved > 5n * GAS && reserved < 6n * GAS).toBe(true);
    },
  );

  it.each(['before', 'after'] as const)('%s the hold is mended by the sweep', async (when) => {
    const paying = await openPaying();
    await createAltered(paying, objectsThatDie('ACCOUNT_LEDGER', 'execute', when));
    pass(2 * MINUTE_MS);
    await sweep();
    const { items } = (await paying.tenant.call('GET /gasbank/withdrawals')).body;
    expect(items).toMatchObject([{ status: 'sending', requestId: 'payout-1' }]);
  });

  it.each(['before', 'after'] as const)('%s the sender had it sends one payment', async (when) => {
    const paying = await openPaying();
    const made = await createAltered(paying, objectsThatDie('NEO_SENDER', 'send', when));
    expect(made.status, made.text).toBe(201);
    const { id } = made.body;
    expect(await rowOf(id)).toMatchObject({ status: 'sending', handed_at: null });
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'sending', attempt: 1 });
    await until(paying, () => paying.chain.waiting);
    expect(paying.chain.chain.sent.size).toBe(1);
  });

  it('before the book heard of the end settles once', async () => {
    const { id, chain, ...paying } = await openSending();
    const known = await rowOf(id);
    // So that the sender's own word is not heard.
    await setRow(id, "sender = 'nobody'");
    chain.include(chain.waiting);
    for (let turn = 0; turn < 10; turn += 1) await until(paying, () => undefined);
    await setRow(id, `sender = '${String(known?.sender)}'`);
    pass(10 * MINUTE_MS);
    await sweep(objectsThatDie('ACCOUNT_LEDGER', 'execute', 'after'));
    expect(await rowOf(id)).toMatchObject({ status: 'settling' });
    const after = await balancesOf(paying.tenant);
    pass(10 * MINUTE_MS);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'completed' });
    expect(await balancesOf(paying.tenant)).toMatchObject({
      available: after.available,
      spent: after.spent,
    });
    expect(await eventsOf(paying.tenant, 'withdrawal.completed')).toHaveLength(1);
  });
});

describe('verdicts', () => {
  it('M14: a fault takes the fee and gives the amount back', async () => {
    const { id, chain, ...paying } = await openSending();
    const sent = chain.chain.pool.get(chain.waiting);
    chain.include(chain.waiting, 'FAULT');
    const done = await untilStatus({ ...paying, chain }, id, 'failed');
    expect(done).toMatchObject({ reason: 'faulted' });
    const fee = (sent?.systemFee ?? 0n) + (sent?.networkFee ?? 0n);
    expect(await balancesOf(paying.tenant)).toMatchObject({
      available: 20n * GAS - fee,
      reserved: 0n,
      spent: fee,
    });
  });

  it('M14: three faults suspend the destination for a day', async () => {
    const paying = await openPaying();
    for (const number of [1, 2, 3]) {
      const id = await withdrawn(paying, { id: `payout-${String(number)}`, amount: '1' });
      await until(paying, () => paying.chain.waiting);
      paying.chain.include(paying.chain.waiting, 'FAULT');
      await untilStatus(paying, id, 'failed');
    }
    const refused = await withdraw(paying, { id: 'payout-4', amount: '1' });
    expect(refused.body.code).toBe('withdrawals.destination_refused');
    pass(DAY_MS + MINUTE_MS);
    expect((await withdraw(paying, { id: 'payout-5', amount: '1' })).status).toBe(201);
  });

  it.each<[string, (payment: ReturnType<typeof paymentIn>) => ReturnType<typeof paymentIn>]>([
    ['another amount', (payment) => ({ ...payment, amount: payment.amount - 1n })],
    ['another id', (payment) => ({ ...payment, id: '00'.repeat(32) })],
  ])('M3: settles nothing on an event with %s', async (_name, lie) => {
    const { id, chain, ...paying } = await openSending();
    chain.told = (payment) => [lie(payment)];
    chain.include(chain.waiting);
    const stuck = await untilStatus({ ...paying, chain }, id, 'unresolved');
    expect(stuck).toMatchObject({ reason: 'release_differs' });
    expect((await balancesOf(paying.tenant)).reserved > 5n * GAS).toBe(true);
    expect(await eventsOf(paying.tenant, 'withdrawal.unresolved')).toHaveLength(1);
  });

  it('M4, M7: gives all back only when it expired and the vault shows nothing', async () => {
    const { id, chain, ...paying } = await openSending();
    chain.chain.takes = false;
    chain.chain.pool.clear();
    chain.chain.grow(100);
    const done = await untilStatus({ ...paying, chain }, id, 'failed');
    expect(done).toMatchObject({ reason: 'expired', fee: null });
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
  });

  it('M3: an expired one that the vault has paid under its id is paid', async () => {
    const { id, chain, ...paying } = await openSending();
    const sent = chain.chain.pool.get(chain.waiting);
    if (!sent) throw new Error('not sent');
    const payment = paymentIn(sent);
    chain.paid.set(payment.id, payment);
    chain.chain.takes = false;
    chain.chain.pool.clear();
    chain.chain.grow(100);
    const done = await untilStatus({ ...paying, chain }, id, 'completed');
    expect(done).toMatchObject({ reason: 'paid_elsewhere', fee: '0' });
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 15n * GAS, reserved: 0n });
  });

  it('becomes a dead letter when it would fault again and again, with its money held', async () => {
    const paying = await openPaying();
    const id = await withdrawn(paying);
    paying.chain.fault = 'the vault has not enough GAS';
    for (let turn = 0; turn < 12; turn += 1) {
      await until(paying, async () => expect((await read(paying, id)).status).not.toBe('sending'));
      if ((await read(paying, id)).status === 'dead_letter') break;
      pass(61 * MINUTE_MS);
      await keepProven();
      await sweep();
    }
    const dead = await read(paying, id);
    expect(dead).toMatchObject({ status: 'dead_letter', reason: 'attempts_used_up' });
    expect(paying.chain.chain.sent.size).toBe(0);
    expect((await balancesOf(paying.tenant)).reserved > 5n * GAS).toBe(true);
    const attempts = await paying.tenant.call(`GET /gasbank/withdrawals/${id}/attempts`);
    expect(attempts.body.items).toHaveLength(LIMITS.withdrawalAttemptsMax.value);
  });

  it('M1: takes no word of another sender or network', async () => {
    const { id, chain, ...paying } = await openSending();
    await setRow(id, "sender = '0x1111111111111111111111111111111111111111'");
    chain.include(chain.waiting);
    for (let turn = 0; turn < 10; turn += 1) await until(paying, () => undefined);
    expect(await rowOf(id)).toMatchObject({ status: 'sending' });
  });
});

describe('400', () => {
  it.each<[string, object, string]>([
    ['too many decimals', { amount: '1.000000001' }, '/amount'],
    ['an exponent', { amount: '1e2' }, '/amount'],
    ['a negative amount', { amount: '-1' }, '/amount'],
    ['zero', { amount: '0' }, '/amount'],
    ['a script hash', { to: `0x${'11'.repeat(20)}` }, '/to'],
    ['a mistyped address', { to: `${TO.slice(0, -1)}j` }, '/to'],
    ['a fee of nothing', { feeMax: '0' }, '/feeMax'],
  ])('%s', async (_name, fields, pointer) => {
    const refused = await withdraw(await openPaying(), fields);
    expect(refused.status).toBe(400);
    expect(refused.body.fields).toMatchObject([{ pointer }]);
  });
});

describe('402', () => {
  it('refuses what the gas account cannot pay with its fee; the id is free again', async () => {
    const paying = await openPaying(5n * GAS);
    const refused = await withdraw(paying);
    expect([refused.status, refused.body.code]).toEqual([402, 'gasbank.insufficient_funds']);
    await deposit(paying.tenant, GAS);
    expect((await withdraw(paying)).status).toBe(201);
  });
});

describe('403', () => {
  it('M14: never pays the vault, a platform wallet or a contract of the node', async () => {
    const paying = await openPaying();
    const operator = paying.sender.split(':')[1];
    const gasContract = 'NepwUjd9GhqgNkrfXaxj9mmsFhFzGoFuWM';
    for (const to of [operator, gasContract]) {
      const refused = await withdraw(paying, { to });
      expect(refused.body.code, refused.text).toBe('withdrawals.destination_refused');
    }
  });

  it('refuses what the policy of the day does not let leave', async () => {
    const paying = await openPaying();
    await paying.tenant.call('PUT /gasbank/withdrawal-policy', {
      body: { ...EVERY, approvalsAbove: null, perDay: '5' },
    });
    expect((await withdraw(paying)).body.code).toBe('gasbank.budget_exceeded');
  });

  it('refuses a destination that is not in the list, and one that was added lately', async () => {
    const paying = await openPaying();
    const put = (destinations: readonly string[]) =>
      paying.tenant.call('PUT /gasbank/withdrawal-policy', {
        body: {
          ...EVERY,
          approvalsAbove: null,
          delayHours: 24,
          destinations: destinations.map((address) => ({ address })),
        },
      });
    await put([SMALL_CHAIN.sender]);
    expect((await withdraw(paying)).body.code).toBe('withdrawals.destination_refused');
    await put([SMALL_CHAIN.sender, TO]);
    const early = await withdraw(paying);
    expect(early.body).toMatchObject({
      code: 'withdrawals.destination_refused',
      detail: 'it was added lately',
    });
    pass(DAY_MS);
    expect((await withdraw(paying)).status).toBe(201);
  });
});

describe('404', () => {
  it('knows no gas account of another account', async () => {
    const paying = await openPaying();
    const stranger = await openTenant('stranger');
    const refused = await withdraw({ ...paying, tenant: stranger });
    expect(refused.body.code).toBe('gasbank.fund_not_found');
  });
});

describe('409', () => {
  it('refuses another wish under the same id', async () => {
    const paying = await openPaying();
    await withdrawn(paying);
    for (const fields of [{ amount: '6' }, { to: SMALL_CHAIN.sender }, { feeMax: '0.4' }])
      expect((await withdraw(paying, fields)).body.code).toBe('withdrawals.request_conflict');
  });
});

describe('422', () => {
  it.each<[string, object, string]>([
    ['too little', { amount: '0.09' }, 'withdrawals.amount_too_small'],
    ['more than the vault pays in a day', { amount: '1001' }, 'withdrawals.above_cap'],
    ['a fee above the most', { feeMax: '0.3' }, 'withdrawals.fee_too_high'],
    ['the past', { scheduleAt: '2020-01-01T00:00:00.000Z' }, 'withdrawals.schedule_invalid'],
    ['too far ahead', { scheduleAt: '2099-01-01T00:00:00.000Z' }, 'withdrawals.schedule_invalid'],
  ])('%s', async (_name, fields, code) => {
    const refused = await withdraw(await openPaying(), fields);
    expect([refused.status, refused.body.code], refused.text).toEqual([422, code]);
  });

  it('M14: refuses a recipient that makes it cost too much, before anything is held', async () => {
    const paying = await openPaying();
    paying.chain.cost = 1_016_000_000n;
    expect((await withdraw(paying)).body.code).toBe('withdrawals.fee_too_high');
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 20n * GAS });
  });

  it('refuses what would fault', async () => {
    const paying = await openPaying();
    paying.chain.fault = 'ABORT';
    const refused = await withdraw(paying);
    expect(refused.body).toMatchObject({ code: 'withdrawals.would_fault', detail: 'ABORT' });
  });

  it('M16: refuses what nobody could approve', async () => {
    const paying = await openPaying();
    await paying.tenant.call('PUT /gasbank/withdrawal-policy', { body: EVERY });
    expect((await withdraw(paying)).body.code).toBe('withdrawals.approvers_missing');
  });
});

describe('429', () => {
  it('opens no more than so many at once', async () => {
    const paying = await openPaying();
    const id = await withdrawn(paying, { scheduleAt: new Date(Date.now() + DAY_MS).toISOString() });
    await DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
       INSERT INTO withdrawals SELECT 'filler' || i, kind, account_id, 'filler' || i, request_digest,
         gas_account_id, deposit_id, platform_wallet_id, fund, network, network_magic, route, vault,
         recipient, amount, system_fee_max, network_fee_max, status, status_since, reason, detail,
         ending, threshold, approvers, intent_hash, expires_at, scheduled_at, eta_at, sender, attempt,
         tries, handed_at, due_at, hash, block_index, fee, reference, note, created_by, revision,
         created_at, updated_at, ended_at FROM n, withdrawals WHERE withdrawal_id = ?`,
    )
      .bind(id)
      .run();
    expect((await withdraw(paying, { id: 'more' })).body.code).toBe('withdrawals.too_many_open');
  });
});

describe('503', () => {
  it('is unavailable where nothing pays, or no node answers', async () => {
    const paying = await openPaying();
    paying.chain.chain.node.response = () => new Response(null, { status: 500 });
    expect((await withdraw(paying)).body.code).toBe('chain.unavailable');
    paying.chain.chain.node.response = null;
    await DB.prepare('DELETE FROM vaults').run();
    expect((await withdraw(paying)).body.code).toBe('withdrawals.route_unavailable');
  });

  it('M1: pays nothing of a network whose name another has now', async () => {
    const paying = await openPaying();
    const renamed = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    expect((await createAltered(paying, { NEO_NETWORKS: renamed })).body.code).toBe(
      'chain.network_unknown',
    );
  });
});
