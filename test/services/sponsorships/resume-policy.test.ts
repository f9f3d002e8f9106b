/** `POST .../sponsorship-policies/{policyId}/resume`, after its faults have suspended it (M22). */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { govern } from '../wallets/wallets-under-test.ts';
import { addPolicy, suspend } from './sponsorships-under-test.ts';

async function openSuspended(tenant: Tenant): Promise<string> {
  const gasAccountId = (await openGasAccount(tenant, { name: 'fees' })).body.id;
  const policyId = await addPolicy(tenant, gasAccountId);
  await suspend(policyId);
  return `/gasbank/sponsorship-policies/${policyId}`;
}

describe('200', () => {
  it('lets it pay again, and changes nothing of one that does', async () => {
    const tenant = await openTenant();
    const path = await openSuspended(tenant);
    const resumed = await tenant.call(`POST ${path}/resume`);
    expect(resumed.body).toMatchObject({ status: 'active', suspendedAt: null });
    const again = await tenant.call(`POST ${path}/resume`);
    expect([again.status, again.headers.get('etag')]).toEqual([200, resumed.headers.get('etag')]);
  });
});

describe('403', () => {
  it('M16: needs the approvals of an active wallet policy', async () => {
    const tenant = await openTenant();
    const path = await openSuspended(tenant);
    await govern(tenant);
    const refused = await tenant.call(`POST ${path}/resume`);
    expect([refused.status, refused.body.code]).toEqual([403, 'wallets.approvals_required']);
  });
});

describe('404', () => {
  it('knows nothing of another account', async () => {
    const path = await openSuspended(await openTenant());
    const stranger = await openTenant('stranger');
    expect((await stranger.call(`POST ${path}/resume`)).status).toBe(404);
  });
});

describe('412', () => {
  it('refuses a change of what was not read', async () => {
    const tenant = await openTenant();
    const path = await openSuspended(tenant);
    const refused = await tenant.call(`POST ${path}/resume`, { headers: { 'if-match': '"r9"' } });
    expect(refused.status).toBe(412);
  });
});
