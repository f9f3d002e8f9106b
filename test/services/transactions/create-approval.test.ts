/** `POST .../transactions/{transactionId}/approvals`: k different wallets, for this transaction, once. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import {
  created,
  eventsOf,
  GOVERNED,
  openProposing,
  type Proposing,
  pass,
  read,
  rowOf,
  senderOf,
  sendersThatDie,
  sweep,
  transferBy,
  until,
} from './transactions-under-test.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const signed = async (proposing: Proposing, id: string, approver: number) =>
  proposing.approvers[approver]?.answer((await proposing.ask(id, approver)).body);
const setPolicy = ({ tenant, walletId }: Proposing, changes: object) =>
  tenant.call(`PUT /wallets/${walletId}/policy`, { body: { ...GOVERNED, ...changes } });
const idsInSender = async (proposing: Proposing) => {
  const listed = await senderOf(proposing).list({ limit: 10 });
  return listed.ok ? listed.value.items.map(({ id }) => id) : [];
};

describe('201', () => {
  it('M19: sends with the last approval that is needed, and not before', async () => {
    const chain = growingChain();
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    expect((await proposing.approve(id, 0)).body).toMatchObject({
      status: 'proposed',
      approvals: [{ walletId: proposing.approverIds[0], layout: 'classic-salted', counts: true }],
    });
    expect(await idsInSender(proposing)).toEqual([]);
    expect((await proposing.approve(id, 2)).body.status).toBe('sending');
    const hash = await until(proposing, async () => {
      const [sent] = chain.pool.keys();
      expect(sent).toBeDefined();
      return sent ?? '';
    });
    chain.include(hash);
    await until(proposing, async () => expect(await rowOf(id)).toMatchObject({ hash }));
    expect(await read(proposing, id)).toMatchObject({ status: 'confirmed', threshold: 2 });
    expect(await eventsOf(proposing, 'transaction.confirmed')).toMatchObject([
      { subject: `transactions/${id}`, data: { transactionId: id, hash } },
    ]);
  });

  it('counts a wallet once, however often it signs', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    const again = await proposing.approve(id, 0);
    expect(again).toMatchObject({ status: 201, body: { status: 'proposed' } });
    expect(again.body.approvals).toHaveLength(1);
  });

  it('M16: does not count a wallet that was removed after it approved', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    await proposing.tenant.call(`DELETE /workspace-wallets/${proposing.approverIds[0]}`);
    const second = await proposing.approve(id, 1);
    expect(second.body).toMatchObject({
      status: 'proposed',
      approvals: [{ counts: false }, { counts: true }],
    });
    expect((await proposing.approve(id, 2)).body.status).toBe('sending');
  });

  it('M16: needs as many as when it was proposed, whatever a looser policy says since', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    expect((await setPolicy(proposing, { approvals: 1 })).status).toBe(200);
    expect((await proposing.approve(id, 0)).body).toMatchObject({
      status: 'proposed',
      threshold: 2,
    });
    expect((await proposing.approve(id, 1)).body.status).toBe('sending');
  });

  it('sends once when the last two approvals come at the same time', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    const path = `POST /transactions/${id}/approvals`;
    const bodies = [await signed(proposing, id, 0), await signed(proposing, id, 1)];
    const answers = await Promise.all(bodies.map((body) => proposing.tenant.call(path, { body })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.filter(({ body }) => body.status === 'sending')).toHaveLength(1);
    expect(await idsInSender(proposing)).toEqual([id]);
    expect((await read(proposing, id)).approvals).toHaveLength(2);
  });

  it('M4: is handed over by the sweep, with its approvals, when the request died before', async () => {
    const proposing = await openProposing(2);
    const { tenant } = proposing;
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    const { namespace } = sendersThatDie('send', 'before');
    const approved = await callAltered(
      { NEO_SENDER: namespace },
      `POST /accounts/${tenant.accountId}/transactions/${id}/approvals`,
      { token: tenant.key, body: await signed(proposing, id, 1) },
    );
    expect(approved).toMatchObject({ status: 201, body: { status: 'sending' } });
    expect(await idsInSender(proposing)).toEqual([]);
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await idsInSender(proposing)).toEqual([id]);
  });

  it('M16: ends rejected when the policy refuses by then what was approved', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    await setPolicy(proposing, { approvals: null });
    await proposing.approve(id, 0);
    await proposing.approve(id, 1);
    const body = await read(proposing, id);
    expect(body).toMatchObject({ status: 'rejected', reason: 'policy_refused' });
    expect(body.detail).toContain('the policy has no amount');
    expect(await eventsOf(proposing, 'transaction.rejected')).toMatchObject([
      { data: { transactionId: id, reason: 'policy_refused' } },
    ]);
  });
});

describe('403', () => {
  it('refuses the signature of another wallet, be it an approver', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const asked = (await proposing.ask(id, 0)).body;
    const body = proposing.approvers[1]?.answer(asked);
    const refused = await proposing.tenant.call(`POST /transactions/${id}/approvals`, { body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'challenges.answer_refused' } });
    expect((await read(proposing, id)).approvals).toEqual([]);
  });
});

describe('404', () => {
  it('is not there for another account, with a right signature too', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const stranger = await openTenant('stranger');
    const body = await signed(proposing, id, 0);
    const refused = await stranger.call(`POST /transactions/${id}/approvals`, { body });
    expect(refused).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
  });
});

describe('409', () => {
  it('M19: does not take the approval of one transaction for another, alike as they are', async () => {
    const proposing = await openProposing(2);
    const one = (await created(proposing)).body.id;
    const other = (await created(proposing)).body.id;
    const body = await signed(proposing, one, 0);
    const crossed = await proposing.tenant.call(`POST /transactions/${other}/approvals`, { body });
    expect(crossed.body.code).toBe('challenges.ended');
    // Nor was it used up by that.
    const right = await proposing.tenant.call(`POST /transactions/${one}/approvals`, { body });
    expect(right.status).toBe(201);
    const twice = await proposing.tenant.call(`POST /transactions/${one}/approvals`, { body });
    expect(twice.body.code).toBe('challenges.ended');
  });

  it('takes no text that was signed for the wallet policy', async () => {
    const proposing = await openProposing(2);
    const { tenant, approverIds, approvers } = proposing;
    const { id } = (await created(proposing)).body;
    await tenant.call('PUT /wallet-policy', { body: { threshold: 1, members: approverIds } });
    const asked = await tenant.call('POST /wallet-policy/approval-challenges', {
      body: { walletId: approverIds[0], operation: 'accounts.deleteAccount' },
    });
    const body = approvers[0]?.answer(asked.body);
    const refused = await tenant.call(`POST /transactions/${id}/approvals`, { body });
    expect(refused.body.code).toBe('challenges.ended');
  });

  it('takes none after the proposal expired, nor after it was cancelled or sent', async () => {
    const proposing = await openProposing(3);
    const { tenant } = proposing;
    const late = (await created(proposing, { expiresInMinutes: 5 })).body.id;
    pass(4 * MINUTE_MS);
    const body = await signed(proposing, late, 0);
    pass(MINUTE_MS);
    const refused = await tenant.call(`POST /transactions/${late}/approvals`, { body });
    expect(refused.body).toMatchObject({ code: 'transactions.not_proposed', detail: 'expired' });
    const cancelled = (await created(proposing)).body.id;
    const answer = await signed(proposing, cancelled, 0);
    await tenant.call(`POST /transactions/${cancelled}/cancel`, { body: {} });
    const ended = await tenant.call(`POST /transactions/${cancelled}/approvals`, { body: answer });
    expect(ended.body).toMatchObject({ code: 'transactions.not_proposed', detail: 'cancelled' });
    const sent = (await created(proposing)).body.id;
    const third = await signed(proposing, sent, 2);
    await proposing.approve(sent, 0);
    await proposing.approve(sent, 1);
    const surplus = await tenant.call(`POST /transactions/${sent}/approvals`, { body: third });
    expect(surplus.body).toMatchObject({ code: 'transactions.not_proposed', detail: 'sending' });
  });

  it('sends nothing from a wallet that was retired after the proposal', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    await proposing.tenant.call(`POST /wallets/${proposing.walletId}/retire`);
    const body = await signed(proposing, id, 1);
    const refused = await proposing.tenant.call(`POST /transactions/${id}/approvals`, { body });
    expect(refused.body.code).toBe('wallets.retired');
    expect(await read(proposing, id)).toMatchObject({ status: 'proposed' });
    pass(DAY_MS);
    await sweep();
    expect(await read(proposing, id)).toMatchObject({
      status: 'expired',
      reason: 'proposal_expired',
    });
  });
});

describe('412', () => {
  it('counts anew when an approver was removed meanwhile, and gives up after some turns', async () => {
    const proposing = await openProposing(3);
    const { tenant } = proposing;
    const { id } = (await created(proposing)).body;
    const path = `POST /accounts/${tenant.accountId}/transactions/${id}/approvals`;
    await proposing.approve(id, 0);
    // The first batch reads, the second writes.
    const removed = racingDatabase(2, () =>
      tenant.call(`DELETE /workspace-wallets/${proposing.approverIds[0]}`),
    );
    const body = await signed(proposing, id, 1);
    const counted = await callAltered({ DB: removed }, path, { token: tenant.key, body });
    expect(counted).toMatchObject({ status: 201, body: { status: 'proposed' } });
    const always = racingDatabase('each', () =>
      env.DB.prepare('UPDATE transactions SET revision = revision + 1').run(),
    );
    const last = await signed(proposing, id, 2);
    const refused = await callAltered({ DB: always }, path, { token: tenant.key, body: last });
    expect(refused).toMatchObject({ status: 412, body: { code: 'request.precondition_failed' } });
  });
});

describe('422', () => {
  it('M16: does not take the approval of a wallet that was removed since it was asked', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    const body = await signed(proposing, id, 0);
    await proposing.tenant.call(`DELETE /workspace-wallets/${proposing.approverIds[0]}`);
    const refused = await proposing.tenant.call(`POST /transactions/${id}/approvals`, { body });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'transactions.not_an_approver' },
    });
  });

  it('binds what was proposed: another amount is another intent', async () => {
    const proposing = await openProposing(2);
    const one = (await created(proposing)).body;
    const other = (await created(proposing, { calls: [transferBy(proposing, 2)] })).body;
    expect(one.intentHash).not.toBe(other.intentHash);
    const texts = [await proposing.ask(one.id, 0), await proposing.ask(other.id, 0)];
    expect(texts[0]?.body.text).toContain(one.intentHash);
    expect(texts[1]?.body.text).toContain('2 datoshi of GAS');
  });
});
