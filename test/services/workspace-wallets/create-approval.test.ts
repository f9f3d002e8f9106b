/** `POST /accounts/{accountId}/wallet-policy/approvals`: k different members, for this act, once. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { stopClock } from '../../support/time.ts';
import { changeTo, DELETION, openGoverned, removalOf } from './policy-under-test.ts';

const HOUR_MS = 3_600_000;

describe('201', () => {
  it('lets k members change the policy, and uses their approvals up', async () => {
    const { tenant, members, approve } = await openGoverned(2, 3);
    const policy = { threshold: 3, members };
    const set = () => tenant.call('PUT /wallet-policy', { body: policy });
    expect((await approve(0, changeTo(policy))).body).toMatchObject({
      walletId: members[0],
      layout: 'classic-salted',
    });
    expect((await set()).body).toMatchObject({ limit: 2, observed: 1 });
    await approve(2, changeTo(policy));
    expect((await set()).body).toMatchObject(policy);
    expect((await tenant.call('GET /wallet-policy/approvals')).body.items).toEqual([]);
    const back = { threshold: 2, members };
    expect((await tenant.call('PUT /wallet-policy', { body: back })).body).toMatchObject({
      limit: 3,
      observed: 0,
    });
  });

  it('counts a member once, however often it signs', async () => {
    const { tenant, approve } = await openGoverned(2, 2);
    await approve(0, DELETION);
    await approve(0, DELETION);
    expect((await tenant.call('DELETE ')).body).toMatchObject({
      code: 'wallets.approvals_required',
      observed: 1,
    });
    const { items } = (await tenant.call('GET /wallet-policy/approvals')).body;
    expect(items).toHaveLength(1);
  });

  it('serves the act it was given for and no other', async () => {
    const { tenant, members, approve } = await openGoverned(1, 3);
    await approve(0, removalOf(members[2]));
    for (const request of ['DELETE ', `DELETE /workspace-wallets/${members[1]}`])
      expect((await tenant.call(request)).body.code).toBe('wallets.approvals_required');
    const body = { threshold: 1, members: members.slice(0, 2) };
    expect((await tenant.call('PUT /wallet-policy', { body })).status).toBe(403);
    expect((await tenant.call(`DELETE /workspace-wallets/${members[2]}`)).status).toBe(204);
  });

  it('does not outlive the policy it was given under', async () => {
    const { tenant, members, approve } = await openGoverned(1, 2);
    await approve(0, DELETION);
    const wider = { threshold: 2, members };
    await approve(0, changeTo(wider));
    expect((await tenant.call('PUT /wallet-policy', { body: wider })).status).toBe(200);
    const back = { threshold: 1, members };
    await approve(0, changeTo(back));
    await approve(1, changeTo(back));
    expect((await tenant.call('PUT /wallet-policy', { body: back })).status).toBe(200);
    expect((await tenant.call('DELETE ')).body.code).toBe('wallets.approvals_required');
  });

  it('counts for a day and no longer', async () => {
    const { pass } = stopClock();
    const { tenant, approve } = await openGoverned(1, 1);
    await approve(0, DELETION);
    pass(24 * HOUR_MS);
    expect((await tenant.call('DELETE ')).body.code).toBe('wallets.approvals_required');
    await approve(0, DELETION);
    pass(23 * HOUR_MS);
    expect((await tenant.call('DELETE ')).status).toBe(204);
  });

  it('has one effect when the act is asked for twice at the same time', async () => {
    const { tenant, members, approve } = await openGoverned(1, 3);
    await approve(0, removalOf(members[2]));
    const request = `DELETE /workspace-wallets/${members[2]}`;
    const answers = await Promise.all([tenant.call(request), tenant.call(request)]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    const policy = (await tenant.call('GET /wallet-policy')).body;
    expect(policy.members).toEqual(members.slice(0, 2));
  });

  it('binds operators as well', async () => {
    const { tenant, approve } = await openGoverned(1, 1);
    const path = `DELETE /accounts/${tenant.accountId}`;
    expect((await call(path)).body.code).toBe('wallets.approvals_required');
    await approve(0, DELETION);
    expect((await call(path)).status).toBe(204);
  });
});

describe('403', () => {
  it('refuses whoever is not the member that was asked', async () => {
    const { tenant, wallets, askFor } = await openGoverned(1, 2);
    const asked = (await askFor(0, DELETION)).body;
    for (const thief of [wallets[1], createNeoWallet()])
      expect(
        await tenant.call('POST /wallet-policy/approvals', { body: thief?.answer(asked) }),
      ).toMatchObject({ status: 403, body: { code: 'challenges.answer_refused' } });
  });
});

describe('409', () => {
  it('takes a text once, and none of another purpose or account', async () => {
    const one = await openGoverned(1, 1);
    const other = await openGoverned(1, 1);
    const body = one.wallets[0]?.answer((await one.askFor(0, DELETION)).body);
    const request = 'POST /wallet-policy/approvals';
    expect((await other.tenant.call(request, { body })).body.code).toBe('challenges.ended');
    expect((await one.tenant.call(request, { body })).status).toBe(201);
    expect((await one.tenant.call(request, { body })).body.code).toBe('challenges.ended');
    const path = `POST /workspace-wallets/${one.members[0]}/challenges`;
    const verification = (await one.tenant.call(path, { body: {} })).body;
    const signed = one.wallets[0]?.answer(verification);
    expect((await one.tenant.call(request, { body: signed })).body.code).toBe('challenges.ended');
  });

  it('takes no text of a policy that has changed since', async () => {
    const { tenant, members, wallets, askFor, approve } = await openGoverned(1, 2);
    const asked = (await askFor(0, DELETION)).body;
    const wider = { threshold: 2, members };
    await approve(0, changeTo(wider));
    await tenant.call('PUT /wallet-policy', { body: wider });
    const body = wallets[0]?.answer(asked);
    expect((await tenant.call('POST /wallet-policy/approvals', { body })).body.code).toBe(
      'challenges.ended',
    );
  });
});
