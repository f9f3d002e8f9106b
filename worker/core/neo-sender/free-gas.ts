/**
 * Money rule M8: what a wallet can still spend. The fees of all transactions of a block are burned
 * before its first script runs, so a balance read now is owed already to everything that was signed
 * and is not in it. A balance is believed when a quorum of endpoints says the same at the same
 * height; each of them has read its block count before and after, so that it is of that height.
 */
import { assert } from '../assert.ts';

export interface BalanceReading {
  readonly endpoint: string;
  /** Of the last block when it was read, the same before and after. */
  readonly height: number;
  readonly datoshi: bigint;
}

export interface Balance {
  readonly height: number;
  readonly datoshi: bigint;
}

/**
 * Null when too few agree. Of two balances with a quorum each the later one counts; two at one
 * height cannot both have one while fewer than `required` endpoints lie, so then none is believed.
 */
export function decideBalance(
  readings: readonly BalanceReading[],
  required: number,
): Balance | null {
  assert(Number.isInteger(required) && required >= 1, 'a quorum is at least one reading');
  const groups = new Map<string, { readonly balance: Balance; readonly endpoints: Set<string> }>();
  for (const { endpoint, height, datoshi } of readings) {
    const key = `${String(height)} ${String(datoshi)}`;
    const group = groups.get(key) ?? { balance: { height, datoshi }, endpoints: new Set() };
    group.endpoints.add(endpoint);
    groups.set(key, group);
  }
  const agreed = [...groups.values()]
    .filter(({ endpoints }) => endpoints.size >= required)
    .map(({ balance }) => balance)
    .toSorted((one, other) => other.height - one.height);
  const [latest, second] = agreed;
  if (latest === undefined || latest.height === second?.height) return null;
  return latest;
}

export interface Costs {
  readonly systemFee: bigint;
  readonly networkFee: bigint;
  readonly gasSent: bigint;
}

export const costOf = ({ systemFee, networkFee, gasSent }: Costs): bigint =>
  systemFee + networkFee + gasSent;

/** `reserved` is what all others signed or prepared and not included by the balance's height cost. */
export const fitsBalance = (balance: Balance, reserved: bigint, cost: bigint): boolean =>
  balance.datoshi - reserved >= cost;

/**
 * A height that at least one honest endpoint has reached while fewer than `required` lie: the
 * `required`-th highest of what they say.
 */
export function provenHeight(
  heights: readonly { readonly endpoint: string; readonly height: number }[],
  required: number,
): number | null {
  const highest = new Map<string, number>();
  for (const { endpoint, height } of heights)
    highest.set(endpoint, Math.max(height, highest.get(endpoint) ?? 0));
  const sorted = [...highest.values()].toSorted((one, other) => other - one);
  return sorted[required - 1] ?? null;
}
