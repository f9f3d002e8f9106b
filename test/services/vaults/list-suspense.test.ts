/** `GET /operator/gasbank/suspense`: what belongs to nobody that is known. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { feed, NETWORK, paid, registered, STRANGER } from './vaults-under-test.ts';

describe('200', () => {
  it('shows what lies in suspense with its reason, and nothing that was credited', async () => {
    const { chain, vault } = await registered();
    const tenant = await openTenant();
    const own = (await openGasAccount(tenant)).body.id;
    const unknown = paid({ from: STRANGER, to: vault, amount: 5n, data: 'hello' });
    await chain.add(...unknown, ...paid({ from: STRANGER, to: vault, amount: 5n, data: own }));
    await feed();
    const list = await call(`GET /operator/gasbank/suspense?network=${NETWORK}`);
    expect(list.body.items).toMatchObject([
      {
        chainKey: unknown[0].id,
        accountId: null,
        amount: '0.00000005',
        status: 'suspense',
        reason: 'account_unknown',
      },
    ]);
    const none = await call('GET /operator/gasbank/suspense?network=neo3:other');
    expect(none.body.items).toEqual([]);
  });
});
