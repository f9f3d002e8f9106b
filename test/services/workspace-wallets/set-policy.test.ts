/**
 * `PUT /accounts/{accountId}/wallet-policy`: k of n verified wallets, and then only with their
 * approvals.
 */
import { describe, expect, it } from 'vitest';
import { makeWallet, verifyWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';

async function makeWallets(
  tenant: Tenant,
  count: number,
  verified: number,
): Promise<readonly string[]> {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) made.push(await makeWallet(tenant));
  for (const walletId of made.slice(0, verified)) await verifyWallet(walletId);
  return made;
}
const setPolicy = (tenant: Tenant, body: object, headers: Readonly<Record<string, string>> = {}) =>
  tenant.call('PUT /wallet-policy', { body, headers });

describe('200', () => {
  it('becomes active once enough members are verified', async () => {
    const tenant = await openTenant();
    const members = await makeWallets(tenant, 3, 2);
    const set = await setPolicy(tenant, { threshold: 2, members }, { 'if-match': '"r0"' });
    expect(set.body).toMatchObject({ active: true, threshold: 2, members });
    expect((await tenant.call('GET /wallet-policy')).body).toEqual(set.body);
    const log = await tenant.call('GET /audit?operation=workspaceWallets.setPolicy');
    expect(log.body.items).toMatchObject([{ details: { threshold: 2, members } }]);
  });

  it('may be repeated as it is, in any order, without approvals and without an effect', async () => {
    const tenant = await openTenant();
    const members = await makeWallets(tenant, 2, 2);
    const set = await setPolicy(tenant, { threshold: 1, members });
    const again = await setPolicy(tenant, { threshold: 1, members: members.toReversed() });
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: set.text });
    expect(again.headers.get('etag')).toBe(set.headers.get('etag'));
  });
});

describe('422', () => {
  it('cannot become active on wallets nobody has proved', async () => {
    const tenant = await openTenant();
    const members = await makeWallets(tenant, 3, 1);
    expect(await setPolicy(tenant, { threshold: 2, members })).toMatchObject({
      status: 422,
      body: { code: 'wallets.policy_unverified', limit: 2, observed: 1 },
    });
    expect((await tenant.call('GET /wallet-policy')).body.active).toBe(false);
  });

  it('names members that are not wallets of the account, be they of nobody or of another tenant', async () => {
    const tenant = await openTenant();
    const [own = ''] = await makeWallets(tenant, 1, 1);
    const [theirs = ''] = await makeWallets(await openTenant('neighbour'), 1, 1);
    const members = [own, theirs, 'wal_01k4j8x1e0e4r9v2m3n5p6q7rs'];
    const refused = await setPolicy(tenant, { threshold: 1, members });
    expect(refused).toMatchObject({ status: 422, body: { code: 'wallets.member_unknown' } });
    expect(refused.body.fields.map(({ pointer }: { readonly pointer: string }) => pointer)).toEqual(
      ['/members/1', '/members/2'],
    );
  });
});

describe('403', () => {
  it('is not changed without the approvals of the old set, by tenants or operators', async () => {
    const tenant = await openTenant();
    const members = await makeWallets(tenant, 3, 3);
    await setPolicy(tenant, { threshold: 2, members });
    for (const body of [
      { threshold: 1, members },
      { threshold: 2, members: members.slice(1) },
    ])
      for (const refused of [
        await setPolicy(tenant, body),
        await call(`PUT /accounts/${tenant.accountId}/wallet-policy`, { body }),
      ])
        expect(refused).toMatchObject({
          status: 403,
          body: { code: 'wallets.approvals_required', limit: 2, observed: 0 },
        });
    expect((await tenant.call('GET /wallet-policy')).body).toMatchObject({ threshold: 2, members });
  });

  it('lets one of two first policies that arrive together become active, not both in turn', async () => {
    const tenant = await openTenant();
    const [first = '', second = ''] = await makeWallets(tenant, 2, 2);
    const answers = await Promise.all(
      [first, second].map((walletId) => setPolicy(tenant, { threshold: 1, members: [walletId] })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const loser = answers.find(({ status }) => status !== 200);
    expect([403, 412]).toContain(loser?.status);
  });
});

describe('400', () => {
  it('refuses a threshold of nothing and a member named twice', async () => {
    const tenant = await openTenant();
    const [own = ''] = await makeWallets(tenant, 1, 1);
    for (const body of [
      { threshold: 0, members: [own] },
      { threshold: 1.5, members: [own] },
      { threshold: 1, members: [] },
      { threshold: 1, members: [own, own] },
      { threshold: 1, members: ['nobody'] },
    ])
      expect((await setPolicy(tenant, body)).status, JSON.stringify(body)).toBe(400);
  });
});
