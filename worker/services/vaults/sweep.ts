/**
 * What the passing of time does for vaults: books what the follower's push did not bring, goes on
 * with watching, and looks whether the books took their deposits. What it cannot do now, the next
 * sweep does.
 */
import { eq } from 'drizzle-orm';
import { PLATFORM } from '../../core/ledger/book.ts';
import { errorFields } from '../../http/log.ts';
import { bookOf, gasAccounts } from '../gasbank/index.ts';
import { noteTaken, recordRefused, suspenseAccountOf } from './deposit-records.ts';
import { type DepositRow, listDueDeposits } from './deposit-store.ts';
import { bookAssignment } from './deposits.ts';
import { bookChainEvents } from './feed.ts';
import { LIMITS } from './limits.ts';
import { listVaultRows } from './store.ts';
import type { FeedDeps } from './watching.ts';

export async function sweepVaults(deps: FeedDeps): Promise<void> {
  const { db, now, log } = deps;
  for (const { network } of await listVaultRows(db)) {
    try {
      await bookChainEvents(deps, network);
    } catch (thrown) {
      log.error('gasbank.feed_failed', { network, ...errorFields(thrown) });
    }
  }
  for (const row of await listDueDeposits(db, now, LIMITS.depositChecksPerSweep.value)) {
    try {
      await checkTaken(deps, row);
    } catch (thrown) {
      log.error('gasbank.deposit_check_failed', {
        depositId: row.depositId,
        ...errorFields(thrown),
      });
    }
  }
}

/** An assignment that was told here and died before the book had it, is booked first. */
async function checkTaken(deps: FeedDeps, row: DepositRow): Promise<void> {
  if (row.status === 'assigned') {
    const [to] = await deps.db
      .select()
      .from(gasAccounts)
      .where(eq(gasAccounts.gasAccountId, row.gasAccountId ?? ''));
    if (to) await bookAssignment(deps, row, to);
  }
  const account = suspenseAccountOf(row);
  const book = bookOf(deps.env, { magic: row.networkMagic, owner: PLATFORM });
  const read = await book.balances({ accounts: [account], limit: 1 });
  const isBack = (read.value.items[0]?.balance ?? 0n) > 0n;
  await (isBack ? recordRefused(deps, row) : noteTaken(deps, row));
}
