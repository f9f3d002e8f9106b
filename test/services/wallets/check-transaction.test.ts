/**
 * `POST /accounts/{accountId}/wallets/{walletId}/policy/check`: the verdict of the policy. How it
 * is attacked is in test/core/wallets/wallet-policy.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { nep17 } from '../../../worker/chain/contracts/nep17.ts';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { created, openFunded } from '../transactions/transactions-under-test.ts';
import { makeWallet, POLICY, pathOf, unsigned } from './wallets-under-test.ts';

const receiver = parseAddress(SMALL_CHAIN.receiver);

async function check(tenant: Tenant, amount: bigint, policy: object = POLICY) {
  const made = await makeWallet(tenant, { policy });
  const account = parseAddress(made.body.address);
  if (!account || !receiver) throw new Error('not an address');
  const transfer = nep17(SMALL_CHAIN.gas).transfer({ from: account, to: receiver, amount });
  const body = { transaction: unsigned(account, [transfer]) };
  return tenant.call(`POST ${pathOf(made)}/policy/check`, { body });
}

describe('200', () => {
  it('allows what is free, fees among it', async () => {
    expect((await check(await openTenant(), 970n)).body).toEqual({
      verdict: 'allowed',
      approvals: null,
      reasons: [],
      spends: [{ token: SMALL_CHAIN.gas, amount: '1000' }],
    });
  });

  it('tells how many approvals the rest needs, and why', async () => {
    expect((await check(await openTenant(), 971n)).body).toEqual({
      verdict: 'approvals',
      approvals: 2,
      reasons: [`more than 1000 a day of ${SMALL_CHAIN.gas}`],
      spends: [{ token: SMALL_CHAIN.gas, amount: '1001' }],
    });
  });

  it('counts what was sent on the day, fees among it', async () => {
    const funded = await openFunded();
    const { tenant, walletId, scriptHash } = funded;
    const account = parseScriptHash(scriptHash);
    if (!account || !receiver) throw new Error('not an address');
    const gas = nep17(SMALL_CHAIN.gas);
    const transfer = gas.transfer({ from: account, to: receiver, amount: 990_000_000n });
    const body = { transaction: unsigned(account, [transfer]) };
    const path = `POST /wallets/${walletId}/policy/check`;
    expect((await tenant.call(path, { body })).body.verdict).toBe('allowed');
    await created(funded);
    expect((await tenant.call(path, { body })).body).toMatchObject({
      verdict: 'approvals',
      reasons: [`more than 1000000000 a day of ${SMALL_CHAIN.gas}`],
    });
  });

  it('refuses what the policy refuses, and the transaction of somebody else', async () => {
    const tenant = await openTenant();
    const refused = await check(tenant, 971n, { ...POLICY, approvals: null });
    expect(refused.body).toMatchObject({ verdict: 'refused', approvals: null, spends: [] });
    const [one, other] = [await makeWallet(tenant), await makeWallet(tenant)];
    const body = {
      transaction: unsigned(other.body.scriptHash, [], { script: Uint8Array.of(0x40) }),
    };
    const foreign = await tenant.call(`POST ${pathOf(one)}/policy/check`, { body });
    expect(foreign.body.reasons).toEqual(['the wallet is not among its signers']);
  });
});

describe('400', () => {
  it('refuses what is no whole transaction, and says where it is not', async () => {
    const tenant = await openTenant();
    const path = `${pathOf(await makeWallet(tenant))}/policy/check`;
    for (const transaction of ['AAAA', 'not base64', 'lCcaE85=', ''])
      expect(await tenant.call(`POST ${path}`, { body: { transaction } })).toMatchObject({
        status: 400,
        body: { code: 'request.malformed', fields: [{ pointer: '/transaction' }] },
      });
  });
});

describe('409', () => {
  it('has no verdict of a wallet that is retired: it signs nothing', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    await tenant.call(`POST ${pathOf(made)}/retire`);
    const body = {
      transaction: unsigned(made.body.scriptHash, [], { script: Uint8Array.of(0x40) }),
    };
    const refused = await tenant.call(`POST ${pathOf(made)}/policy/check`, { body });
    expect(refused.body.code).toBe('wallets.retired');
  });
});
