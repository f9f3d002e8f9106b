/**
 * Every change of a work item, decided without asking anyone: an item and a command in, the changed
 * item or a refusal out. AccountScheduler applies them, each in one transaction.
 *
 * Delivery is at least once; these rules make its effect happen at most once where that matters.
 * Code starts only after `decideStarted` allowed it, which it does once a lease and, for kinds that
 * are not repeatable, once an item. So two runners with the same item (a repeated batch, a runner
 * thought dead) cannot both start it, and a runner that did not hear the permission must not start.
 * What is lost then is a run, recorded as `interrupted`; never a second withdrawal.
 */
import { assert, assertNever } from '../assert.ts';
import { err, ok, type Result } from '../result.ts';
import { backoffMs, releasePauseMs } from './backoff.ts';
import { type EndReason, isOpen, isRunning, type Outcome, type WorkItem } from './item.ts';
import { KINDS, type KindPolicy } from './kinds.ts';
import { LIMITS } from './limits.ts';

export interface Report {
  readonly leaseNumber: number;
  readonly outcome: Outcome;
  /** Why, in words for the owner of the account; cut at its bound. */
  readonly reason: string | null;
}

export interface Moment {
  readonly now: number;
  /** A fresh fraction in [0, 1) for the jitter. */
  readonly random: number;
}

const policyOf = ({ kind }: WorkItem): KindPolicy => KINDS[kind];

export function decideLease(item: WorkItem, now: number): WorkItem {
  assert(item.state === 'ready' && item.nextAttemptAt <= now, 'only an item that is due is leased');
  return {
    ...item,
    state: 'leased',
    attempts: item.attempts + 1,
    leaseNumber: item.leaseNumber + 1,
    leaseUntil: now + policyOf(item).leaseMs,
    lastOutcome: null,
  };
}

/**
 * The permission to start. A second one is refused even to the holder: two runners may hold the
 * same batch.
 */
export function decideStarted(
  item: WorkItem,
  { leaseNumber, now }: { readonly leaseNumber: number; readonly now: number },
): Result<WorkItem, 'queue.lease_stale'> {
  const held = item.state === 'leased' && item.leaseNumber === leaseNumber;
  // A lease that ran out is dead even if the watchdog has not come by yet, else both could decide.
  if (!held || isRunning(item) || now >= (item.leaseUntil ?? 0)) return err('queue.lease_stale');
  return ok({ ...item, startedLease: leaseNumber, leaseUntil: now + policyOf(item).runMs });
}

export function decideReport(
  item: WorkItem,
  report: Report,
  moment: Moment,
): Result<WorkItem, 'queue.lease_stale'> {
  if (item.leaseNumber !== report.leaseNumber) return err('queue.lease_stale');
  // The answer to the first report was lost.
  if (item.state !== 'leased')
    return item.lastOutcome === report.outcome ? ok(item) : err('queue.lease_stale');
  const reported: WorkItem = {
    ...item,
    lastOutcome: report.outcome,
    lastReason: report.reason?.slice(0, LIMITS.queueReasonCharsMax.value) ?? null,
  };
  switch (report.outcome) {
    case 'done':
      return ok(end(reported, 'done', moment.now));
    case 'dead':
      return ok(end(reported, 'failed', moment.now));
    case 'retry':
      return ok(again(reported, moment));
    case 'released':
      return ok(released(reported, moment));
    default:
      return assertNever(report.outcome);
  }
}

/** What the watchdog does to an item now; undefined when its time has not come. */
export function decideOverdue(item: WorkItem, moment: Moment): WorkItem | undefined {
  if (item.state === 'ready')
    return moment.now >= item.maxAgeAt ? end(item, 'too_old', moment.now) : undefined;
  if (item.state !== 'leased' || moment.now < (item.leaseUntil ?? 0)) return undefined;
  const dead = { ...item, deaths: item.deaths + 1 };
  if (isRunning(dead) && !policyOf(dead).isRepeatable) return end(dead, 'interrupted', moment.now);
  if (dead.deaths >= LIMITS.queueDeathsMax.value) return end(dead, 'killed_runner', moment.now);
  return again(dead, moment);
}

/**
 * Work that started cannot be called back: it is cancelled for the queue, its report will be
 * refused, and the runner finds out by `get` between its steps.
 */
export function decideCancel(item: WorkItem, now: number): Result<WorkItem, 'queue.item_ended'> {
  if (item.state === 'cancelled') return ok(item);
  return isOpen(item) ? ok(end(item, 'cancelled', now)) : err('queue.item_ended');
}

/**
 * A dead item begins anew under its own id, so its effect still happens once. Not when its code has
 * started: that is an execution of its own, which the owner asks for as such.
 */
export function decideReplay(
  item: WorkItem,
  now: number,
): Result<WorkItem, 'queue.item_not_dead' | 'queue.replay_refused'> {
  if (item.state !== 'dead') return err('queue.item_not_dead');
  if (item.startedLease !== null && !policyOf(item).isRepeatable)
    return err('queue.replay_refused');
  return ok({
    ...item,
    state: 'ready',
    attempts: 0,
    deaths: 0,
    nextAttemptAt: now,
    maxAgeAt: now + policyOf(item).maxAgeMs,
    lastOutcome: null,
    endedAt: null,
    endReason: null,
  });
}

/**
 * A dropped item stays for a while without its payload, so that its id cannot be used again
 * meanwhile.
 */
export function decideDrop(item: WorkItem, now: number): Result<WorkItem, 'queue.item_not_dead'> {
  if (item.endReason === 'dropped') return ok(item);
  return item.state === 'dead' ? ok(end(item, 'dropped', now)) : err('queue.item_not_dead');
}

/**
 * Back to ready after a wait, unless its attempts are used up or its code has started and may not
 * start again.
 */
function again(item: WorkItem, moment: Moment): WorkItem {
  const policy = policyOf(item);
  if (isRunning(item) && !policy.isRepeatable) return end(item, 'failed', moment.now);
  if (item.attempts >= policy.attemptsMax) return end(item, 'attempts_exhausted', moment.now);
  return readyIn(item, backoffMs(item.attempts, moment.random), moment.now);
}

/** Giving back what was not begun costs no attempt; its age still bounds it. */
function released(item: WorkItem, moment: Moment): WorkItem {
  if (isRunning(item)) return again(item, moment);
  const uncounted = { ...item, attempts: item.attempts - 1 };
  return readyIn(uncounted, releasePauseMs(moment.random), moment.now);
}

const readyIn = (item: WorkItem, waitMs: number, now: number): WorkItem => ({
  ...item,
  state: 'ready',
  leaseUntil: null,
  nextAttemptAt: now + waitMs,
});

const END_STATES = {
  done: 'done',
  failed: 'dead',
  attempts_exhausted: 'dead',
  interrupted: 'dead',
  killed_runner: 'dead',
  too_old: 'dead',
  cancelled: 'cancelled',
  dropped: 'cancelled',
} as const satisfies Record<EndReason, WorkItem['state']>;

const end = (item: WorkItem, reason: EndReason, now: number): WorkItem => ({
  ...item,
  state: END_STATES[reason],
  leaseUntil: null,
  endedAt: now,
  endReason: reason,
});
