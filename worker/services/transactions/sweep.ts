/**
 * What the passing of time does to transactions: hands over what a request died before, ends
 * proposals whose time is over, compares with its sender what has been under way for long, and
 * removes what ended long ago. One ordered column of due times; a row is taken by moving that time
 * on, so two sweeps at once, or a sweep and a request, do not do the same work (delivery rule D4).
 */
import { eq } from 'drizzle-orm';
import { readProvenHeight } from '../../chain/proven-height.ts';
import { isEnd, leavesOf } from '../../core/transactions/status.ts';
import { errorFields } from '../../http/log.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { handOver, markHanded, reject, type SendDeps } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import { senderOf } from './senders.ts';
import { MINUTE_MS, settle } from './settle.ts';
import {
  deleteTransaction,
  findTransaction,
  listDue,
  type TransactionRow,
  updateTransaction,
} from './store.ts';
import { transactions } from './tables.ts';
import { toldByView } from './told.ts';

export async function sweepTransactions(deps: SendDeps): Promise<void> {
  const { db, now, log } = deps;
  for (const transactionId of await listDue(db, now, LIMITS.transactionSweepRowsMax.value)) {
    try {
      const row = await findTransaction(db, transactionId);
      if (row && row.dueAt <= now) await move(deps, row);
    } catch (thrown) {
      log.error('transactions.sweep_failed', { transactionId, ...errorFields(thrown) });
    }
  }
}

async function move(deps: SendDeps, row: TransactionRow): Promise<void> {
  if (isEnd(row.status)) {
    await deleteTransaction(deps.db, row);
    return;
  }
  if (row.status === 'proposed' && (await isOver(deps, row))) return expireProposal(deps, row);
  if (!(await take(deps, row)) || row.status === 'proposed') return;
  return row.handedAt === null ? handOverAgain(deps, row) : compare(deps, row);
}

/**
 * Of a multisig, with its last block. A network that is not served any more shows no blocks, and
 * nothing of a proposal was sent from here.
 */
async function isOver({ settings }: SendDeps, row: TransactionRow): Promise<boolean> {
  const { kind, validUntilBlock } = row;
  const network = findBoundNetwork(settings, row);
  if (kind === 'wallet' || validUntilBlock === null || !network.ok) return true;
  const { client, settings: facts } = network.value;
  const height = await readProvenHeight(client, facts.quorum);
  return height !== null && height >= validUntilBlock;
}

const expireProposal = (deps: SendDeps, row: TransactionRow): Promise<void> =>
  settle(deps, row, {
    told: {
      outcome: 'expired',
      at: deps.now,
      reason: 'proposal_expired',
      detail: null,
      included: null,
    },
    from: ['proposed'],
    author: 'sweep',
  });

/** False when somebody else has it, or it has moved on. */
async function take({ db, now }: SendDeps, row: TransactionRow): Promise<boolean> {
  const taken = await updateTransaction(
    db,
    row,
    { dueAt: now + waitMsOf(row) },
    eq(transactions.dueAt, row.dueAt),
  ).returning({ transactionId: transactions.transactionId });
  return taken.length > 0;
}

function waitMsOf({ status, handedAt }: TransactionRow): number {
  if (status === 'proposed') return LIMITS.multisigCheckMinutes.value * MINUTE_MS;
  return handedAt === null
    ? LIMITS.handOverSeconds.value * 1_000
    : LIMITS.senderCheckMinutes.value * MINUTE_MS;
}

/** Only its sender knows whether it has it; what it never had, ends after a while. */
async function handOverAgain(deps: SendDeps, row: TransactionRow): Promise<void> {
  const ageMs = deps.now - row.statusSince;
  if (ageMs < LIMITS.handOverMinutesMax.value * MINUTE_MS) {
    await handOver(deps, row);
    return;
  }
  const known = await senderOf(deps, row).get(row.transactionId);
  if (known.ok) await markHanded(deps, row);
  else await reject(deps, row, { reason: 'not_handed_over', detail: null });
}

/** Should an event or an alarm have been lost. */
async function compare(deps: SendDeps, row: TransactionRow): Promise<void> {
  const sender = senderOf(deps, row);
  const view = await sender.get(row.transactionId);
  if (!view.ok) {
    deps.log.error('transactions.unknown_to_sender', { transactionId: row.transactionId });
    return;
  }
  const told = toldByView(view.value);
  if (told === null) {
    await sender.wake();
    return;
  }
  await settle(deps, row, { told, from: leavesOf(told.outcome), author: 'sweep' });
}
