/** Fuel of runs that leave no execution, on the month's counter. */
import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { usageMonth } from '../../../worker/core/executions/quota.ts';
import { stopClock } from '../../support/time.ts';
import { codeOf, journalOf, order, start, valueOf, wideQuota } from './journal.ts';

const quota = { ...wideQuota, fuelPerMonth: 1000 };
const month = usageMonth(Date.now());

describe('booked fuel', () => {
  it('is the most that a run can burn, until what was not burnt is given back', async () => {
    const journal = journalOf();
    const booked = valueOf(await journal.bookFuel({ fuelMax: 600, quota }));
    expect(booked).toEqual({ month });
    expect(valueOf(await journal.usage(month))).toMatchObject({ fuel: 600, executions: 0 });
    await evictDurableObject(journal);
    await journal.returnFuel({ ...booked, fuel: 450 });
    expect(valueOf(await journal.usage(month)).fuel).toBe(150);
  });

  it('does not pass the quota when many are booked together', async () => {
    const journal = journalOf();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => journal.bookFuel({ fuelMax: 400, quota })),
    );
    expect(answers.map(codeOf).toSorted()).toEqual([
      'ok',
      'ok',
      'quota.exceeded',
      'quota.exceeded',
      'quota.exceeded',
    ]);
    expect(valueOf(await journal.usage(month)).fuel).toBe(800);
  });

  it('counts against executions, and theirs against it, also while they run', async () => {
    const journal = journalOf();
    expect(codeOf(await journal.bookFuel({ fuelMax: 500, quota }))).toBe('ok');
    const refused = await journal.startExecution(start({ order: order({ fuelMax: 501 }), quota }));
    expect(codeOf(refused)).toBe('quota.exceeded');
    await journal.startExecution(start({ order: order({ fuelMax: 400 }), quota }));
    expect(codeOf(await journal.bookFuel({ fuelMax: 101, quota }))).toBe('quota.exceeded');
    expect(codeOf(await journal.bookFuel({ fuelMax: 100, quota }))).toBe('ok');
  });

  it('goes back to the month it was taken from, and never below nothing', async () => {
    const clock = stopClock(Date.parse('2026-11-30T23:59:59.000Z'));
    const journal = journalOf();
    const booked = valueOf(await journal.bookFuel({ fuelMax: 600, quota }));
    clock.pass(2000);
    await journal.bookFuel({ fuelMax: 300, quota });
    await journal.returnFuel({ ...booked, fuel: 10_000 });
    await journal.returnFuel({ month: '2026-10', fuel: 5 });
    const fuelOf = async (when: string) => valueOf(await journal.usage(when)).fuel;
    expect([await fuelOf('2026-11'), await fuelOf('2026-12')]).toEqual([0, 300]);
  });
});
