/** `GET /accounts/{accountId}/wallets/{walletId}/balances` */
import { describe, expect, it } from 'vitest';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { run } from '../secrets/vault-under-test.ts';
import { ABSENT, makeWallet, pathOf } from './wallets-under-test.ts';

const NEO = NATIVE_CONTRACTS.NeoToken.hash;

async function balancesWith(networks: readonly object[]) {
  const tenant = await openTenant();
  const made = await makeWallet(tenant);
  return callAltered(
    { NEO_NETWORKS: JSON.stringify(networks) },
    `GET /accounts/${tenant.accountId}${pathOf(made)}/balances`,
  );
}

describe('200', () => {
  it('has GAS and NEO of a wallet that never had any', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    const { body } = await tenant.call(`GET ${pathOf(made)}/balances`);
    expect(body).toMatchObject({ network: NETWORKS.up.id, address: made.body.address });
    expect(body.items).toEqual([
      {
        contract: SMALL_CHAIN.gas,
        symbol: 'GAS',
        decimals: 8,
        amount: '0',
        lastUpdatedBlock: null,
      },
      { contract: NEO, symbol: 'NEO', decimals: 0, amount: '0', lastUpdatedBlock: null },
    ]);
  });

  it('has each token once, as the node has counted it', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    // The small chain knows one address with a balance.
    await run('UPDATE chain_wallets SET address = ?', SMALL_CHAIN.receiver);
    const { body } = await tenant.call(`GET ${pathOf(made)}/balances`);
    expect(body.items).toMatchObject([
      { contract: SMALL_CHAIN.gas, amount: '100000000', lastUpdatedBlock: 7 },
      { contract: NEO, amount: '0' },
    ]);
  });
});

describe('404', () => {
  it('answers it for a wallet that is not there', async () => {
    const tenant = await openTenant();
    const absent = await tenant.call(`GET /wallets/${ABSENT}/balances`);
    expect(absent.body.code).toBe('request.not_found');
  });

  it('answers it when the network of the wallet is not served any more', async () => {
    expect((await balancesWith([])).body.code).toBe('chain.network_unknown');
  });

  it('M1: answers it when the name was given to another network', async () => {
    const renamed = { ...NETWORKS.up, magic: 860_833_102 };
    expect((await balancesWith([renamed])).body.code).toBe('chain.network_unknown');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const down = { ...NETWORKS.up, rpc: NETWORKS.down.rpc };
    expect((await balancesWith([down])).body.code).toBe('chain.unavailable');
  });
});
