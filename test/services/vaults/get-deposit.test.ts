/** `GET /accounts/{accountId}/gasbank/deposits/{depositId}`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { depositRows, feed, paid, registered, STRANGER } from './vaults-under-test.ts';

async function withDeposit(data: (own: string) => string | null) {
  const { chain, vault } = await registered();
  const tenant = await openTenant();
  const own = (await openGasAccount(tenant)).body.id;
  const payment = paid({ from: STRANGER, to: vault, amount: 1n, data: data(own) });
  const height = await chain.add(...payment);
  await feed();
  const [row] = await depositRows();
  return { tenant, own, height, payment, id: row?.deposit_id ?? '' };
}

describe('200', () => {
  it('tells where it came from and whom it went to', async () => {
    const { tenant, own, height, payment, id } = await withDeposit((data) => data);
    expect((await tenant.call(`GET /gasbank/deposits/${id}`)).body).toMatchObject({
      id,
      gasAccountId: own,
      amount: '0.00000001',
      transactionHash: payment[0].transaction,
      blockIndex: height,
      status: 'credited',
    });
  });
});

describe('404', () => {
  it('shows neither the deposit of another account nor one in suspense', async () => {
    const { id } = await withDeposit((data) => data);
    const other = await openTenant();
    expect((await other.call(`GET /gasbank/deposits/${id}`)).status).toBe(404);
  });

  it('shows nobody what lies in suspense', async () => {
    const { tenant, id } = await withDeposit(() => null);
    expect((await tenant.call(`GET /gasbank/deposits/${id}`)).status).toBe(404);
  });
});
