/**
 * Amounts of money: integers of datoshi (10^-8 GAS) as bigint in code, numbers in SQLite, decimal
 * GAS on the wire. The store's form is checked in both directions; the wire's has one reading,
 * and what other parsers guess about (signs, exponents, bare points, other digits) is refused.
 */
import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

/** 90 million GAS, above all there is; SQLite reaches JavaScript as numbers, exact to here. */
export const AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const DECIMALS = 8;
const DATOSHI_PER_GAS = 10n ** BigInt(DECIMALS);

export const isAmount = (amount: unknown): amount is bigint =>
  typeof amount === 'bigint' && amount > 0n && amount <= AMOUNT_MAX;

export const isAmountOrZero = (amount: unknown): amount is bigint =>
  amount === 0n || isAmount(amount);

/** For the store: any sum that a book can have, of either sign. */
export function toStored(amount: bigint): number {
  assert(
    amount <= AMOUNT_MAX && amount >= -AMOUNT_MAX,
    'an amount is out of the range of the store',
  );
  return Number(amount);
}

export function fromStored(stored: number): bigint {
  assert(Number.isSafeInteger(stored), 'the store gave an amount that is no exact integer');
  return BigInt(stored);
}

/** For the facts of a failure, which only people read: beyond the store's range it is near enough. */
export const toFact = (amount: bigint): number => Number(amount);

export const lesser = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const GAS_TEXT = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]+))?$/;

type Parsed = Result<bigint, 'request.malformed'>;

const refusal = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });

/** GAS as it is written on the wire, `1.5`; the failure names the field. */
export function parseGas(text: unknown, pointer: string): Parsed {
  const parsed = parseGasOrZero(text, pointer);
  return parsed.ok && parsed.value === 0n ? refusal(pointer, 'is zero') : parsed;
}

/** A threshold or a cap, which may be nothing. */
export function parseGasOrZero(text: unknown, pointer: string): Parsed {
  const refuse = (detail: string) => refusal(pointer, detail);
  const match = typeof text === 'string' ? GAS_TEXT.exec(text) : null;
  if (match === null) return refuse('is not a decimal number of GAS, such as 1.5');
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > DECIMALS) return refuse(`has more than ${String(DECIMALS)} decimals`);
  const datoshi = BigInt(whole) * DATOSHI_PER_GAS + BigInt(fraction.padEnd(DECIMALS, '0'));
  return datoshi > AMOUNT_MAX ? refuse('is more than all GAS there is') : ok(datoshi);
}

/** The shortest form that `parseGas` reads back; sums of a book may be negative. */
export function formatGas(datoshi: bigint): string {
  const absolute = datoshi < 0n ? -datoshi : datoshi;
  const whole = absolute / DATOSHI_PER_GAS;
  const fraction = (absolute % DATOSHI_PER_GAS).toString().padStart(DECIMALS, '0');
  const digits = fraction.replace(/0+$/, '');
  return `${datoshi < 0n ? '-' : ''}${whole}${digits === '' ? '' : `.${digits}`}`;
}
