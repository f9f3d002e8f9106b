/**
 * What may enter the queue. A batch enters whole or not at all; items that are there already are
 * answered with their state and take no room, so that a caller who lost the answer repeats the
 * whole batch and nothing happens twice.
 */
import { assert } from '../../worker/core/assert.ts';
import { makeItem } from '../../worker/core/queue/item.ts';
import { isWorkKind, KINDS } from '../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../worker/core/queue/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Stores } from './dispatch.ts';
import type { Enqueue, Enqueued, EnqueueItem } from './rpc.ts';
import type { SettingsStore } from './settings-sql.ts';

const ITEM_ID = /^[A-Za-z0-9_.:-]{1,100}$/;

/** Runs in the caller's transaction. */
export function admit(
  { items, settings }: Stores,
  command: Enqueue,
  now: number,
): Result<Enqueued, 'queue.full' | 'queue.item_conflict'> {
  assertCommand(command);
  const owner = settings.load()?.accountId ?? command.accountId;
  assert(owner === command.accountId, 'work was sent to the scheduler of another account');
  const known = new Map(items.loadKnown(command.items.map(({ id }) => id)).map((k) => [k.id, k]));
  const isConflict = ({ id, kind, fingerprint }: EnqueueItem): boolean => {
    const earlier = known.get(id);
    return earlier !== undefined && (earlier.kind !== kind || earlier.fingerprint !== fingerprint);
  };
  const conflict = command.items.find(isConflict);
  if (conflict !== undefined) return err('queue.item_conflict', { detail: conflict.id });

  const fresh = command.items.filter(({ id }) => !known.has(id));
  const bytes = fresh.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  const room = decideRoom(settings, { items: fresh.length, bytes });
  if (!room.ok) return room;
  settings.saveAccount(command.accountId, command.leasedMax, LIMITS.queueLeasedDefault.value);
  for (const item of fresh) {
    const { id, kind } = item;
    items.add(makeItem({ id, kind, now, maxAgeMs: KINDS[kind].maxAgeMs }), item);
  }
  const answered = command.items.map(({ id }) => {
    const earlier = known.get(id);
    return { id, state: earlier?.state ?? ('ready' as const), isRepeat: earlier !== undefined };
  });
  return ok({ items: answered, backlog: room.value });
}

/**
 * Whether so much more may be open; answers the backlog with it. `observed` is the position that
 * was refused.
 */
export function decideRoom(
  settings: SettingsStore,
  more: { readonly items: number; readonly bytes: number },
): Result<number, 'queue.full'> {
  const open = settings.listTotals().filter(({ state }) => state === 'ready' || state === 'leased');
  const items = more.items + open.reduce((sum, total) => sum + total.items, 0);
  const bytes = more.bytes + open.reduce((sum, total) => sum + total.payloadBytes, 0);
  const fits = (observed: number, limit: number, added: number) => added === 0 || observed <= limit;
  if (!fits(items, LIMITS.queueBacklogMax.value, more.items))
    return err('queue.full', { limit: LIMITS.queueBacklogMax.value, observed: items });
  if (!fits(bytes, LIMITS.queueBacklogBytesMax.value, more.bytes))
    return err('queue.full', { limit: LIMITS.queueBacklogBytesMax.value, observed: bytes });
  return ok(items);
}

function assertCommand({ accountId, items, leasedMax }: Enqueue): void {
  assert(accountId.length > 0 && accountId.length <= 100, 'work belongs to an account');
  assert(items.length <= LIMITS.queueEnqueueItemsMax.value, 'too many items in one call');
  assert(new Set(items.map(({ id }) => id)).size === items.length, 'an id is there twice');
  assert(
    leasedMax === undefined || (leasedMax > 0 && leasedMax <= LIMITS.queueLeasedMax.value),
    'a quota of leased items is out of its bounds',
  );
  for (const { id, kind, fingerprint, payload } of items) {
    assert(ITEM_ID.test(id), 'an item id has 1 to 100 plain characters');
    assert(isWorkKind(kind), 'an item has a known kind');
    assert(
      fingerprint.length > 0 && fingerprint.length <= 128,
      'a fingerprint is 1 to 128 characters',
    );
    assert(payload.byteLength <= LIMITS.queuePayloadBytesMax.value, 'a payload is too large');
  }
}
