/**
 * `PATCH /accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}`. M16: what loosens it needs the
 * approvals of the account's wallet policy, what tightens it needs none.
 */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { govern } from '../wallets/wallets-under-test.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { pathOf } from './gas-under-test.ts';

const BOUND = { minimumBalance: '2', dailyLimit: '10', lowBalance: '3' };

describe('200', () => {
  it('changes what is given and keeps the rest', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, { ...BOUND, label: 'fees' });
    const changed = await tenant.call(`PATCH ${pathOf(opened)}`, {
      body: { dailyLimit: null, minimumBalance: '1.50' },
    });
    expect(changed.body).toMatchObject({
      minimumBalance: '1.5',
      dailyLimit: null,
      lowBalance: '3',
      label: 'fees',
    });
    expect(changed.headers.get('etag')).toBe('"r2"');
    const log = await tenant.call('GET /audit?operation=gasbank.updateGasAccount');
    expect(log.body.items).toMatchObject([
      { details: { loosened: ['minimumBalance', 'dailyLimit'] } },
    ]);
  });

  it('M16: tightens without approvals, so that a theft can be stopped at once', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, BOUND);
    await govern(tenant);
    const body = { minimumBalance: '3', dailyLimit: '0', label: 'frozen', lowBalance: null };
    const changed = await tenant.call(`PATCH ${pathOf(opened)}`, { body });
    expect([changed.status, changed.body.dailyLimit]).toEqual([200, '0']);
  });
});

describe('200, where the account has a wallet policy', () => {
  const LOOSER = { minimumBalance: '1', dailyLimit: '10', topUp: null };
  const openLoosening = async () => {
    const governed = await openGoverned(2, 3);
    const opened = await openGasAccount(governed.tenant, BOUND);
    const act = {
      operation: 'gasbank.loosenGasAccount',
      gasAccountId: opened.body.id,
      gasAccountTerms: LOOSER,
    };
    const change = (body: object) => governed.tenant.call(`PATCH ${pathOf(opened)}`, { body });
    return { ...governed, act, change };
  };

  it('M16: loosens with the approvals of as many members, once, in whatever spelling', async () => {
    const { approve, act, change } = await openLoosening();
    await approve(0, { ...act, gasAccountTerms: { ...LOOSER, minimumBalance: '1.0' } });
    expect((await change({ minimumBalance: '1' })).body).toMatchObject({ limit: 2, observed: 1 });
    await approve(1, act);
    expect((await change({ minimumBalance: '0.9' })).body).toMatchObject({ observed: 0 });
    expect((await change({ minimumBalance: '1.00' })).status).toBe(200);
    await change({ minimumBalance: '2' });
    expect((await change({ minimumBalance: '1' })).body).toMatchObject({ observed: 0 });
  });

  // The attack: a loosening was approved, then a theft was noticed and answered by tightening.
  it('M16: does not undo a tightening with approvals from before it', async () => {
    const { approve, act, change } = await openLoosening();
    await approve(0, act);
    await approve(1, act);
    expect((await change({ dailyLimit: '0' })).status).toBe(200);
    expect((await change({ minimumBalance: '1', dailyLimit: '10' })).status).toBe(403);
  });

  it('is not approved for terms that are none', async () => {
    const { askFor, act } = await openLoosening();
    const wrong = { ...LOOSER, minimumBalance: '90071992.54740992' };
    const refused = await askFor(0, { ...act, gasAccountTerms: wrong });
    expect(refused.body.fields).toMatchObject([{ pointer: '/gasAccountTerms/minimumBalance' }]);
  });
});

describe('400', () => {
  it('keeps a threshold as long as a rule needs it', async () => {
    const tenant = await openTenant();
    const source = await openGasAccount(tenant);
    const topUp = { fromGasAccountId: source.body.id, amount: '1', perDay: '1' };
    const hot = await openGasAccount(tenant, { name: 'hot', lowBalance: '1', topUp });
    const refused = await tenant.call(`PATCH ${pathOf(hot)}`, { body: { lowBalance: null } });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer: '/lowBalance' }] } });
  });
});

describe('403', () => {
  it.each([
    ['a lower minimum', { minimumBalance: '1.99999999' }, '/minimumBalance'],
    ['a higher daily limit', { dailyLimit: '10.00000001' }, '/dailyLimit'],
    ['no daily limit', { dailyLimit: null }, '/dailyLimit'],
    ['a rule where there was none', { topUp: {} }, '/topUp'],
    ['the tightening half with it', { minimumBalance: '5', dailyLimit: '11' }, '/dailyLimit'],
  ])('M16: refuses %s while there is a wallet policy, operators too', async (_, body, pointer) => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, BOUND);
    const source = await openGasAccount(tenant, { name: 'source' });
    await govern(tenant);
    const rule = { fromGasAccountId: source.body.id, amount: '1', perDay: '1' };
    const change = 'topUp' in body ? { topUp: rule } : body;
    for (const refused of [
      await tenant.call(`PATCH ${pathOf(opened)}`, { body: change }),
      await call(`PATCH /accounts/${tenant.accountId}${pathOf(opened)}`, { body: change }),
    ])
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'wallets.approvals_required', fields: [{ pointer }] },
      });
    expect((await tenant.call(`GET ${pathOf(opened)}`)).body).toEqual(opened.body);
  });
});

describe('409', () => {
  it('does not change one that is closed', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, { name: 'trading' });
    await tenant.call(`POST ${pathOf(opened)}/close`);
    const refused = await tenant.call(`PATCH ${pathOf(opened)}`, { body: { label: 'late' } });
    expect(refused.body.code).toBe('gasbank.gas_account_closed');
  });

  it('gives no rule to itself, nor to one that others are topped up from', async () => {
    const tenant = await openTenant();
    const source = await openGasAccount(tenant, { lowBalance: '1' });
    const rule = (fromGasAccountId: string) => ({ fromGasAccountId, amount: '1', perDay: '1' });
    const hot = await openGasAccount(tenant, {
      name: 'hot',
      lowBalance: '1',
      topUp: rule(source.body.id),
    });
    const third = await openGasAccount(tenant, { name: 'third' });
    for (const [account, from] of [
      [source, third],
      [source, hot],
      [hot, hot],
    ] as const) {
      const body = { topUp: rule(from.body.id) };
      const refused = await tenant.call(`PATCH ${pathOf(account)}`, { body });
      expect(refused.body.code).toBe('gasbank.top_up_source');
    }
  });

  it('never ends with two that feed each other, however the changes cross', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await openTenant();
      const one = await openGasAccount(tenant, { name: 'one', lowBalance: '1' });
      const other = await openGasAccount(tenant, { name: 'other', lowBalance: '1' });
      const topUp = ({ body }: typeof one) => ({
        topUp: { fromGasAccountId: body.id, amount: '1', perDay: '1' },
      });
      const answers = await Promise.all([
        tenant.call(`PATCH ${pathOf(one)}`, { body: topUp(other) }),
        tenant.call(`PATCH ${pathOf(other)}`, { body: topUp(one) }),
      ]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    }
  });
});

describe('412', () => {
  it('does not write over a change made since it was read', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant);
    await tenant.call(`PATCH ${pathOf(opened)}`, { body: { label: 'first' } });
    const headers = { 'if-match': '"r1"' };
    const late = await tenant.call(`PATCH ${pathOf(opened)}`, { body: { label: 'late' }, headers });
    expect(late.status).toBe(412);
  });
});
