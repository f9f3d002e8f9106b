/**
 * M5: a payment that nodes cannot tell the end of. Its sender is in dispute; the money stays held,
 * everybody concerned is told, and an operator closes it with a reason, or has it looked at again.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { sweepTwice } from './cut-off.ts';
import {
  balancesOf,
  eventsOf,
  GAS,
  openSending,
  pass,
  read,
  rowOf,
  senderOf,
  until,
  untilStatus,
} from './withdrawals-under-test.ts';

const HOUR_MS = 3_600_000;
const REASON = 'seen on two nodes of mine';

/** Its nodes could not be read for longer than its state may last. */
async function openDisputed() {
  const { id, ...paying } = await openSending();
  const { chain } = paying;
  const hash = chain.waiting;
  chain.chain.node.response = () => new Response(null, { status: 503 });
  await until(paying, async () => {
    pass(HOUR_MS);
    expect(await rowOf(id)).toMatchObject({ status: 'unresolved', reason: 'disputed' });
  });
  chain.chain.node.response = null;
  return { ...paying, id, hash };
}

const act = (id: string, what: 'resolve' | 'replay', body: object = {}) =>
  call(`POST /operator/gasbank/withdrawals/${id}/${what}`, { body: { reason: REASON, ...body } });

const attemptOf = async (stuck: Awaited<ReturnType<typeof openDisputed>>) => {
  const view = await senderOf(stuck).get(`${stuck.id}:1`);
  return view.ok ? view.value : undefined;
};

describe('a dispute', () => {
  it('M4, M7: keeps the hold however long it lasts, and is told once to the account and to operators', async () => {
    const stuck = await openDisputed();
    const held = await balancesOf(stuck.tenant);
    expect(held.reserved > 5n * GAS).toBe(true);
    await sweepTwice();
    pass(48 * HOUR_MS);
    await sweepTwice();
    expect(await read(stuck, stuck.id)).toMatchObject({ status: 'unresolved', reason: 'disputed' });
    expect(await balancesOf(stuck.tenant)).toEqual(held);
    expect(await eventsOf(stuck.tenant, 'withdrawal.unresolved')).toHaveLength(1);
    const outbox = await env.DB.prepare(
      "SELECT body FROM outbox WHERE journal = 'operator' AND kind = 'event'",
    ).all<{ body: string }>();
    const told = outbox.results.filter(({ body }) => body.includes('"withdrawal.unresolved"'));
    expect(told).toHaveLength(1);
    const listed = await call('GET /operator/gasbank/withdrawals?status=unresolved');
    expect(listed.body.items).toMatchObject([{ id: stuck.id, accountId: stuck.tenant.accountId }]);
  });

  it('M7: is not taken back by its owner', async () => {
    const stuck = await openDisputed();
    const refused = await stuck.tenant.call(`POST /gasbank/withdrawals/${stuck.id}/cancel`);
    expect(refused.body.code).toBe('withdrawals.not_cancellable');
  });
});

describe('an operator', () => {
  it('M4: gives nothing back before the last block has passed, nor what the vault has paid', async () => {
    const stuck = await openDisputed();
    const early = await act(stuck.id, 'resolve', { outcome: 'failed' });
    expect(early.body.code).toBe('chain.unavailable');
    stuck.chain.include(stuck.hash);
    stuck.chain.chain.grow(100);
    const wrong = await act(stuck.id, 'resolve', { outcome: 'failed' });
    expect(wrong.body.code).toBe('withdrawals.contradicts_chain');
    expect((await balancesOf(stuck.tenant)).reserved > 5n * GAS).toBe(true);
    expect(await attemptOf(stuck)).toMatchObject({ state: 'disputed' });
  });

  it('M5: gives all back with a reason that stays, and ends it at the sender', async () => {
    const stuck = await openDisputed();
    stuck.chain.chain.grow(100);
    expect((await act(stuck.id, 'resolve', { outcome: 'failed' })).status).toBe(200);
    expect(await read(stuck, stuck.id)).toMatchObject({
      status: 'failed',
      reason: 'resolved_by_operator',
      detail: REASON,
    });
    expect(await balancesOf(stuck.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
    expect(await attemptOf(stuck)).toMatchObject({ state: 'expired', detail: REASON });
    const { items } = (await stuck.tenant.call('GET /audit?limit=100')).body;
    const lines = items.filter(
      ({ operation }: { operation: string }) => operation === 'withdrawals.resolveWithdrawal',
    );
    expect(lines).toMatchObject([
      { actor: { kind: 'operator' }, details: { outcome: 'failed', reason: REASON } },
    ]);
    await sweepTwice();
    expect(await eventsOf(stuck.tenant, 'withdrawal.failed')).toHaveLength(1);
  });

  it('M5: takes what was paid, once, whatever the sender sees later', async () => {
    const stuck = await openDisputed();
    stuck.chain.include(stuck.hash);
    stuck.chain.chain.grow(100);
    expect((await act(stuck.id, 'resolve', { outcome: 'paid' })).status).toBe(200);
    const paid = { available: 15n * GAS, reserved: 0n };
    expect(await balancesOf(stuck.tenant)).toMatchObject(paid);
    await until(stuck, async () =>
      expect(await attemptOf(stuck)).toMatchObject({ state: 'confirmed' }),
    );
    await sweepTwice();
    expect(await read(stuck, stuck.id)).toMatchObject({ status: 'completed' });
    expect(await balancesOf(stuck.tenant)).toMatchObject(paid);
    expect(await eventsOf(stuck.tenant, 'withdrawal.completed')).toHaveLength(1);
  });

  it('has it looked at again, and the chain then ends it itself', async () => {
    const stuck = await openDisputed();
    stuck.chain.include(stuck.hash);
    expect((await act(stuck.id, 'replay')).body).toMatchObject({ status: 'sending' });
    const done = await untilStatus(stuck, stuck.id, 'completed');
    expect(done).toMatchObject({ reason: 'released', hash: stuck.hash });
    expect(stuck.chain.chain.sent.size).toBe(1);
    expect((await balancesOf(stuck.tenant)).reserved).toBe(0n);
  });
});
