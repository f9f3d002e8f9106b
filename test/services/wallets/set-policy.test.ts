/**
 * `PUT /accounts/{accountId}/wallets/{walletId}/policy`. M16: what loosens it needs the approvals
 * of the account's wallet policy, what tightens it needs none.
 */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { govern, makeWallet, POLICY, pathOf } from './wallets-under-test.ts';

const LOOSER = { ...POLICY, tokens: [{ token: SMALL_CHAIN.gas, perDay: '1001' }], approvals: 1 };
const TIGHTER = { ...POLICY, tokens: [], approvals: null };

describe('200', () => {
  it('replaces the policy as a whole, and says in the audit log what it loosened', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    const set = await tenant.call(`PUT ${path}/policy`, { body: LOOSER });
    expect([set.body, set.headers.get('etag')]).toEqual([LOOSER, '"r2"']);
    expect((await tenant.call(`GET ${path}/policy`)).body).toEqual(LOOSER);
    const log = await tenant.call('GET /audit?operation=wallets.setPolicy');
    expect(log.body.items).toMatchObject([{ details: { loosened: ['tokens', 'approvals'] } }]);
  });

  it('M16: tightens without approvals, so that a theft can be stopped at once', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await govern(tenant);
    const set = await tenant.call(`PUT ${path}/policy`, { body: TIGHTER });
    expect([set.status, set.body]).toEqual([200, TIGHTER]);
  });
});

describe('200, where the account has a wallet policy', () => {
  const openLoosening = async () => {
    const governed = await openGoverned(2, 3);
    const made = await makeWallet(governed.tenant, { policy: POLICY });
    const act = {
      operation: 'wallets.setPolicy',
      chainWalletId: made.body.id,
      moneyPolicy: LOOSER,
    };
    const set = (body: object) => governed.tenant.call(`PUT ${pathOf(made)}/policy`, { body });
    return { ...governed, act, set };
  };

  it('M16: loosens with the approvals of as many members, once', async () => {
    const { approve, act, set } = await openLoosening();
    await approve(0, act);
    expect((await set(LOOSER)).body).toMatchObject({ limit: 2, observed: 1 });
    await approve(1, act);
    expect((await set({ ...LOOSER, systemFeeMax: '101' })).body).toMatchObject({ observed: 0 });
    expect((await set(LOOSER)).status).toBe(200);
    await set(TIGHTER);
    expect((await set(LOOSER)).body).toMatchObject({ observed: 0 });
  });

  // The attack: a loosening was approved, then a theft was noticed and answered by tightening.
  it('M16: does not undo a tightening with approvals from before it', async () => {
    const { approve, act, set } = await openLoosening();
    await approve(0, act);
    await approve(1, act);
    expect((await set(TIGHTER)).status).toBe(200);
    expect((await set(LOOSER)).body).toMatchObject({
      code: 'wallets.approvals_required',
      observed: 0,
    });
  });

  it('needs no approval to set again what is set', async () => {
    const { set } = await openLoosening();
    expect((await set(POLICY)).status).toBe(200);
  });

  it('is not approved for a policy that contradicts itself, or that is not said', async () => {
    const { askFor, act } = await openLoosening();
    const twice = { ...LOOSER, scopes: ['Global', 'Global'] };
    const refused = await askFor(0, { ...act, moneyPolicy: twice });
    expect(refused.body.fields).toMatchObject([{ pointer: '/moneyPolicy/scopes/1' }]);
    const { moneyPolicy: _, ...unsaid } = act;
    expect((await askFor(0, unsaid)).body.fields).toMatchObject([{ pointer: '/moneyPolicy' }]);
  });
});

describe('400', () => {
  it.each([
    ['an amount below nothing', { tokens: [{ token: SMALL_CHAIN.gas, perDay: '-1' }] }],
    ['an amount that is a number', { tokens: [{ token: SMALL_CHAIN.gas, perDay: 1 }] }],
    ['an amount with an exponent', { tokens: [{ token: SMALL_CHAIN.gas, perDay: '1e9' }] }],
    ['a fee of more than 64 bits', { systemFeeMax: '9223372036854775808' }],
    ['a fee that is no number', { networkFeeMax: 'much' }],
    ['no approvals at all', { approvals: 0 }],
    ['a scope there is not', { scopes: ['Everything'] }],
    ['an address for a hash', { customContracts: [SMALL_CHAIN.sender] }],
    ['no methods of a contract', { contracts: [{ contract: SMALL_CHAIN.gas, methods: [] }] }],
    ['a part it does not have', { destinations: [] }],
  ])('refuses %s, and keeps the policy', async (_, part) => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    const refused = await tenant.call(`PUT ${path}/policy`, { body: { ...POLICY, ...part } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect((await tenant.call(`GET ${path}/policy`)).body).toEqual(POLICY);
  });
});

describe('403', () => {
  it('M16: does not loosen while the account has a wallet policy, for tenants or operators', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await govern(tenant);
    for (const refused of [
      await tenant.call(`PUT ${path}/policy`, { body: LOOSER }),
      await call(`PUT /accounts/${tenant.accountId}${path}/policy`, { body: LOOSER }),
    ])
      expect(refused).toMatchObject({
        status: 403,
        body: {
          code: 'wallets.approvals_required',
          fields: [{ pointer: '/tokens' }, { pointer: '/approvals' }],
        },
      });
    expect((await tenant.call(`GET ${path}/policy`)).body).toEqual(POLICY);
  });

  it('does not loosen what one change tightened and the next gives back', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await govern(tenant);
    await tenant.call(`PUT ${path}/policy`, { body: TIGHTER });
    expect((await tenant.call(`PUT ${path}/policy`, { body: POLICY })).status).toBe(403);
  });

  it('does not mix the loosening half of a change with the tightening one', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await govern(tenant);
    const body = { ...TIGHTER, systemFeeMax: '101' };
    const refused = await tenant.call(`PUT ${path}/policy`, { body });
    expect(refused.body.fields).toMatchObject([{ pointer: '/systemFeeMax' }]);
  });
});

describe('409', () => {
  it('has no policy of a wallet that is retired', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await tenant.call(`POST ${path}/retire`);
    const refused = await tenant.call(`PUT ${path}/policy`, { body: TIGHTER });
    expect(refused).toMatchObject({ status: 409, body: { code: 'wallets.retired' } });
  });
});

describe('412', () => {
  it('does not write over a change made since it was read, even one of the label', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    await tenant.call(`PATCH ${path}`, { body: { label: 'payouts' } });
    const headers = { 'if-match': '"r1"' };
    const late = await tenant.call(`PUT ${path}/policy`, { body: TIGHTER, headers });
    expect(late.status).toBe(412);
  });

  it('takes one of two changes that arrive together, or both in turn, and never half of one', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    const answers = await Promise.all(
      [LOOSER, TIGHTER].map((body) => tenant.call(`PUT ${path}/policy`, { body })),
    );
    const taken = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken).toContainEqual((await tenant.call(`GET ${path}/policy`)).body);
    for (const { status } of answers) expect([200, 412]).toContain(status);
  });
});
