/** `GET /accounts/{accountId}/gasbank/deposits`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { feed, NETWORK, paid, registered, STRANGER } from './vaults-under-test.ts';

describe('200', () => {
  it('shows what came to gas accounts of the account, and nothing of others or in suspense', async () => {
    const { chain, vault } = await registered();
    const [tenant, other] = [await openTenant(), await openTenant()];
    const main = (await openGasAccount(tenant)).body.id;
    const side = (await openGasAccount(tenant, { name: 'side' })).body.id;
    const theirs = (await openGasAccount(other)).body.id;
    for (const data of [main, side, theirs, null])
      await chain.add(...paid({ from: STRANGER, to: vault, amount: 250_000_000n, data }));
    await feed();
    const { items } = (await tenant.call('GET /gasbank/deposits')).body;
    const shown = items.map((item: { gasAccountId: string }) => item.gasAccountId);
    expect(new Set(shown)).toEqual(new Set([main, side]));
    expect(items[0]).toMatchObject({ amount: '2.5', status: 'credited', network: NETWORK });
    const one = await tenant.call(`GET /gasbank/deposits?gasAccountId=${side}`);
    expect(one.body.items).toMatchObject([{ gasAccountId: side }]);
    expect((await tenant.call('GET /gasbank/deposits?network=neo3:other')).body.items).toEqual([]);
  });
});
