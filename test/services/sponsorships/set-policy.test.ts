/** `PUT .../sponsorship-policies/{policyId}`. M16: looser needs approvals, tighter counts at once. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { govern } from '../wallets/wallets-under-test.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { addPolicy, TERMS } from './sponsorships-under-test.ts';

const LOOSER = { ...TERMS, perDay: '21' };
const TIGHTER = { ...TERMS, perDay: '19' };

async function open(tenant?: Awaited<ReturnType<typeof openTenant>>) {
  const owner = tenant ?? (await openTenant());
  const gasAccountId = (await openGasAccount(owner, { name: 'fees' })).body.id;
  const policyId = await addPolicy(owner, gasAccountId);
  const set = (terms: object, headers: Record<string, string> = {}) =>
    owner.call(`PUT /gasbank/sponsorship-policies/${policyId}`, {
      body: { name: 'game', ...terms },
      headers,
    });
  return { tenant: owner, policyId, set };
}

describe('200', () => {
  it('replaces the terms as a whole, and says in the audit log what it loosened', async () => {
    const { tenant, set } = await open();
    const changed = await set({ ...LOOSER, windowBlocksMax: 60 });
    expect(changed.body).toMatchObject({ perDay: '21', windowBlocksMax: 60 });
    expect(changed.headers.get('etag')).toBe('"r2"');
    const log = await tenant.call('GET /audit?operation=sponsorships.setPolicy');
    expect(log.body.items).toMatchObject([{ details: { loosened: ['perDay'] } }]);
  });
});

describe('200, where the account has a wallet policy', () => {
  const openLoosening = async () => {
    const governed = await openGoverned(2, 3);
    const { tenant } = governed;
    const gasAccountId = (await openGasAccount(tenant, { name: 'fees' })).body.id;
    const create = {
      operation: 'sponsorships.createPolicy',
      sponsorshipGasAccountId: gasAccountId,
      sponsorshipTerms: TERMS,
    };
    for (const member of [0, 1]) await governed.approve(member, create);
    const policyId = await addPolicy(tenant, gasAccountId);
    const act = {
      operation: 'sponsorships.setPolicy',
      sponsorshipPolicyId: policyId,
      sponsorshipTerms: LOOSER,
    };
    const set = (terms: object) =>
      tenant.call(`PUT /gasbank/sponsorship-policies/${policyId}`, {
        body: { name: 'game', ...terms },
      });
    return { ...governed, act, set };
  };

  it('M16: tightens without approvals, and loosens with those of as many members, once', async () => {
    const { approve, act, set } = await openLoosening();
    expect((await set(TIGHTER)).status).toBe(200);
    await approve(0, act);
    expect((await set(LOOSER)).body).toMatchObject({ limit: 2, observed: 1 });
    await approve(1, act);
    expect((await set({ ...LOOSER, perDay: '22' })).body).toMatchObject({ observed: 0 });
    expect((await set(LOOSER)).status).toBe(200);
    await set(TIGHTER);
    const refused = await set(LOOSER);
    expect(refused.body).toMatchObject({ code: 'wallets.approvals_required', observed: 0 });
    expect(refused.body.fields).toMatchObject([{ pointer: '/perDay' }]);
  });

  // The attack: a loosening was approved, then a theft was noticed and answered by tightening.
  it('M16: does not undo a tightening with approvals from before it', async () => {
    const { approve, act, set } = await openLoosening();
    await approve(0, act);
    await approve(1, act);
    expect((await set(TIGHTER)).status).toBe(200);
    expect((await set(LOOSER)).body).toMatchObject({ observed: 0 });
  });
});

describe('400', () => {
  it('refuses to move it to another gas account', async () => {
    const { set } = await open();
    const gasAccountId = 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs';
    expect((await set({ ...TERMS, gasAccountId })).status).toBe(400);
  });
});

describe('403', () => {
  it('M16: refuses what lets more pass without the approvals, and keeps the terms', async () => {
    const { tenant, policyId, set } = await open();
    await govern(tenant);
    const refused = await set(LOOSER);
    expect([refused.status, refused.body.code]).toEqual([403, 'wallets.approvals_required']);
    const read = await tenant.call(`GET /gasbank/sponsorship-policies/${policyId}`);
    expect(read.body.perDay).toBe(TERMS.perDay);
  });
});

describe('404', () => {
  it('knows nothing of another account', async () => {
    const { policyId } = await open();
    const stranger = await openTenant('stranger');
    const path = `PUT /gasbank/sponsorship-policies/${policyId}`;
    const body = { name: 'game', ...TERMS };
    expect((await stranger.call(path, { body })).status).toBe(404);
    expect(
      (
        await call(`PUT /accounts/${stranger.accountId}/gasbank/sponsorship-policies/${policyId}`, {
          body,
        })
      ).status,
    ).toBe(404);
  });
});

describe('412', () => {
  it('refuses a change of what was not read', async () => {
    const { set } = await open();
    expect((await set(TIGHTER, { 'if-match': '"r2"' })).status).toBe(412);
  });
});
