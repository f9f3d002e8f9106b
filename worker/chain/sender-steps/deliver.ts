/**
 * Verdicts on their way from a sender's outbox to where they are read. What was written is
 * acknowledged even when a later event could not be; what was written and not acknowledged comes
 * again, and counts once by its id (delivery rules D3, D4).
 */
import type { NeoSenderRpc, SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { LIMITS } from '../../core/neo-sender/limits.ts';

export type Outbox = Pick<NeoSenderRpc, 'listEvents' | 'acknowledgeEvents'>;

/** Throws when the event could not be stored; a second time it changes nothing. */
export type RecordSenderEvent = (event: SenderEvent) => Promise<void>;

/** One bounded batch; the sender's alarm comes again for the rest. */
export async function deliverEvents(outbox: Outbox, record: RecordSenderEvent): Promise<void> {
  const limit = LIMITS.senderDeliveryEventsMax.value;
  const page = await outbox.listEvents({ afterSequence: 0, limit });
  let recorded: number | null = null;
  try {
    for (const event of page.ok ? page.value.items : []) {
      await record(event);
      recorded = event.sequence;
    }
  } finally {
    if (recorded !== null) await outbox.acknowledgeEvents(recorded);
  }
}
