/**
 * What the sender of an anchor wallet tells. Delivered at least once and in any order: the event
 * only says that there is something to see; the sender is asked.
 */
import * as z from 'zod';
import type { SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { errorFields } from '../../http/log.ts';
import { type AnchorRow, changeAnchor, loadAnchor } from './anchor-store.ts';
import { intentIdOf, judge } from './anchors.ts';
import type { ProofDeps } from './stages.ts';

const eventDataSchema = z.object({ magic: z.int(), sender: z.string() });
const SUBJECT = /^anchor:([0-9]{1,10}):([0-9]{1,10}):[0-9]+$/;
/** Somebody else may move the row on meanwhile. */
const READINGS_MAX = 3;

/** Throws when it could not be noted; then the sender tells it again. */
export async function recordSenderEvent(deps: ProofDeps, event: SenderEvent): Promise<void> {
  const { magic, sender } = eventDataSchema.parse(JSON.parse(event.dataJson));
  const [, networkMagic, height] = SUBJECT.exec(event.subject) ?? [];
  const place = { networkMagic: Number(networkMagic), height: Number(height) };
  for (let reading = 0; reading < READINGS_MAX; reading += 1) {
    const row = await loadAnchor(deps.db, place);
    // Of an attempt before the present one, or of a checkpoint that is forgotten.
    if (row?.status !== 'sent' || intentIdOf(row) !== event.subject) return;
    if (row.networkMagic !== magic || row.sender !== sender) {
      // M1: the same id at another sender is not this anchor.
      deps.log.error('proofs.foreign_event', { subject: event.subject, magic });
      return;
    }
    const { db, now } = deps;
    const seen = await changeAnchor(db, row, { handedAt: row.handedAt ?? now, dueAt: now });
    if (seen) return look(deps, seen);
  }
  throw new Error(`the anchor ${event.subject} was never still`);
}

/** It is due, so what goes wrong here the sweep does again. */
async function look(deps: ProofDeps, row: AnchorRow): Promise<void> {
  try {
    await judge(deps, row);
  } catch (thrown) {
    const { networkMagic, height } = row;
    deps.log.error('proofs.anchor_not_judged', { networkMagic, height, ...errorFields(thrown) });
  }
}
