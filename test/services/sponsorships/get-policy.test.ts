/** `GET .../sponsorship-policies/{policyId}`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { addPolicy, suspend, TERMS } from './sponsorships-under-test.ts';

async function open() {
  const tenant = await openTenant();
  const gasAccountId = (await openGasAccount(tenant, { name: 'fees' })).body.id;
  return { tenant, policyId: await addPolicy(tenant, gasAccountId), gasAccountId };
}

describe('200', () => {
  it('tells the terms, and whether faults have suspended it', async () => {
    const { tenant, policyId, gasAccountId } = await open();
    const path = `GET /gasbank/sponsorship-policies/${policyId}`;
    const read = await tenant.call(path);
    expect(read.body).toMatchObject({ id: policyId, gasAccountId, status: 'active', ...TERMS });
    await suspend(policyId);
    expect((await tenant.call(path)).body.status).toBe('suspended');
  });
});

describe('404', () => {
  it('knows nothing of another account', async () => {
    const { policyId } = await open();
    const stranger = await openTenant('stranger');
    const path = `GET /gasbank/sponsorship-policies/${policyId}`;
    expect((await stranger.call(path)).status).toBe(404);
  });
});
