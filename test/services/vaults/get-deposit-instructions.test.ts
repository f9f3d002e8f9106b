/** `GET …/deposit-instructions`: M18, what a wallet has to call. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { makePlatformWallet, putVault } from './vaults-under-test.ts';

async function instructed(query = '') {
  const put = await putVault(await makePlatformWallet('operator'));
  const tenant = await openTenant();
  const id = (await openGasAccount(tenant)).body.id;
  const path = `GET /gasbank/gas-accounts/${id}/deposit-instructions${query}`;
  return { tenant, id, vault: put.body, answer: await tenant.call(path) };
}

describe('200', () => {
  it('M18: carries the id as data in the call, and no data in the link', async () => {
    const query = `?from=${SMALL_CHAIN.receiver}&amount=2.5`;
    const { id, vault, answer } = await instructed(query);
    const { address, contract } = vault;
    expect(answer.body).toMatchObject({
      gasAccountId: id,
      vault: contract,
      address,
      minimumDeposit: '0.1',
      data: id,
      invocation: {
        hash: NATIVE_CONTRACTS.GasToken.hash,
        operation: 'transfer',
        args: [
          { type: 'Hash160', value: parseAddress(SMALL_CHAIN.receiver) },
          { type: 'Hash160', value: contract },
          { type: 'Integer', value: '250000000' },
          { type: 'String', value: id },
        ],
      },
      page: `/deposit/${id}`,
    });
    expect(answer.body.uri).toBe(`neo:${address}?asset=${NATIVE_CONTRACTS.GasToken.hash.slice(2)}`);
  });

  it('has no call without a payer or an amount', async () => {
    const { answer } = await instructed('?amount=1');
    expect(answer.body.invocation).toBeNull();
  });
});

describe('400', () => {
  it('names a payer that is none', async () => {
    const { answer } = await instructed('?amount=1&from=N1');
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ pointer: 'query/from' }] } });
  });
});

describe('404', () => {
  it('instructs nobody about a gas account of another', async () => {
    const { id } = await instructed();
    const other = await openTenant();
    const refused = await other.call(`GET /gasbank/gas-accounts/${id}/deposit-instructions`);
    expect(refused.status).toBe(404);
  });
});

describe('409', () => {
  it('sends nobody to a network that has no vault', async () => {
    const tenant = await openTenant();
    const id = (await openGasAccount(tenant)).body.id;
    const refused = await tenant.call(`GET /gasbank/gas-accounts/${id}/deposit-instructions`);
    expect(refused.body.code).toBe('vaults.vault_absent');
  });
});
