/**
 * What the alarm does to the stored items: the watchdog, the removal of what was kept long enough,
 * and the leases of the next batch. Every step touches a bounded number of rows; `nextAlarmAt` says
 * when to come again, at once when rows were left over. All of it runs in the caller's transaction.
 */
import { decideLease, decideOverdue, type Moment } from '../../worker/core/queue/decide.ts';
import { shareSlots } from '../../worker/core/queue/fair-share.ts';
import type { WorkItem } from '../../worker/core/queue/item.ts';
import { KINDS, WORK_KINDS, type WorkKind } from '../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../worker/core/queue/limits.ts';
import type { SettingsStore } from './settings-sql.ts';
import type { ItemStore } from './sql.ts';

export interface Stores {
  readonly items: ItemStore;
  readonly settings: SettingsStore;
}

const ROWS = LIMITS.queueSweepRowsMax.value;

/** Moves what is stuck: dead leases, and items that waited too long. Answers how many it moved. */
export function sweepOverdue({ items }: Stores, now: number, random: () => number): number {
  const overdue = [...items.listLeaseDead(now, ROWS), ...items.listTooOld(now, ROWS)];
  for (const item of overdue) {
    const moment: Moment = { now, random: random() };
    const moved = decideOverdue(item, moment);
    if (moved !== undefined) items.save(moved);
  }
  return overdue.length;
}

/** Bounds what has ended by age and by number; dead letters lost this way are counted. */
export function sweepEnded({ items, settings }: Stores, now: number): number {
  const endedBefore = now - LIMITS.queueEndedKeepMs.value;
  const deadBefore = now - LIMITS.queueDeadKeepMs.value;
  const counts = { done: 0, cancelled: 0, dead: 0 };
  for (const { state, items: count } of settings.listTotals())
    if (state !== 'ready' && state !== 'leased') counts[state] += count;
  const dead = removeOldest(items, { state: 'dead', endedBefore: deadBefore, now }, counts.dead);
  if (dead > 0) settings.addDeadRemoved(dead);
  const done = removeOldest(items, { state: 'done', endedBefore, now }, counts.done);
  return (
    dead + done + removeOldest(items, { state: 'cancelled', endedBefore, now }, counts.cancelled)
  );
}

interface Ended {
  readonly state: 'done' | 'cancelled' | 'dead';
  readonly endedBefore: number;
  readonly now: number;
}

function removeOldest(items: ItemStore, { state, endedBefore, now }: Ended, count: number): number {
  const bound = state === 'dead' ? LIMITS.queueDeadMax.value : LIMITS.queueEndedMax.value;
  const surplus = Math.min(ROWS, Math.max(0, count - bound));
  const removed = surplus > 0 ? items.removeEnded({ state, endedBefore: now, limit: surplus }) : 0;
  return removed + items.removeEnded({ state, endedBefore, limit: ROWS - removed });
}

/** Leases what is due to the free slots, fairly over the kinds that are not paused. */
export function leaseDue({ items, settings }: Stores, now: number): readonly WorkItem[] {
  const slots = Math.min(freeSlots(settings), LIMITS.queueBatchItemsMax.value);
  const kinds = activeKinds(settings);
  if (slots === 0 || kinds.length === 0) return [];
  const credits = settings.loadCredits();
  const due = new Map(kinds.map((kind) => [kind, items.listDue({ kind, now, limit: slots })]));
  const waiting = kinds.map((kind) => ({
    kind,
    weight: KINDS[kind].weight,
    waiting: due.get(kind)?.length ?? 0,
    credit: credits.get(kind) ?? 0,
  }));
  return shareSlots(waiting, slots).flatMap(({ kind, take, credit }) => {
    if (credit !== credits.get(kind)) settings.saveCredit(kind, credit);
    const leased = (due.get(kind) ?? []).slice(0, take).map((item) => decideLease(item, now));
    for (const item of leased) items.save(item);
    return leased;
  });
}

/**
 * An item that has already outlived a runner travels alone, so that poison takes nobody with it
 * when it kills the next.
 */
export function batchesOf(leased: readonly WorkItem[]): readonly (readonly WorkItem[])[] {
  const trusted = leased.filter(({ deaths }) => deaths === 0);
  const suspected = leased.filter(({ deaths }) => deaths > 0).map((item) => [item]);
  return trusted.length > 0 ? [trusted, ...suspected] : suspected;
}

/**
 * When work is due next: a lease that may die, an item that can be leased or grows too old; null
 * when none is open.
 */
export function nextDueAt({ items, settings }: Stores): number | null {
  const startable = freeSlots(settings) > 0 ? activeKinds(settings) : [];
  return earliest([items.nextLeaseEnd(), items.nextTooOld(), ...startable.map(items.nextDue)]);
}

/** As `nextDueAt`, and when something that ended is to be removed. */
export function nextAlarmAt(stores: Stores): number | null {
  const after = (state: 'done' | 'cancelled' | 'dead', keepMs: number) => {
    const first = stores.items.firstEnded(state);
    return first === null ? null : first + keepMs;
  };
  return earliest([
    nextDueAt(stores),
    after('done', LIMITS.queueEndedKeepMs.value),
    after('cancelled', LIMITS.queueEndedKeepMs.value),
    after('dead', LIMITS.queueDeadKeepMs.value),
  ]);
}

function freeSlots(settings: SettingsStore): number {
  const leasedMax = settings.load()?.leasedMax ?? 0;
  const leased = settings.listTotals().filter(({ state }) => state === 'leased');
  return Math.max(0, leasedMax - leased.reduce((sum, { items }) => sum + items, 0));
}

function activeKinds(settings: SettingsStore): readonly WorkKind[] {
  const pauses = settings.listPauses();
  return pauses.includes('all') ? [] : WORK_KINDS.filter((kind) => !pauses.includes(kind));
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>((first, time) => {
    if (time === null) return first;
    return first === null ? time : Math.min(first, time);
  }, null);
