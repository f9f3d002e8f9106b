/**
 * Who gets the free slots when several kinds wait: smooth weighted round robin, as nginx chooses
 * upstreams. Each kind that waits gains its weight in credit; the richest takes a slot and pays the
 * sum of all weights. Shares follow the weights over any longer time, and every kind that waits is
 * served within (sum of weights) slots: nobody starves.
 */
export interface WaitingKind<Kind extends string> {
  readonly kind: Kind;
  readonly weight: number;
  /** Items that are due; 0 takes no part and gains nothing. */
  readonly waiting: number;
  readonly credit: number;
}

export interface Share<Kind extends string> {
  readonly kind: Kind;
  readonly take: number;
  /** To be kept for the next time. */
  readonly credit: number;
}

export function shareSlots<Kind extends string>(
  kinds: readonly WaitingKind<Kind>[],
  slots: number,
): readonly Share<Kind>[] {
  const shares = kinds.map(({ kind, credit }) => ({ kind, take: 0, credit }));
  const entries = kinds.flatMap((waiting, index) => {
    const share = shares[index];
    return share === undefined ? [] : [{ waiting, share }];
  });
  for (let slot = 0; slot < slots; slot++) {
    const waiting = entries.filter((entry) => entry.share.take < entry.waiting.waiting);
    const [first] = waiting;
    if (first === undefined) break;
    for (const entry of waiting) entry.share.credit += entry.waiting.weight;
    const richest = waiting.reduce(
      (best, entry) => (entry.share.credit > best.share.credit ? entry : best),
      first,
    );
    richest.share.credit -= waiting.reduce((sum, entry) => sum + entry.waiting.weight, 0);
    richest.share.take += 1;
  }
  return shares;
}
