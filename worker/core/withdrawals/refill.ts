/** When a sponsor wallet is filled up from the vault, and by how much. */

export interface RefillRuleDatoshi {
  readonly below: bigint;
  readonly upTo: bigint;
}

/** Null while there is enough, or nothing to fill up to. `free`: what is not promised (M8). */
export function decideRefill(free: bigint, { below, upTo }: RefillRuleDatoshi): bigint | null {
  if (free >= below || free >= upTo) return null;
  return upTo - (free > 0n ? free : 0n);
}

/** One of a day and wallet: who decides twice makes one refill. */
export const refillIdOf = (walletId: string, day: number, number: number): string =>
  `${walletId}.${String(day)}.${String(number)}`;
