/** `GET /accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/entries`: every movement once. */
import { describe, expect, it } from 'vitest';
import { openFunded, openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { pathOf, reservationPath, reserve, transfer } from './gas-under-test.ts';

describe('200', () => {
  it('shows what moved into it, out of it and within it, and nothing of other gas accounts', async () => {
    const tenant = await openTenant();
    const main = await openFunded(tenant, '5');
    const other = await openGasAccount(tenant, { name: 'other' });
    await transfer(tenant, [main, other], { amount: '2' });
    await reserve(tenant, main, { amount: '1' });
    await tenant.call(`POST ${reservationPath()}/capture`, { body: { amount: '0.25' } });
    const entries = await tenant.call(`GET ${pathOf(main)}/entries`);
    expect(entries.body.items).toMatchObject([
      { sequence: 5, kind: 'capture', amount: '0.75', change: '0' },
      {
        sequence: 4,
        kind: 'capture',
        command: 'reservations/capture:job-1',
        change: '-0.25',
        from: { account: 'reserved/main', balance: '0.75' },
        to: { account: 'spent', balance: '0.25' },
      },
      { sequence: 3, kind: 'reserve', command: 'reservations/job-1', change: '0' },
      { sequence: 2, kind: 'transfer', command: 'transfers/transfer-1', change: '-2' },
      { sequence: 1, kind: 'receive', amount: '5', change: '5' },
    ]);
    const others = await tenant.call(`GET ${pathOf(other)}/entries`);
    expect(others.body.items).toMatchObject([{ sequence: 2, change: '2' }]);
  });

  it('goes on by the number of an entry, which what comes meanwhile does not shift', async () => {
    const tenant = await openTenant();
    const main = await openFunded(tenant, '5');
    for (const id of ['a', 'b', 'c']) await reserve(tenant, main, { id, amount: '1' });
    const first = await tenant.call(`GET ${pathOf(main)}/entries?limit=2`);
    await reserve(tenant, main, { id: 'd', amount: '1' });
    const next = await tenant.call(
      `GET ${pathOf(main)}/entries?limit=2&cursor=${first.body.nextCursor}`,
    );
    const numbers = [first, next].flatMap(({ body }) =>
      body.items.map(({ sequence }: { readonly sequence: number }) => sequence),
    );
    expect(numbers).toEqual([4, 3, 2, 1]);
    expect(next.body.nextCursor).toBeNull();
  });
});
