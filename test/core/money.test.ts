/** Amounts on the wire and in the store. */
import { assert, bigInt, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMOUNT_MAX,
  formatGas,
  fromStored,
  parseGas,
  parseGasOrZero,
  toStored,
} from '../../worker/core/money.ts';

describe('caps and thresholds on the wire', () => {
  it('may be zero, and are read as amounts otherwise', () => {
    for (const zero of ['0', '0.0', '0.00000000'])
      expect(parseGasOrZero(zero, 'cap')).toEqual({ ok: true, value: 0n });
    expect(parseGasOrZero('1.5', 'cap')).toEqual({ ok: true, value: 150_000_000n });
    for (const text of ['-0', '00', '0.000000000', '0e0', '90071992.54740992'])
      expect(parseGasOrZero(text, 'cap').ok, text).toBe(false);
  });
});

describe('amounts on the wire', () => {
  it.each([
    ['1', 100_000_000n],
    ['0.00000001', 1n],
    ['1.50', 150_000_000n],
    ['90071992.54740991', AMOUNT_MAX],
  ])('reads %s GAS', (text, datoshi) => {
    expect(parseGas(text, 'amount')).toEqual({ ok: true, value: datoshi });
  });

  it.each([
    ['more than 8 decimals', '0.000000001'],
    ['more than 8 decimals, be they zero', '1.000000000'],
    ['a negative amount', '-1'],
    ['a sign', '+1'],
    ['zero', '0'],
    ['zero with decimals', '0.00000000'],
    ['an exponent', '1e3'],
    ['more than there is', '90071992.54740992'],
    ['far more than there is', '999999999'],
    ['more digits than any amount has', '1'.repeat(400)],
    ['a bare point', '.5'],
    ['a point without decimals', '1.'],
    ['leading zeros', '01'],
    ['another base', '0x10'],
    ['digits of another script', '\u0661'],
    ['white space', ' 1'],
    ['a line break', '1\n'],
    ['a comma', '1,5'],
    ['nothing', ''],
    ['a number', 1],
    ['null', null],
  ])('refuses %s, naming the field', (_name, text) => {
    const parsed = parseGas(text, 'amount');
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.failure.fields?.[0]?.pointer).toBe('amount');
  });

  it('writes what it reads back, for every amount there can be', () => {
    assert(
      property(bigInt({ min: 1n, max: AMOUNT_MAX }), (datoshi) => {
        expect(parseGas(formatGas(datoshi), 'amount')).toEqual({ ok: true, value: datoshi });
        expect(formatGas(-datoshi)).toBe(`-${formatGas(datoshi)}`);
      }),
    );
  });
});

describe('amounts in the store', () => {
  it('refuses to write what would come back rounded', () => {
    expect(toStored(AMOUNT_MAX)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toStored(AMOUNT_MAX + 1n)).toThrow(/out of the range/);
    expect(() => toStored(-AMOUNT_MAX - 1n)).toThrow(/out of the range/);
  });

  it('refuses to read what is no exact integer', () => {
    expect(fromStored(-5)).toBe(-5n);
    expect(() => fromStored(2 ** 53)).toThrow(/no exact integer/);
    expect(() => fromStored(0.5)).toThrow(/no exact integer/);
  });
});
