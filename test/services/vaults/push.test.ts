/** From a block to a gas account with nobody asking: the follower calls, the feed books. */
import { expect, it, vi } from 'vitest';
import { available } from '../../../worker/core/ledger/book.ts';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import {
  balances,
  depositRows,
  MAGIC,
  moved,
  paid,
  registered,
  STRANGER,
} from './vaults-under-test.ts';

it('a deposit is credited without a sweep', async () => {
  const { chain, vault } = await registered();
  const tenant = await openTenant();
  const { id } = (await openGasAccount(tenant)).body;
  await chain.connect(true);
  await chain.add(...paid({ from: STRANGER, to: vault, amount: 150_000_000n, data: id }));
  await vi.waitFor(async () => expect(await depositRows()).toHaveLength(1), 10_000);
  await vi.waitFor(async () => {
    const stream = await chain.stub.subscriber('gasbank');
    expect(stream.ok && stream.value.pending).toBe(0);
  }, 10_000);
  await moved();
  const book = { magic: MAGIC, owner: tenant.accountId };
  expect(await balances(book, available('main'))).toEqual([150_000_000n]);
});
