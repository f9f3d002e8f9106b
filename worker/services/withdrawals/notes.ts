/** What is told of a withdrawal: a line of the audit log, and an event to its account or to operators. */
import type { SQL } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { PLATFORM } from '../../core/ledger/book.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { tellIf } from '../../http/outbox.ts';
import { newId } from '../../http/request-context.ts';
import { type PayoutRow, payoutAsRead } from './store.ts';

const journalOf = ({ accountId }: Pick<PayoutRow, 'accountId'>): string =>
  accountId === PLATFORM ? 'operator' : accountId;

const WORD_OF = {
  withdrawal: 'withdrawal',
  return: 'deposit_return',
  refill: 'refill',
  unclaimed: 'unclaimed_payout',
} as const;

/** The facts of an event; amounts in GAS. */
const eventOf = (row: PayoutRow) => ({
  type: `${WORD_OF[row.kind]}.${row.status}`,
  subject: `gasbank/withdrawals/${row.withdrawalId}`,
  data: {
    withdrawalId: row.withdrawalId,
    requestId: row.requestId,
    gasAccountId: row.gasAccountId,
    depositId: row.depositId,
    network: row.network,
    networkMagic: row.networkMagic,
    amount: formatGas(BigInt(row.amount)),
    to: encodeAddress(row.recipient),
    reason: row.reason,
    detail: row.detail,
    hash: row.hash,
    fee: row.fee === null ? null : formatGas(BigInt(row.fee)),
    reference: row.reference,
  },
});

export interface Telling {
  /** As it was read: what is told is told with the change of this very row, or not at all. */
  readonly before: PayoutRow;
  readonly after: PayoutRow;
  readonly author: string;
  readonly operation: string;
  readonly now: number;
}

/** Statements of the batch that changes the row; they come before the change. */
export function tellChange({ before, after, author, operation, now }: Telling): readonly SQL[] {
  const once = payoutAsRead(before);
  const line = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: author },
    operation,
    outcome: 'ok',
    target: { kind: 'withdrawal', id: after.withdrawalId },
    details: { status: after.status, reason: after.reason, hash: after.hash, fee: after.fee },
  };
  return [
    tellIf({ journal: journalOf(after), kind: 'audit', body: line, now }, once),
    ...eventJournals(after).map((journal) =>
      tellIf({ journal, kind: 'event', body: cloudEvent(after, journal, now), now }, once),
    ),
  ];
}

/** What waits for an operator is told to operators too. */
function eventJournals(row: PayoutRow): readonly string[] {
  const own = journalOf(row);
  const isAlert = row.status === 'unresolved' || row.status === 'dead_letter';
  return isAlert && own !== 'operator' ? [own, 'operator'] : [own];
}

const cloudEvent = (row: PayoutRow, journal: string, now: number) => ({
  id: newId('event', now),
  source: `/accounts/${journal}`,
  specversion: '1.0',
  time: toTimestamp(now),
  ...eventOf(row),
});
