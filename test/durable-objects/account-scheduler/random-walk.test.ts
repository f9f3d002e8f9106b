/**
 * Random commands, clock jumps and evictions against the real object. Checked after each: starts of code, the number of
 * leases, that the totals kept by triggers equal a recount, and that whatever is open has an alarm to come for it.
 */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../worker/core/queue/item.ts';
import {
  type SchedulerRig,
  START,
  schedulerRig,
  setClock,
  startClock,
  stopClock,
  workItem,
} from './scheduler-rig.ts';

const slow = (env as unknown as { readonly SLOW?: string }).SLOW === '1';

beforeEach(stopClock);
afterEach(startClock);

const itemId = fc.nat(5).map((n) => `w${n}`);
const step = fc.oneof(
  fc.record({ type: fc.constant('enqueue' as const), id: itemId }),
  fc.record({ type: fc.constant('ring' as const), afterMs: fc.constantFrom(0, 3_000, 61_000) }),
  fc.record({ type: fc.constant('start' as const), handover: fc.nat(30) }),
  fc.record({
    type: fc.constant('report' as const),
    handover: fc.nat(30),
    outcome: fc.constantFrom<Outcome>('done', 'retry', 'dead', 'released'),
  }),
  fc.record({ type: fc.constantFrom('cancel' as const, 'replay' as const), id: itemId }),
  fc.record({ type: fc.constant('evict' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

interface Walk {
  readonly rig: SchedulerRig;
  readonly prefix: string;
  readonly starts: Map<string, number>;
  now: number;
}

const kindOf = (id: string) => (Number(id.at(-1)) % 2 ? 'execution.actions' : 'execution.run');

async function take(walk: Walk, one: Step): Promise<void> {
  const { rig, prefix, starts } = walk;
  const handed = rig.batches.flatMap(({ items }) => items);
  const handover = 'handover' in one ? handed[one.handover % (handed.length || 1)] : undefined;
  switch (one.type) {
    case 'enqueue':
      await rig.enqueue(workItem(prefix + one.id, kindOf(one.id)));
      return;
    case 'ring':
      walk.now += one.afterMs;
      setClock(walk.now);
      await rig.ring();
      return;
    case 'start': {
      if (handover === undefined) return;
      const { id, leaseNumber } = handover;
      const started = await rig.stub.reportStarted({ id, leaseNumber });
      if (started.ok) starts.set(id, (starts.get(id) ?? 0) + 1);
      return;
    }
    case 'report':
      if (handover === undefined) return;
      await rig.stub.report({ ...handover, outcome: one.outcome });
      return;
    case 'evict':
      await evictDurableObject(rig.stub);
      await rig.connect();
      return;
    case 'cancel':
    case 'replay':
      await rig.stub[one.type](prefix + one.id);
  }
}

async function expectSound({ rig, starts }: Walk): Promise<void> {
  const recount = await rig.sql(`SELECT kind, state, COUNT(*) AS items,
    SUM(payload_bytes) AS payload_bytes, SUM(coalesce(length(payload), 0)) = SUM(payload_bytes) AS exact
    FROM items GROUP BY kind, state ORDER BY kind, state`);
  const totals = await rig.sql(
    'SELECT *, 1 AS exact FROM totals WHERE items > 0 ORDER BY kind, state',
  );
  expect(totals).toEqual(recount);
  const leased = recount.filter(({ state }) => state === 'leased');
  expect(leased.reduce((sum, { items }) => sum + Number(items), 0)).toBeLessThanOrEqual(8);
  const isOpen = recount.some(({ state }) => state === 'ready' || state === 'leased');
  if (isOpen) expect(await rig.alarmAt()).not.toBeNull();
  for (const [id, count] of starts)
    if (kindOf(id) === 'execution.run') expect(count).toBeLessThanOrEqual(1);
}

describe('the scheduler under random commands and evictions', () => {
  it('D2 never starts code twice, loses no alarm and keeps its totals exact', async () => {
    let walks = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const rig = await schedulerRig();
        rig.batches.length = 0;
        const walk: Walk = { rig, prefix: `${walks++}-`, starts: new Map(), now: START };
        for (const one of steps) {
          await take(walk, one);
          await expectSound(walk);
        }
      }),
      { numRuns: slow ? 200 : 10, endOnFailure: true },
    );
  });
});
