/** `DELETE .../sponsorship-policies/{policyId}`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { govern } from '../wallets/wallets-under-test.ts';
import { create, openSponsoring } from './sponsorships-under-test.ts';

const pathOf = (policyId: string) => `DELETE /gasbank/sponsorship-policies/${policyId}`;

describe('204', () => {
  it('M16: ends what it pays for at once, without approvals', async () => {
    const sponsoring = await openSponsoring();
    await govern(sponsoring.tenant);
    const { policyId, tenant } = sponsoring;
    expect((await tenant.call(pathOf(policyId))).status).toBe(204);
    expect((await create(sponsoring)).body.code).toBe('sponsorships.policy_unknown');
  });
});

describe('404', () => {
  it('knows nothing of another account, nor of one that is gone', async () => {
    const { policyId, tenant } = await openSponsoring();
    const stranger = await openTenant('stranger');
    expect((await stranger.call(pathOf(policyId))).status).toBe(404);
    await tenant.call(pathOf(policyId));
    expect((await tenant.call(pathOf(policyId))).status).toBe(404);
  });
});

describe('412', () => {
  it('refuses to delete what was not read', async () => {
    const { policyId, tenant } = await openSponsoring();
    const refused = await tenant.call(pathOf(policyId), { headers: { 'if-match': '"r2"' } });
    expect(refused.status).toBe(412);
  });
});
