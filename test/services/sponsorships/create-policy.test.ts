/** `POST /accounts/{accountId}/gasbank/sponsorship-policies`: off until a policy names what it pays for. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { closeGasAccount, TERMS } from './sponsorships-under-test.ts';

const bodyOf = async (tenant: Tenant, fields: object = {}) => ({
  gasAccountId: (await openGasAccount(tenant, { name: 'fees' })).body.id,
  name: 'game',
  ...TERMS,
  ...fields,
});
const post = (tenant: Tenant, body: object) =>
  tenant.call('POST /gasbank/sponsorship-policies', { body });

describe('201', () => {
  it('M1: makes it on the network of its gas account, in one spelling of amounts', async () => {
    const tenant = await openTenant();
    const made = await post(tenant, await bodyOf(tenant, { feeMax: '0.50' }));
    expect(made.status, made.text).toBe(201);
    expect(made.headers.get('etag')).toBe('"r1"');
    expect(made.body).toMatchObject({
      network: 'neo3:private',
      networkMagic: 56_753,
      status: 'active',
      feeMax: '0.5',
      windowBlocksMax: null,
    });
    const read = await tenant.call(`GET /gasbank/sponsorship-policies/${made.body.id}`);
    expect(read.body).toEqual(made.body);
  });

  it('M16: needs the approvals of an active wallet policy, for these very terms', async () => {
    const { tenant, approve } = await openGoverned(1, 2);
    const { name, gasAccountId, ...terms } = await bodyOf(tenant);
    const act = {
      operation: 'sponsorships.createPolicy',
      sponsorshipGasAccountId: gasAccountId,
      sponsorshipTerms: terms,
    };
    const wished = { name, gasAccountId, ...terms };
    expect((await post(tenant, wished)).body.code).toBe('wallets.approvals_required');
    await approve(0, act);
    const dearer = { ...wished, perDay: '21' };
    expect((await post(tenant, dearer)).body.code).toBe('wallets.approvals_required');
    expect((await post(tenant, wished)).status).toBe(201);
    expect((await post(tenant, wished)).body.code).toBe('wallets.approvals_required');
  });
});

describe('400', () => {
  it.each([
    ['no contract', { contracts: [] }, '/contracts'],
    [
      'a contract without methods',
      { contracts: [{ contract: TERMS.contracts[0]?.contract, methods: [] }] },
      '/contracts/0/methods',
    ],
    ['no highest fee', { feeMax: undefined }, '/feeMax'],
    ['no cap of the policy', { perDay: undefined }, '/perDay'],
    ['no cap of the account', { perAccountPerDay: undefined }, '/perAccountPerDay'],
    ['no cap of a signer', { perSignerPerDay: undefined }, '/perSignerPerDay'],
    ['no budget of faults', { faultsPerDay: undefined }, '/faultsPerDay'],
    ['a window below thirty blocks', { windowBlocksMax: 29 }, '/windowBlocksMax'],
    [
      'a method of another form',
      { contracts: [{ contract: TERMS.contracts[0]?.contract, methods: ['a b'] }] },
      '/contracts/0/methods/0',
    ],
  ])('refuses %s', async (_what, fields, pointer) => {
    const tenant = await openTenant();
    const refused = await post(tenant, await bodyOf(tenant, fields));
    expect([refused.status, refused.body.fields?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('refuses a contract that stands twice', async () => {
    const tenant = await openTenant();
    const contracts = [...TERMS.contracts, ...TERMS.contracts];
    const refused = await post(tenant, await bodyOf(tenant, { contracts }));
    expect(refused.body.fields[0].pointer).toBe('/contracts/1/contract');
  });
});

describe('403', () => {
  it('refuses a key that may only ask for sponsorships', async () => {
    const tenant = await openTenant();
    const made = await tenant.call('POST /keys', {
      body: { name: 'asks', scopes: ['sponsorships:create'] },
    });
    const body = await bodyOf(tenant);
    const path = 'POST /gasbank/sponsorship-policies';
    expect((await tenant.call(path, { token: made.body.key, body })).status).toBe(403);
  });
});

describe('422', () => {
  it('refuses a gas account of another account, and one that is closed', async () => {
    const tenant = await openTenant();
    const stranger = await openTenant('stranger');
    const foreign = await post(tenant, await bodyOf(stranger));
    expect(foreign.body.code).toBe('sponsorships.gas_account_unusable');
    const body = await bodyOf(tenant);
    await closeGasAccount(body.gasAccountId);
    expect((await post(tenant, body)).body.code).toBe('sponsorships.gas_account_unusable');
  });
});

describe('429', () => {
  it('bounds how many an account has', async () => {
    const tenant = await openTenant();
    const body = await bodyOf(tenant);
    const { id } = (await post(tenant, body)).body;
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
       INSERT INTO sponsorship_policies SELECT 'filler' || i, account_id, network, network_magic,
         gas_account_id, name, status, terms, faults_per_day, revision, created_at, updated_at,
         suspended_at FROM n, sponsorship_policies WHERE policy_id = ?`,
    )
      .bind(id)
      .run();
    const refused = await post(tenant, body);
    expect(refused.body).toMatchObject({ code: 'sponsorships.too_many_policies', limit: 100 });
  });
});
