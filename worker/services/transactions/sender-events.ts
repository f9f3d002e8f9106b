/**
 * What senders tell of the transactions that this service gave them. Delivered at least once and in
 * any order: `settle` writes each outcome once and moves nothing out of an end.
 */
import type { SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { leavesOf } from '../../core/transactions/status.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { type SettleDeps, settle } from './settle.ts';
import { findTransaction } from './store.ts';
import { toldByEvent } from './told.ts';

/** Throws when it could not be written; then the sender tells it again. */
export async function recordSenderEvent(
  deps: SettleDeps & Pick<RequestContext, 'log'>,
  event: SenderEvent,
): Promise<void> {
  const heard = toldByEvent(event);
  if (heard === null) return;
  const row = await findTransaction(deps.db, event.subject);
  // Of another service, or of an account that was purged meanwhile.
  if (row === undefined) return;
  const { magic, sender, told } = heard;
  if (row.networkMagic !== magic || row.sender !== sender) {
    // M1: the same id at another sender is not this transaction.
    deps.log.error('transactions.foreign_event', { transactionId: event.subject, magic });
    return;
  }
  const { outcome } = told;
  await settle(deps, row, { told, from: leavesOf(outcome), author: 'sender', eventId: event.id });
}
