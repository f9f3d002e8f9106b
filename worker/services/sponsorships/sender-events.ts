/**
 * What the senders of sponsors tell. Delivered at least once and in any order: the book takes each
 * end once, and `settle` moves nothing out of one.
 */
import type { SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { toldByEvent } from '../transactions/index.ts';
import { settle } from './settle.ts';
import { findSponsorship } from './store.ts';

/** Throws when it could not be written; then the sender tells it again. */
export async function recordSenderEvent(
  deps: Pick<RequestContext, 'env' | 'db' | 'now' | 'log'>,
  event: SenderEvent,
): Promise<void> {
  const heard = toldByEvent(event);
  if (heard === null) return;
  const row = await findSponsorship(deps.db, event.subject);
  // Of an account that was purged meanwhile.
  if (row === undefined) return;
  const { magic, sender, told } = heard;
  if (row.networkMagic !== magic || row.sponsor !== sender) {
    // M1: the same id at another sender is not this sponsorship.
    deps.log.error('sponsorships.foreign_event', { sponsorshipId: event.subject, magic });
    return;
  }
  await settle(deps, row, { told, author: 'sender', eventId: event.id });
}
