/**
 * What work costs by the operator's price list, in datoshi: exact, never less than what was used and
 * never more than what was put aside for it. One credit pays for one GAS of the list. Nothing here
 * reads a list or a book.
 */
import { AMOUNT_MAX, lesser } from '../money.ts';

const FUEL_UNIT = 1_000_000_000n;
const STORAGE_UNIT = 1_073_741_824n;

/** Prices in datoshi. */
export interface PriceList {
  /** Of one execution that ran. */
  readonly execution: bigint;
  /** Of 10^9 fuel. */
  readonly fuel: bigint;
  /** Of a GiB kept for a day. */
  readonly storage: bigint;
}

export const FREE: PriceList = { execution: 0n, fuel: 0n, storage: 0n };

export const chargesRuns = ({ execution, fuel }: PriceList): boolean => execution > 0n || fuel > 0n;

/** Bounded by what a book can hold, so that a list of absurd prices refuses instead of failing. */
const bounded = (amount: bigint): bigint => lesser(amount, AMOUNT_MAX);

/** A part of a datoshi counts as a whole one: else many small runs are free. */
const roundedUp = (amount: bigint, unit: bigint): bigint => (amount + unit - 1n) / unit;

/** Grows with the fuel, so what a run used never costs more than the most it may use. */
export const priceOfRun = ({ execution, fuel }: PriceList, used: number): bigint =>
  bounded(execution + roundedUp(BigInt(used) * fuel, FUEL_UNIT));

export const priceOfStorage = ({ storage }: PriceList, bytes: number): bigint =>
  bounded(roundedUp(BigInt(bytes) * storage, STORAGE_UNIT));

/** What so many runs may cost at most. */
export const mostOfRuns = (list: PriceList, run: { fuelMax: number; count: number }): bigint =>
  bounded(priceOfRun(list, run.fuelMax) * BigInt(run.count));
