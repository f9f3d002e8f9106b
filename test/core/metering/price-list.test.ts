/** What work costs: exact in bigint, rounded up, never above what was put aside for it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargesRuns,
  FREE,
  mostOfRuns,
  priceOfRun,
  priceOfStorage,
} from '../../../worker/core/metering/price-list.ts';
import { AMOUNT_MAX } from '../../../worker/core/money.ts';

const list = (prices: Partial<typeof FREE>) => ({ ...FREE, ...prices });

describe('the price of a run', () => {
  it.each([
    [{ execution: 7n }, 0, 7n],
    [{ execution: 7n }, 3_000_000_000, 7n],
    [{ fuel: 100_000n }, 1_000_000_000, 100_000n],
    [{ fuel: 100_000n }, 1, 1n],
    [{ fuel: 100_000n }, 10_001, 2n],
    [{ fuel: 100_000n }, 0, 0n],
    [{ execution: 5n, fuel: 3n }, 2_500_000_000, 13n],
    [{}, 3_000_000_000, 0n],
  ])('%o for %i fuel is %s', (prices, fuel, price) => {
    expect(priceOfRun(list(prices), fuel)).toBe(price);
  });

  it('is never above what was put aside for the most it may use', () => {
    const price = fc.bigInt({ min: 0n, max: AMOUNT_MAX });
    const fuel = fc.integer({ min: 0, max: 100_000_000_000 });
    fc.assert(
      fc.property(price, price, fuel, fuel, (execution, perFuel, one, other) => {
        const prices = list({ execution, fuel: perFuel });
        const [used, most] = [Math.min(one, other), Math.max(one, other)];
        expect(priceOfRun(prices, used)).toBeLessThanOrEqual(priceOfRun(prices, most));
        expect(priceOfRun(prices, most)).toBeLessThanOrEqual(AMOUNT_MAX);
      }),
    );
  });

  it('of many is that of each, and stays an amount a book can hold', () => {
    const prices = list({ execution: 3n, fuel: 1_000n });
    expect(mostOfRuns(prices, { fuelMax: 1_000_000_001, count: 100 })).toBe(100_400n);
    const absurd = list({ execution: AMOUNT_MAX });
    expect(mostOfRuns(absurd, { fuelMax: 1, count: 100 })).toBe(AMOUNT_MAX);
  });

  it('is asked for where one of its parts has a price', () => {
    expect(chargesRuns(FREE)).toBe(false);
    expect(chargesRuns(list({ storage: 9n }))).toBe(false);
    expect([chargesRuns(list({ execution: 1n })), chargesRuns(list({ fuel: 1n }))]).toEqual([
      true,
      true,
    ]);
  });
});

describe('the price of what is kept', () => {
  it.each([
    [1_073_741_824, 500n],
    [1, 1n],
    [0, 0n],
  ])('%i bytes for a day cost %s', (bytes, price) => {
    expect(priceOfStorage(list({ storage: 500n }), bytes)).toBe(price);
  });
});
