/** A tenant with an active policy of wallets whose keys the test has. */
import { expect } from 'vitest';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { createNeoWallet, type NeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';

export interface Governed {
  readonly tenant: Tenant;
  readonly wallets: readonly NeoWallet[];
  readonly members: readonly string[];
  /** Asks for the text of this act in the name of one member; the answer to it. */
  readonly askFor: (member: number, act: object) => Promise<Called>;
  /** The whole approval of one member. */
  readonly approve: (member: number, act: object) => Promise<Called>;
}

export async function openGoverned(threshold: number, count: number): Promise<Governed> {
  const tenant = await openTenant();
  const wallets = Array.from({ length: count }, createNeoWallet);
  const members: string[] = [];
  for (const wallet of wallets) members.push(await addVerified(tenant, wallet));
  const set = await tenant.call('PUT /wallet-policy', { body: { threshold, members } });
  expect(set.status, set.text).toBe(200);
  const askFor = (member: number, act: object) =>
    tenant.call('POST /wallet-policy/approval-challenges', {
      body: { walletId: members[member], ...act },
    });
  return {
    tenant,
    wallets,
    members,
    askFor,
    approve: async (member, act) => {
      const asked = await askFor(member, act);
      expect(asked.status, asked.text).toBe(201);
      return tenant.call('POST /wallet-policy/approvals', {
        body: wallets[member]?.answer(asked.body),
      });
    },
  };
}

export const removalOf = (removedWalletId: string | undefined) => ({
  operation: 'workspaceWallets.deleteWallet',
  removedWalletId,
});
export const changeTo = (policy: object) => ({ operation: 'workspaceWallets.setPolicy', policy });
export const DELETION = { operation: 'accounts.deleteAccount' } as const;
