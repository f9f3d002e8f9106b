/** `GET /accounts/{accountId}/wallets/{walletId}/policy` */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { ABSENT, makeWallet, POLICY, pathOf } from './wallets-under-test.ts';

describe('200', () => {
  it('is the policy that was set, with the revision of the wallet', async () => {
    const tenant = await openTenant();
    const path = pathOf(await makeWallet(tenant, { policy: POLICY }));
    const { body, headers } = await tenant.call(`GET ${path}/policy`);
    expect([body, headers.get('etag')]).toEqual([POLICY, '"r1"']);
  });

  it('has hashes in one form, however they were given', async () => {
    const tenant = await openTenant();
    const contract = '0xA7CBFEE3F01F89D58C042644B0B6DF2D59A6EB26';
    const policy = { ...POLICY, contracts: [{ contract, methods: null }] };
    const path = pathOf(await makeWallet(tenant, { policy }));
    const { body } = await tenant.call(`GET ${path}/policy`);
    expect(body.contracts).toEqual([{ contract: contract.toLowerCase(), methods: null }]);
  });
});

describe('404', () => {
  it('answers it for a wallet that is not there', async () => {
    const tenant = await openTenant();
    expect((await tenant.call(`GET /wallets/${ABSENT}/policy`)).status).toBe(404);
  });
});
