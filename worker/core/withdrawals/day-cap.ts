/**
 * The vault's cap of a day (money rule M15): what exceeds it would fault and cost its fee, so it
 * waits and is told when its turn should come. The chain's word about the day is an hour old at
 * worst; what is on its way counts as spent.
 */

const DAY_MS = 86_400_000;

export interface Day {
  /** Datoshi of one UTC day. */
  readonly cap: bigint;
  /** Of today, as the vault has it. */
  readonly spent: bigint;
  /** On its way to the vault. */
  readonly sending: bigint;
}

/** `etaAt` is null for what no day's cap can hold. */
export type Turn =
  | { readonly kind: 'now' }
  | { readonly kind: 'later'; readonly etaAt: number | null };

/** `ahead`: of those who wait and came earlier. */
export function decideTurn(
  { cap, spent, sending }: Day,
  { ahead, amount, now }: { readonly ahead: bigint; readonly amount: bigint; readonly now: number },
): Turn {
  if (amount > cap) return { kind: 'later', etaAt: null };
  const left = cap - spent - sending;
  const wanted = ahead + amount;
  if (wanted <= left) return { kind: 'now' };
  const today = Math.floor(now / DAY_MS);
  const beyond = wanted - (left > 0n ? left : 0n);
  const days = (beyond + cap - 1n) / cap;
  return { kind: 'later', etaAt: (today + Number(days)) * DAY_MS };
}
