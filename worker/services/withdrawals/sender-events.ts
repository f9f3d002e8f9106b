/**
 * What the operator's sender tells of payments of the vault. Delivered at least once and in any
 * order: the event only says that there is something to see; the sender and the chain are asked.
 */
import * as z from 'zod';
import type { SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { errorFields } from '../../http/log.ts';
import type { PayoutDeps } from './deps.ts';
import { intentIdOf } from './hand-over.ts';
import { judge } from './progress.ts';
import { change, findPayout, type PayoutRow } from './store.ts';

const eventDataSchema = z.object({ magic: z.int(), sender: z.string() });
/** Somebody else may move the row on meanwhile. */
const READINGS_MAX = 3;

/** Throws when it could not be noted; then the sender tells it again. */
export async function recordSenderEvent(deps: PayoutDeps, event: SenderEvent): Promise<void> {
  const { magic, sender } = eventDataSchema.parse(JSON.parse(event.dataJson));
  const [withdrawalId = ''] = event.subject.split(':');
  for (let reading = 0; reading < READINGS_MAX; reading += 1) {
    const row = await findPayout(deps.db, withdrawalId);
    // Of an account that was purged meanwhile, or of an attempt before the present one.
    if (row?.status !== 'sending' || intentIdOf(row) !== event.subject) return;
    if (row.networkMagic !== magic || row.sender !== sender) {
      // M1: the same id at another sender is not this payment.
      deps.log.error('withdrawals.foreign_event', { withdrawalId, magic });
      return;
    }
    const seen = await change(deps.db, row, {
      handedAt: row.handedAt ?? deps.now,
      dueAt: deps.now,
    });
    if (seen) return look(deps, seen);
  }
  throw new Error(`the withdrawal ${withdrawalId} was never still`);
}

/** It is due, so what goes wrong here the sweep does again. */
async function look(deps: PayoutDeps, row: PayoutRow): Promise<void> {
  try {
    await judge(deps, row);
  } catch (thrown) {
    const { withdrawalId } = row;
    deps.log.error('withdrawals.not_judged', { withdrawalId, ...errorFields(thrown) });
  }
}
