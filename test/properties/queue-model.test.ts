/**
 * Random runners, watchdogs, owners and clocks against the pure queue. Runners keep what they were handed for ever and
 * report whenever they like, twice or under leases long dead: what they may not do is start code twice, change what has
 * ended, or leave an item without an end and a reason.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideCancel,
  decideDrop,
  decideLease,
  decideOverdue,
  decideReplay,
  decideReport,
  decideStarted,
} from '../../worker/core/queue/decide.ts';
import { isOpen, isRunning, makeItem, type WorkItem } from '../../worker/core/queue/item.ts';
import { KINDS, type WorkKind } from '../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../worker/core/queue/limits.ts';

const START = 1_700_000_000_000;
const runs = process.env.SLOW === '1' ? 20_000 : 1_000;

/** How many leases old the runner's lease is; mostly the present one. */
const age = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 3 }));

const command = fc.oneof(
  fc.record({ type: fc.constant('lease' as const) }),
  fc.record({ type: fc.constant('start' as const), age }),
  fc.record({
    type: fc.constant('report' as const),
    age,
    outcome: fc.constantFrom('done', 'retry', 'dead', 'released'),
  }),
  fc.record({ type: fc.constant('watchdog' as const) }),
  fc.record({
    type: fc.constant('time' as const),
    ms: fc.constantFrom(1, 5_000, 61_000, 301_000, 90_000_000),
  }),
  fc.record({ type: fc.constantFrom('cancel' as const, 'replay' as const, 'drop' as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer One> ? One : never;

/** One item, and what the world saw of it. */
interface World {
  item: WorkItem;
  now: number;
  starts: number;
}

const accepted = (world: World, result: { readonly ok: boolean; readonly value?: WorkItem }) => {
  if (result.ok && result.value !== undefined) world.item = result.value;
  return result.ok;
};

function apply(world: World, one: Command, random: number): void {
  const { item, now } = world;
  switch (one.type) {
    case 'time':
      world.now += one.ms;
      return;
    case 'lease':
      if (item.state === 'ready' && item.nextAttemptAt <= now) world.item = decideLease(item, now);
      return;
    case 'start':
      if (accepted(world, decideStarted(item, { leaseNumber: item.leaseNumber - one.age, now })))
        world.starts++;
      return;
    case 'report': {
      const report = {
        leaseNumber: item.leaseNumber - one.age,
        outcome: one.outcome,
        reason: null,
      };
      accepted(world, decideReport(item, report, { now, random }));
      return;
    }
    case 'watchdog':
      world.item = decideOverdue(item, { now, random }) ?? item;
      return;
    case 'cancel':
      accepted(world, decideCancel(item, now));
      return;
    case 'replay':
      accepted(world, decideReplay(item, now));
      return;
    case 'drop':
      accepted(world, decideDrop(item, now));
  }
}

/** What holds of every item at every moment. */
function expectSound(item: WorkItem): void {
  expect(item.leaseUntil !== null).toBe(item.state === 'leased');
  expect(item.endReason === null).toBe(isOpen(item));
  expect(item.endedAt === null).toBe(isOpen(item));
  expect(item.attempts).toBeGreaterThanOrEqual(0);
  expect(item.attempts).toBeLessThanOrEqual(KINDS[item.kind].attemptsMax);
  expect(item.deaths).toBeLessThanOrEqual(LIMITS.queueDeathsMax.value);
  if (item.startedLease !== null) expect(item.startedLease).toBeLessThanOrEqual(item.leaseNumber);
}

/** What no step may do. */
function expectLawful(before: WorkItem, after: WorkItem, { type, ...one }: Command): void {
  if ('age' in one && one.age !== 0) expect(after).toEqual(before);
  expect(after.leaseNumber).toBeGreaterThanOrEqual(before.leaseNumber);
  const hasEnded = !isOpen(before);
  if (hasEnded && type !== 'replay' && type !== 'drop') expect(after).toEqual(before);
  if (before.state === 'done' || before.state === 'cancelled') expect(after).toEqual(before);
  if (isRunning(before) && !KINDS[before.kind].isRepeatable) expect(after.state).not.toBe('ready');
}

const worldOf = (kind: WorkKind): World => ({
  item: makeItem({ id: 'wrk_1', kind, now: START, maxAgeMs: KINDS[kind].maxAgeMs }),
  now: START,
  starts: 0,
});

const scenario = fc.record({
  kind: fc.constantFrom<WorkKind>('execution.run', 'execution.actions'),
  commands: fc.array(command, { minLength: 1, maxLength: 60 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('the queue under random commands', () => {
  it('D2 never starts code twice, never changes what has ended, and gives every end a reason', () => {
    fc.assert(
      fc.property(scenario, ({ kind, commands, random }) => {
        const world = worldOf(kind);
        for (const one of commands) {
          const before = world.item;
          apply(world, one, random);
          expectSound(world.item);
          expectLawful(before, world.item, one);
        }
        if (!KINDS[kind].isRepeatable) expect(world.starts).toBeLessThanOrEqual(1);
      }),
      { numRuns: runs },
    );
  });

  it('ends every item by the watchdog alone, however its runners behave', () => {
    fc.assert(
      fc.property(scenario, ({ kind, commands, random }) => {
        const world = worldOf(kind);
        for (const one of commands) apply(world, one, random);
        for (let step = 0; step < 20 && isOpen(world.item); step++) {
          world.now += 8 * 86_400_000;
          apply(world, { type: 'watchdog' }, random);
        }
        expect(isOpen(world.item)).toBe(false);
        expect(world.item.endReason).not.toBeNull();
      }),
      { numRuns: runs },
    );
  });
});
