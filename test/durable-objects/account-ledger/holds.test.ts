/** Holds in the object: time, alarms, evictions, and callers that come together. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capture } from '../../../worker/core/ledger/commands.ts';
import {
  dayBudget,
  funded,
  reserveOf,
  START,
  setClock,
  startClock,
  stopClock,
} from './ledger-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

const captureOf = (hold: string, amount: bigint, more: Partial<Capture> = {}): Capture => ({
  kind: 'capture',
  id: `capture-${hold}`,
  owner: 'sponsorships',
  hold,
  amount,
  ...more,
});

describe('a hold', () => {
  it('gives the same answer to the same command for ever, across evictions', async () => {
    const rig = await funded(100n);
    const first = await rig.give(reserveOf('one', 60n));
    await rig.evict();
    setClock(START + 400 * 86_400_000);
    const again = await rig.give(reserveOf('one', 60n));
    expect(first).toMatchObject({ ok: true, value: { gas: 60n, available: 40n, isRepeat: false } });
    expect(again.ok && first.ok && again.value).toEqual({
      ...(first.ok && first.value),
      isRepeat: true,
    });
    expect(await rig.give(reserveOf('one', 61n))).toMatchObject({
      failure: { code: 'gasbank.command_conflict' },
    });
  });

  it('M7 ends by alarm when it is timed, also after an eviction', async () => {
    const rig = await funded(100n);
    await rig.hear();
    await rig.give(reserveOf('one', 60n));
    expect(await rig.alarmAt()).toBe(START + 60_000);
    await rig.evict();
    setClock(START + 60_000);
    await rig.ring();
    expect(await rig.balance('available/main')).toBe(100n);
    expect(await rig.stub.hold('sponsorships', 'one')).toMatchObject({
      value: { state: 'expired', endedAt: START + 60_000 },
    });
    await rig.ring();
    expect(await rig.balance('available/main')).toBe(100n);
  });

  it('M7 is over at its time, though the alarm is late', async () => {
    const rig = await funded(100n);
    await rig.give(reserveOf('one', 60n));
    setClock(START + 60_000);
    expect(await rig.give(captureOf('one', 60n))).toMatchObject({
      failure: { code: 'gasbank.hold_ended', detail: 'expired' },
    });
  });

  it('M7 outlives every alarm once it is bound, until a verdict ends it', async () => {
    const rig = await funded(100n);
    await rig.give(reserveOf('one', 60n));
    await rig.give({ kind: 'bind', id: 'b', owner: 'sponsorships', hold: 'one' });
    setClock(START + 86_400_000);
    await rig.ring();
    expect(await rig.give(captureOf('one', 60n))).toMatchObject({
      failure: { code: 'gasbank.hold_bound' },
    });
    expect(await rig.balance('reserved/main')).toBe(60n);
    const verdict = 'fault:0x00';
    expect(await rig.give(captureOf('one', 60n, { verdict }))).toMatchObject({ ok: true });
    expect(await rig.balance('spent')).toBe(60n);
    expect(await rig.balance('reserved/main')).toBe(0n);
  });

  it('takes part and gives the rest back', async () => {
    const rig = await funded(100n);
    await rig.give(reserveOf('one', 60n));
    expect(await rig.give(captureOf('one', 25n))).toMatchObject({
      value: { gas: 25n, available: 75n },
    });
    expect(await rig.stub.usage({ fromDay: 0, toDay: 1e6, limit: 10 })).toMatchObject({
      value: { items: [{ purpose: 'sponsorships.fee', gas: 25n, uses: 1 }] },
    });
    const day = Math.floor(START / 86_400_000);
    const after = { day, purpose: 'sponsorships.fee' };
    expect(await rig.stub.usage({ fromDay: day, toDay: day, after, limit: 10 })).toMatchObject({
      value: { items: [] },
    });
    expect(await rig.stub.openHolds({ limit: 10 })).toMatchObject({ value: { items: [] } });
  });
});

describe('a budget', () => {
  it('M22 is not passed by one datoshi when a thousand come together', async () => {
    const rig = await funded(1_000_000n);
    const budgets = [dayBudget('policy:1', 5_000n)];
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        rig.give(reserveOf(`hold-${index}`, 7n, { budgets })),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(714);
    const refused = answers.find(({ ok }) => !ok);
    expect(refused).toMatchObject({
      failure: { code: 'gasbank.budget_exceeded', detail: 'policy:1', limit: 5_000 },
    });
    expect(await rig.balance('reserved/main')).toBe(4_998n);
  });

  it('M22 gets back what a hold did not take, and begins anew with the day', async () => {
    const rig = await funded(1_000n);
    const budgets = [dayBudget('policy:1', 100n)];
    await rig.give(reserveOf('one', 100n, { budgets }));
    await rig.give(captureOf('one', 30n));
    expect((await rig.give(reserveOf('two', 71n, { budgets }))).ok).toBe(false);
    expect((await rig.give(reserveOf('two', 70n, { budgets }))).ok).toBe(true);
    setClock(START + 86_400_000);
    expect((await rig.give(reserveOf('three', 100n, { budgets }))).ok).toBe(true);
  });

  it('M22 of faults suspends once they have reached it', async () => {
    const rig = await funded(1_000n);
    const faults = {
      counter: 'policy:1:faults',
      window: 'day',
      counts: 'nothing',
      cap: 2n,
    } as const;
    const counts = [{ counter: 'policy:1:faults', window: 'day' }] as const;
    for (const id of ['one', 'two']) {
      expect((await rig.give(reserveOf(id, 1n, { budgets: [faults] }))).ok).toBe(true);
      await rig.give(captureOf(id, 1n, { counts }));
    }
    expect(await rig.give(reserveOf('three', 1n, { budgets: [faults] }))).toMatchObject({
      failure: { code: 'gasbank.budget_exceeded' },
    });
  });

  it('M7 of open holds limits how many a signer has prepared', async () => {
    const rig = await funded(1_000n);
    const open = { counter: 'signer:1', window: 'open', counts: 'uses', cap: 1n } as const;
    await rig.give(reserveOf('one', 1n, { budgets: [open] }));
    expect((await rig.give(reserveOf('two', 1n, { budgets: [open] }))).ok).toBe(false);
    await rig.give(captureOf('one', 1n));
    expect((await rig.give(reserveOf('two', 1n, { budgets: [open] }))).ok).toBe(true);
  });

  it('forgets days that no hold can give back to any more', async () => {
    const rig = await funded(1_000n);
    await rig.hear();
    await rig.give(reserveOf('one', 1n, { budgets: [dayBudget('policy:1', 5n)] }));
    await rig.give(captureOf('one', 1n));
    setClock(START + 102 * 86_400_000);
    await rig.ring();
    expect(await rig.rows('SELECT * FROM counters')).toEqual([]);
    expect(await rig.rows('SELECT charges FROM holds')).toEqual([{ charges: null }]);
    expect(await rig.alarmAt()).toBeNull();
  });
});

describe('two callers at once', () => {
  it('cannot hold more than there is', async () => {
    const rig = await funded(100n);
    const both = await Promise.all([
      rig.give(reserveOf('one', 60n)),
      rig.give(reserveOf('two', 60n)),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({
      failure: { code: 'gasbank.insufficient_funds', limit: 40, observed: 60 },
    });
  });

  it('end a hold once, by capture or by release', async () => {
    const rig = await funded(100n);
    await rig.give(reserveOf('one', 60n));
    const release = { kind: 'release', id: 'r', owner: 'sponsorships', hold: 'one' } as const;
    const both = await Promise.all([rig.give(captureOf('one', 60n)), rig.give(release)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
