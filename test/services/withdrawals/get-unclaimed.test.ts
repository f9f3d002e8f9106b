/** `GET /operator/gasbank/unclaimed/{network}/{deletedAccountId}`. */
import { describe, expect, it } from 'vitest';
import { leaveUnclaimed } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { MAGIC, NETWORK } from './withdrawals-under-test.ts';

const get = (accountId: string, network: string = NETWORK) =>
  call(`GET /operator/gasbank/unclaimed/${network}/${accountId}`);

describe('200', () => {
  it('M17: tells what is left, and which wallets the owner had verified', async () => {
    const tenant = await openTenant();
    const { accountId } = tenant;
    const wallet = createNeoWallet();
    await addVerified(tenant, wallet);
    const unproven = { body: { kind: 'neo', address: SMALL_CHAIN.receiver } };
    expect((await tenant.call('POST /workspace-wallets', unproven)).status).toBe(201);
    await leaveUnclaimed(accountId, '4.5');
    expect((await get(accountId)).body).toEqual({
      id: accountId,
      network: NETWORK,
      networkMagic: MAGIC,
      available: '4.5',
      reserved: '0',
      payees: [wallet.address],
    });
  });
});

describe('404', () => {
  it('knows no account that has left nothing', async () => {
    const { accountId } = await openTenant();
    expect((await get(accountId)).body.code).toBe('request.not_found');
  });

  it('knows no such network', async () => {
    const { accountId } = await openTenant();
    await leaveUnclaimed(accountId, '1');
    expect((await get(accountId, 'neo3:elsewhere')).body.code).toBe('chain.network_unknown');
  });
});
