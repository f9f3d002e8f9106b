/** `DELETE /accounts/{accountId}/workspace-wallets/{walletId}`: not from under a policy. */
import { describe, expect, it } from 'vitest';
import { makeWallet, verifyWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { openGoverned, removalOf } from './policy-under-test.ts';

async function makeVerified(tenant: Tenant): Promise<string> {
  const walletId = await makeWallet(tenant);
  await verifyWallet(walletId);
  return walletId;
}
const setPolicy = (tenant: Tenant, threshold: number, members: readonly string[]) =>
  tenant.call('PUT /wallet-policy', { body: { threshold, members } });

describe('204', () => {
  it('removes a wallet that no policy names, verified or not, and the address can be added again', async () => {
    const tenant = await openTenant();
    const member = await makeVerified(tenant);
    await setPolicy(tenant, 1, [member]);
    for (const walletId of [await makeVerified(tenant), await makeWallet(tenant)]) {
      const { address, kind } = (await tenant.call(`GET /workspace-wallets/${walletId}`)).body;
      expect((await tenant.call(`DELETE /workspace-wallets/${walletId}`)).status).toBe(204);
      expect((await tenant.call(`GET /workspace-wallets/${walletId}`)).status).toBe(404);
      const again = await tenant.call('POST /workspace-wallets', { body: { kind, address } });
      expect(again.body.status).toBe('unverified');
    }
  });
});

describe('403', () => {
  it('does not remove a member of an active policy without its approvals', async () => {
    const tenant = await openTenant();
    const members = [
      await makeVerified(tenant),
      await makeVerified(tenant),
      await makeWallet(tenant),
    ];
    await setPolicy(tenant, 2, members);
    for (const walletId of members)
      expect(await tenant.call(`DELETE /workspace-wallets/${walletId}`)).toMatchObject({
        status: 403,
        body: { code: 'wallets.approvals_required', limit: 2, observed: 0 },
      });
  });

  it('never leaves a policy that names a removed wallet when both are asked for together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await openTenant();
      const walletId = await makeVerified(tenant);
      const [removed, set] = await Promise.all([
        tenant.call(`DELETE /workspace-wallets/${walletId}`),
        setPolicy(tenant, 1, [walletId]),
      ]);
      expect([removed.status === 204, set.status === 200].filter(Boolean)).toHaveLength(1);
      const policy = (await tenant.call('GET /wallet-policy')).body;
      const wallets = (await tenant.call('GET /workspace-wallets')).body.items;
      expect(policy.members).toEqual(wallets.map(({ id }: { readonly id: string }) => id));
    }
  });
});

describe('422', () => {
  it('does not leave a policy that nobody could satisfy, whoever approves', async () => {
    const { tenant, members, approve } = await openGoverned(2, 2);
    for (const member of [0, 1]) await approve(member, removalOf(members[0]));
    expect(await tenant.call(`DELETE /workspace-wallets/${members[0]}`)).toMatchObject({
      status: 422,
      body: { code: 'wallets.policy_unverified', limit: 2, observed: 1 },
    });
    expect((await tenant.call('GET /wallet-policy')).body.members).toEqual(members);
  });
});
