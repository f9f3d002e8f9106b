/**
 * Verdicts of senders on their way to the services that gave them the transactions. A service names
 * itself in the `purpose` of what it sends, and hears of nothing else; one that cannot write throws,
 * and the event is told again.
 */
import type { SenderEvent } from '../../durable-objects/neo-sender/rpc.ts';
import type { RequestContext } from '../http/request-context.ts';
import { recordSenderEvent as recordAnchor } from '../services/proofs/index.ts';
import { recordSenderEvent as recordSponsorship } from '../services/sponsorships/index.ts';
import { recordSenderEvent as recordTransaction } from '../services/transactions/index.ts';
import { recordSenderEvent as recordWithdrawal } from '../services/withdrawals/index.ts';

export type SenderEventDeps = Pick<RequestContext, 'env' | 'db' | 'settings' | 'now' | 'log'>;

const RECORDERS: ReadonlyMap<string, (deps: SenderEventDeps, event: SenderEvent) => Promise<void>> =
  new Map([
    ['transactions', recordTransaction],
    ['withdrawals', recordWithdrawal],
    ['sponsorships', recordSponsorship],
    ['anchors', recordAnchor],
  ]);

export async function recordSenderEvent(deps: SenderEventDeps, event: SenderEvent): Promise<void> {
  // The sender is ours: durable-objects/neo-sender/turn.ts writes it.
  const { purpose } = JSON.parse(event.dataJson) as { readonly purpose: string };
  const record = RECORDERS.get(purpose);
  if (record === undefined) {
    // Kept back it would keep back every verdict behind it.
    deps.log.error('sender.event_of_nobody', { purpose, subject: event.subject });
    return;
  }
  await record(deps, event);
}
