import { describe, expect, it } from 'vitest';
import {
  decideCancel,
  decideDrop,
  decideLease,
  decideOverdue,
  decideReplay,
  decideReport,
  decideStarted,
} from '../../../worker/core/queue/decide.ts';
import { makeItem, type Outcome, type WorkItem } from '../../../worker/core/queue/item.ts';
import { KINDS, type WorkKind } from '../../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../../worker/core/queue/limits.ts';
import type { Result } from '../../../worker/core/result.ts';

const NOW = 1_700_000_000_000;
const moment = (now = NOW) => ({ now, random: 0.5 });

const ready = (kind: WorkKind = 'execution.run'): WorkItem =>
  makeItem({ id: 'wrk_1', kind, now: NOW, maxAgeMs: KINDS[kind].maxAgeMs });
const leased = (kind: WorkKind = 'execution.run') => decideLease(ready(kind), NOW);
const started = (kind: WorkKind = 'execution.run') =>
  valueOf(decideStarted(leased(kind), { leaseNumber: 1, now: NOW }));
const report = (item: WorkItem, outcome: Outcome, leaseNumber = item.leaseNumber) =>
  decideReport(item, { leaseNumber, outcome, reason: 'because' }, moment());

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

describe('decideLease', () => {
  it('numbers the lease and counts the attempt', () => {
    expect(leased()).toMatchObject({ state: 'leased', leaseNumber: 1, attempts: 1 });
  });

  it('does not lease what is not due or not ready', () => {
    expect(() => decideLease(ready(), NOW - 1)).toThrow();
    expect(() => decideLease(leased(), NOW)).toThrow();
  });
});

describe('decideStarted', () => {
  it('allows the holder of the lease to start and gives it the time of a run', () => {
    expect(started()).toMatchObject({
      startedLease: 1,
      leaseUntil: NOW + KINDS['execution.run'].runMs,
    });
  });

  it('does not allow a second start under the same lease, for any kind', () => {
    for (const kind of ['execution.run', 'execution.actions'] as const) {
      const again = decideStarted(started(kind), { leaseNumber: 1, now: NOW });
      expect(again).toMatchObject({ failure: { code: 'queue.lease_stale' } });
    }
  });

  it('refuses an older lease, an ended item and a lease that has run out unseen', () => {
    const retried = decideLease(valueOf(report(leased(), 'retry')), NOW + 60_000);
    const late = KINDS['execution.run'].leaseMs;
    expect(decideStarted(retried, { leaseNumber: 1, now: NOW }).ok).toBe(false);
    expect(decideStarted(valueOf(report(leased(), 'done')), { leaseNumber: 1, now: NOW }).ok).toBe(
      false,
    );
    expect(decideStarted(leased(), { leaseNumber: 1, now: NOW + late }).ok).toBe(false);
  });
});

describe('decideReport', () => {
  it('ends done and dead items with their reason', () => {
    expect(valueOf(report(started(), 'done'))).toMatchObject({
      state: 'done',
      endReason: 'done',
      endedAt: NOW,
      lastReason: 'because',
    });
    expect(valueOf(report(started(), 'dead'))).toMatchObject({
      state: 'dead',
      endReason: 'failed',
    });
  });

  it('gives the same answer to the same report and refuses another one', () => {
    for (const outcome of ['done', 'dead', 'retry', 'released'] as const) {
      const once = valueOf(report(leased(), outcome));
      expect(valueOf(report(once, outcome))).toBe(once);
      const other = outcome === 'done' ? 'dead' : 'done';
      expect(report(once, other)).toMatchObject({ failure: { code: 'queue.lease_stale' } });
    }
  });

  it('refuses a lease number that is not the present one', () => {
    expect(report(leased(), 'done', 0).ok).toBe(false);
    expect(report(leased(), 'done', 2).ok).toBe(false);
  });

  it('retries before the start, with backoff, until the attempts are used up', () => {
    let item = ready();
    for (let attempt = 1; attempt <= 5; attempt++) {
      item = decideLease(item, item.nextAttemptAt);
      item = valueOf(
        decideReport(
          item,
          { leaseNumber: attempt, outcome: 'retry', reason: 'd1' },
          moment(item.nextAttemptAt),
        ),
      );
    }
    expect(item).toMatchObject({ state: 'dead', endReason: 'attempts_exhausted', attempts: 5 });
  });

  it('does not start code again that failed after its start', () => {
    expect(valueOf(report(started(), 'retry'))).toMatchObject({ state: 'dead' });
    expect(valueOf(report(started(), 'released'))).toMatchObject({ state: 'dead' });
  });

  it('starts repeatable work again', () => {
    expect(valueOf(report(started('execution.actions'), 'retry')).state).toBe('ready');
  });

  it('does not count work that was given back before it began', () => {
    const item = valueOf(report(leased(), 'released'));
    expect(item).toMatchObject({ state: 'ready', attempts: 0, leaseNumber: 1 });
    expect(item.nextAttemptAt).toBeGreaterThan(NOW);
  });

  it('cuts a reason at its bound', () => {
    const long = { leaseNumber: 1, outcome: 'done' as const, reason: 'x'.repeat(10_000) };
    const item = valueOf(decideReport(leased(), long, moment()));
    expect(item.lastReason).toHaveLength(LIMITS.queueReasonCharsMax.value);
  });
});

describe('decideOverdue', () => {
  const afterLease = NOW + KINDS['execution.run'].leaseMs;
  const afterRun = NOW + KINDS['execution.run'].runMs;

  it('leaves what is in time', () => {
    expect(decideOverdue(ready(), moment())).toBeUndefined();
    expect(decideOverdue(leased(), moment(afterLease - 1))).toBeUndefined();
    expect(decideOverdue(valueOf(report(leased(), 'done')), moment(afterRun))).toBeUndefined();
  });

  it('retries an item whose lease died before the start', () => {
    expect(decideOverdue(leased(), moment(afterLease))).toMatchObject({
      state: 'ready',
      deaths: 1,
    });
  });

  it('ends an item interrupted whose lease died after the start', () => {
    const item = decideOverdue(started(), moment(afterRun));
    expect(item).toMatchObject({ state: 'dead', endReason: 'interrupted' });
  });

  it('sends an item to the dead letters that has killed two runners', () => {
    const once = decideOverdue(leased(), moment(afterLease));
    const twice = decideLease(once ?? ready(), afterLease + 10_000);
    const item = decideOverdue(twice, moment(afterLease + 10_000 + KINDS['execution.run'].leaseMs));
    expect(item).toMatchObject({ state: 'dead', endReason: 'killed_runner', deaths: 2 });
  });

  it('resumes repeatable work after one dead runner and ends it after two', () => {
    const kind = 'execution.actions';
    const runMs = KINDS[kind].runMs;
    const once = decideOverdue(started(kind), moment(NOW + runMs));
    expect(once).toMatchObject({ state: 'ready', deaths: 1 });
    const again = decideLease(once ?? ready(), NOW + 2 * runMs);
    const running = valueOf(decideStarted(again, { leaseNumber: 2, now: NOW + 2 * runMs }));
    expect(decideOverdue(running, moment(NOW + 3 * runMs))).toMatchObject({
      state: 'dead',
      endReason: 'killed_runner',
    });
  });

  it('does not let anything wait for ever', () => {
    expect(decideOverdue(ready(), moment(ready().maxAgeAt))).toMatchObject({
      state: 'dead',
      endReason: 'too_old',
    });
  });
});

describe('decideCancel', () => {
  it('cancels what waits or runs, and answers the same again', () => {
    for (const item of [ready(), leased(), started()]) {
      const cancelled = valueOf(decideCancel(item, NOW));
      expect(cancelled).toMatchObject({ state: 'cancelled', endReason: 'cancelled' });
      expect(valueOf(decideCancel(cancelled, NOW + 1))).toBe(cancelled);
    }
  });

  it('refuses the start and the report of what was cancelled', () => {
    const cancelled = valueOf(decideCancel(leased(), NOW));
    expect(decideStarted(cancelled, { leaseNumber: 1, now: NOW }).ok).toBe(false);
    expect(report(cancelled, 'done').ok).toBe(false);
  });

  it('does not cancel what has ended', () => {
    const done = valueOf(report(started(), 'done'));
    expect(decideCancel(done, NOW)).toMatchObject({ failure: { code: 'queue.item_ended' } });
  });
});

describe('decideReplay and decideDrop', () => {
  const deadBeforeStart = () => valueOf(report(leased(), 'dead'));

  it('begins a dead item anew under its own id, and refuses its old leases', () => {
    const replayed = valueOf(decideReplay(deadBeforeStart(), NOW + 5));
    expect(replayed).toMatchObject({ state: 'ready', attempts: 0, deaths: 0, endReason: null });
    expect(decideLease(replayed, NOW + 5).leaseNumber).toBe(2);
    expect(report(replayed, 'dead', 1).ok).toBe(false);
  });

  it('does not replay code that has started', () => {
    const interrupted = valueOf(report(started(), 'dead'));
    expect(decideReplay(interrupted, NOW)).toMatchObject({
      failure: { code: 'queue.replay_refused' },
    });
  });

  it('replays repeatable work that has started', () => {
    const dead = valueOf(report(started('execution.actions'), 'dead'));
    expect(valueOf(decideReplay(dead, NOW)).state).toBe('ready');
  });

  it('drops only dead letters, and answers the same again', () => {
    const dropped = valueOf(decideDrop(deadBeforeStart(), NOW));
    expect(dropped).toMatchObject({ state: 'cancelled', endReason: 'dropped' });
    expect(valueOf(decideDrop(dropped, NOW))).toBe(dropped);
    for (const item of [ready(), leased(), valueOf(report(leased(), 'done'))]) {
      expect(decideDrop(item, NOW).ok).toBe(false);
      expect(decideReplay(item, NOW).ok).toBe(false);
    }
  });
});
