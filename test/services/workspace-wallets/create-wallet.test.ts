/** `POST /accounts/{accountId}/workspace-wallets`: one wallet, one text, checksums verified. */
import { describe, expect, it } from 'vitest';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';

const TREASURY = {
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  scriptHash: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26',
};
const VITALIK = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';

const create = (tenant: Tenant, body: object) => tenant.call('POST /workspace-wallets', { body });

describe('201', () => {
  it('keeps a Neo wallet under its address, however it was given', async () => {
    for (const address of [
      TREASURY.address,
      TREASURY.scriptHash,
      TREASURY.scriptHash.toUpperCase().replace('0X', '0x'),
    ]) {
      const tenant = await openTenant();
      const made = await create(tenant, { kind: 'neo', address, label: 'treasury' });
      expect(made).toMatchObject({
        status: 201,
        body: { kind: 'neo', ...TREASURY, label: 'treasury', status: 'unverified' },
      });
    }
  });

  it('keeps an EVM wallet with its checksum, however it was given', async () => {
    for (const address of [VITALIK, VITALIK.toLowerCase(), `0x${VITALIK.slice(2).toUpperCase()}`]) {
      const made = await create(await openTenant(), { kind: 'evm', address });
      expect(made.body).toMatchObject({
        kind: 'evm',
        address: VITALIK,
        scriptHash: null,
        label: null,
      });
    }
  });

  it('reads the same digits as the kind that is asked for', async () => {
    const tenant = await openTenant();
    const address = VITALIK.toLowerCase();
    const neo = await create(tenant, { kind: 'neo', address });
    const evm = await create(tenant, { kind: 'evm', address });
    expect(neo.body.scriptHash).toBe(address);
    expect(evm.body.address).toBe(VITALIK);
  });

  it('lets two tenants keep the same wallet', async () => {
    for (const name of ['one', 'other'])
      expect((await create(await openTenant(name), { kind: 'evm', address: VITALIK })).status).toBe(
        201,
      );
  });

  it('is told in the audit log', async () => {
    const tenant = await openTenant();
    const made = await create(tenant, { kind: 'evm', address: VITALIK });
    const log = await tenant.call('GET /audit?operation=workspaceWallets.createWallet');
    expect(log.body.items).toMatchObject([
      { target: { id: made.body.id }, details: { kind: 'evm', address: VITALIK } },
    ]);
  });
});

describe('409', () => {
  it('keeps a wallet once, in whatever form it comes again, alone or together', async () => {
    const tenant = await openTenant();
    const forms = [TREASURY.address, TREASURY.scriptHash, TREASURY.address];
    const answers = await Promise.all(
      forms.map((address) => create(tenant, { kind: 'neo', address })),
    );
    expect(answers.map(({ status }) => status).sort((left, right) => left - right)).toEqual([
      201, 409, 409,
    ]);
    for (const refused of answers.filter(({ status }) => status === 409))
      expect(refused.body.code).toBe('wallets.address_taken');
  });
});

describe('403', () => {
  it('adds exactly as many wallets as the quota allows when many are asked for together', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { wallets: 3 } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        create(tenant, { kind: 'evm', address: `0x${(index + 1).toString().padStart(40, '0')}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'quota.exceeded',
      limit: 3,
    });
    await tenant.call(
      `DELETE /workspace-wallets/${answers.find(({ status }) => status === 201)?.body.id}`,
    );
    await makeWallet(tenant);
  });
});

describe('400', () => {
  it('refuses what is mistyped, of another network, or of no kind', async () => {
    const tenant = await openTenant();
    for (const body of [
      { kind: 'neo', address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6j' },
      { kind: 'neo', address: TREASURY.address.toLowerCase() },
      { kind: 'neo', address: 'ALq7AWrhAueN6mJNqk6FHJjnsEoPRytLdW' },
      { kind: 'neo', address: TREASURY.scriptHash.slice(2) },
      { kind: 'evm', address: TREASURY.address },
      { kind: 'evm', address: VITALIK.replace('d8dA', 'D8dA') },
      { kind: 'evm', address: VITALIK.slice(2) },
      { kind: 'evm', address: `${VITALIK} ` },
    ])
      expect(await create(tenant, body), body.address).toMatchObject({
        status: 400,
        body: { code: 'request.malformed', fields: [{ pointer: '/address' }] },
      });
    expect((await create(tenant, { address: VITALIK })).status).toBe(400);
    expect((await create(tenant, { kind: 'btc', address: VITALIK })).status).toBe(400);
    expect((await tenant.call('GET /workspace-wallets')).body.items).toEqual([]);
  });
});
