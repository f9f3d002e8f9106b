/** What binds a gas account: one form, and which changes let more leave than before (M16). */
import { bigInt, assert as check, constantFrom, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatGasTerms,
  type GasTerms,
  loosenedTerms,
  parseGasTerms,
} from '../../../worker/core/ledger/gas-terms.ts';

const TOP_UP = { fromGasAccountId: 'gas_a', amount: 2n, perDay: 10n };
const TERMS: GasTerms = { minimumBalance: 5n, dailyLimit: 10n, topUp: TOP_UP };

describe('loosening', () => {
  it.each<[string, Partial<GasTerms>, readonly string[]]>([
    ['nothing', {}, []],
    ['a lower minimum balance', { minimumBalance: 4n }, ['minimumBalance']],
    ['a higher minimum balance', { minimumBalance: 6n }, []],
    ['a higher daily limit', { dailyLimit: 11n }, ['dailyLimit']],
    ['no daily limit', { dailyLimit: null }, ['dailyLimit']],
    ['a lower daily limit', { dailyLimit: 0n }, []],
    ['no rule', { topUp: null }, []],
    ['another source', { topUp: { ...TOP_UP, fromGasAccountId: 'gas_b' } }, ['topUp']],
    ['a larger top-up', { topUp: { ...TOP_UP, amount: 3n } }, ['topUp']],
    ['more top-ups a day', { topUp: { ...TOP_UP, perDay: 11n } }, ['topUp']],
    ['smaller top-ups', { topUp: { ...TOP_UP, amount: 1n, perDay: 9n } }, []],
    [
      'some of both',
      { minimumBalance: 9n, dailyLimit: null, topUp: { ...TOP_UP, amount: 3n } },
      ['dailyLimit', 'topUp'],
    ],
  ])('of %s is seen', (_, change, loosened) => {
    expect(loosenedTerms(TERMS, { ...TERMS, ...change })).toEqual(loosened);
  });

  it('of what had no bound is none, but for a first rule', () => {
    const free: GasTerms = { minimumBalance: 0n, dailyLimit: null, topUp: null };
    expect(loosenedTerms(free, { ...free, dailyLimit: 10n })).toEqual([]);
    expect(loosenedTerms(free, { ...free, topUp: TOP_UP })).toEqual(['topUp']);
  });

  it('there and back always needs an approval on one of the ways', () => {
    const some = bigInt({ min: 0n, max: 9n });
    const positive = bigInt({ min: 1n, max: 9n });
    const terms = record({
      minimumBalance: some,
      dailyLimit: option(some),
      topUp: option(
        record({
          fromGasAccountId: constantFrom('gas_a', 'gas_b'),
          amount: positive,
          perDay: positive,
        }),
      ),
    });
    check(
      property(terms, terms, (one, other) => {
        const isSame =
          JSON.stringify(formatGasTerms(one)) === JSON.stringify(formatGasTerms(other));
        const ways = loosenedTerms(one, other).length + loosenedTerms(other, one).length;
        expect(ways > 0).toBe(!isSame);
      }),
    );
  });
});

describe('the form of terms', () => {
  it('is one for all spellings of an amount', () => {
    const parsed = parseGasTerms({
      minimumBalance: '1.50',
      dailyLimit: '0.0',
      topUp: { fromGasAccountId: 'gas_a', amount: '2.0', perDay: '10' },
    });
    expect(parsed.ok && formatGasTerms(parsed.value)).toEqual({
      minimumBalance: '1.5',
      dailyLimit: '0',
      topUp: { fromGasAccountId: 'gas_a', amount: '2', perDay: '10' },
    });
  });

  it('names the place of what it refuses', () => {
    const form = { minimumBalance: '0', dailyLimit: null, topUp: null };
    const rule = { fromGasAccountId: 'gas_a', amount: '2', perDay: '1' };
    const pointerOf = (change: object) => {
      const parsed = parseGasTerms({ ...form, ...change }, '/terms');
      return parsed.ok ? null : parsed.failure.fields?.[0]?.pointer;
    };
    expect(pointerOf({ minimumBalance: '-1' })).toBe('/terms/minimumBalance');
    expect(pointerOf({ dailyLimit: '1e3' })).toBe('/terms/dailyLimit');
    expect(pointerOf({ topUp: { ...rule, amount: '0' } })).toBe('/terms/topUp/amount');
    expect(pointerOf({ topUp: rule })).toBe('/terms/topUp/perDay');
  });
});
