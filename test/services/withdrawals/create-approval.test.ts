/** `POST .../withdrawals/{withdrawalId}/approvals`: k of those that were fixed with it. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import {
  balancesOf,
  DAY_MS,
  eventsOf,
  GAS,
  MINUTE_MS,
  openApproving,
  pass,
  read,
  rowOf,
  sweep,
  until,
  withdrawn,
} from './withdrawals-under-test.ts';

const pathOf = (id: string) => `/gasbank/withdrawals/${id}/approvals`;

describe('201', () => {
  it('M16: sends it with the last approval that is needed, and not before', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    expect(await read(approving, id)).toMatchObject({
      status: 'awaiting_approval',
      threshold: 2,
      approvers: expect.arrayContaining([...approving.approverIds]),
    });
    const first = await approving.approve(id, 0);
    expect(first.body).toMatchObject({
      status: 'awaiting_approval',
      approvals: [{ counts: true }],
    });
    // A wallet counts once.
    expect((await approving.approve(id, 0)).body.approvals).toHaveLength(1);
    expect((await approving.approve(id, 2)).body).toMatchObject({ status: 'ready' });
    await until(approving, () => approving.chain.waiting);
  });

  it.each([
    [1, 2, 'ready'],
    [2, 1, 'awaiting_approval'],
  ])(
    'M16: needs %d as when it was asked for, though it is %d by now',
    async (then, now, status) => {
      const approving = await openApproving(3, then);
      const id = await withdrawn(approving);
      const set = 'UPDATE wallet_policies SET threshold = ? WHERE account_id = ?';
      await env.DB.prepare(set).bind(now, approving.tenant.accountId).run();
      const approved = await approving.approve(id, 1);
      expect(approved.body).toMatchObject({ threshold: then, status });
    },
  );

  it('M16: counts no approval of a wallet that was removed since', async () => {
    const approving = await openApproving(3, 2);
    const id = await withdrawn(approving);
    await approving.approve(id, 0);
    const removed = "UPDATE workspace_wallets SET status = 'unverified' WHERE wallet_id = ?";
    await env.DB.prepare(removed).bind(approving.approverIds[0]).run();
    const second = await approving.approve(id, 1);
    expect(second.body).toMatchObject({ status: 'awaiting_approval' });
    expect((await approving.approve(id, 2)).body).toMatchObject({ status: 'ready' });
  });

  it('lets its schedule begin', async () => {
    const approving = await openApproving(2, 1);
    const scheduleAt = new Date(Date.now() + DAY_MS).toISOString();
    const id = await withdrawn(approving, { scheduleAt });
    expect((await approving.approve(id, 0)).body).toMatchObject({ status: 'scheduled' });
  });

  it('gives all back when too few approve in time', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    await approving.approve(id, 0);
    pass(3 * DAY_MS + MINUTE_MS);
    await sweep();
    expect(await read(approving, id)).toMatchObject({
      status: 'rejected',
      reason: 'approvals_missing',
    });
    expect(await balancesOf(approving.tenant)).toMatchObject({
      available: 20n * GAS,
      reserved: 0n,
    });
    expect(await eventsOf(approving.tenant, 'withdrawal.rejected')).toHaveLength(1);
  });
});

describe('400', () => {
  it('refuses a signature of another form', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const refused = await approving.tenant.call(`POST ${pathOf(id)}`, { body: { signature: '!' } });
    expect(refused.status).toBe(400);
  });
});

describe('403', () => {
  it('refuses an answer that another wallet signed', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const asked = await approving.ask(id, 0);
    const refused = await approving.tenant.call(`POST ${pathOf(id)}`, {
      body: approving.approvers[1]?.answer(asked.body),
    });
    expect(refused.body.code).toBe('challenges.answer_refused');
    expect(await rowOf(id)).toMatchObject({ status: 'awaiting_approval' });
  });

  it('counts no approver whose wallet was removed since it was asked', async () => {
    const approving = await openApproving(3, 1);
    const id = await withdrawn(approving);
    const asked = await approving.ask(id, 0);
    const [gone] = approving.approverIds;
    await approving.tenant.call('DELETE /wallet-policy').catch(() => undefined);
    await env.DB.prepare("UPDATE workspace_wallets SET status = 'unverified' WHERE wallet_id = ?")
      .bind(gone)
      .run();
    const refused = await approving.tenant.call(`POST ${pathOf(id)}`, {
      body: approving.approvers[0]?.answer(asked.body),
    });
    expect(refused.body.code).toBe('withdrawals.not_an_approver');
  });
});

describe('404', () => {
  it('knows no such withdrawal', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const asked = await approving.ask(id, 0);
    const refused = await approving.tenant.call(
      `POST ${pathOf('wdr_01k4j8x1e0e4r9v2m3n5p6q7rs')}`,
      {
        body: approving.approvers[0]?.answer(asked.body),
      },
    );
    expect(refused.body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('M16: takes no approval of another withdrawal', async () => {
    const approving = await openApproving(2, 1);
    const one = await withdrawn(approving);
    const two = await withdrawn(approving, { id: 'payout-2', amount: '6' });
    const asked = await approving.ask(one, 0);
    const crossed = await approving.tenant.call(`POST ${pathOf(two)}`, {
      body: approving.approvers[0]?.answer(asked.body),
    });
    expect(crossed.body.code).toBe('challenges.ended');
    expect(await rowOf(two)).toMatchObject({ status: 'awaiting_approval' });
  });

  it('takes an approval once, and none of what does not wait any more', async () => {
    const approving = await openApproving(2, 2);
    const id = await withdrawn(approving);
    const asked = await approving.ask(id, 0);
    const body = approving.approvers[0]?.answer(asked.body);
    const first = await approving.tenant.call(`POST ${pathOf(id)}`, { body });
    expect(first.status).toBe(201);
    const again = await approving.tenant.call(`POST ${pathOf(id)}`, { body });
    expect(again.body.code).toBe('challenges.ended');
    const late = await approving.ask(id, 1);
    await approving.tenant.call(`POST /gasbank/withdrawals/${id}/cancel`);
    const refused = await approving.tenant.call(`POST ${pathOf(id)}`, {
      body: approving.approvers[1]?.answer(late.body),
    });
    expect(refused.body.code).toBe('withdrawals.not_proposed');
  });
});
