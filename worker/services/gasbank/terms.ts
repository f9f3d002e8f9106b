/**
 * What every spending of a gas account is bound by, as the book takes it: decided there in the turn
 * that spends, so no two spendings at once pass what one alone may not.
 */
import type { Budget } from '../../core/ledger/commands.ts';
import type { GasAccountRow } from './store.ts';

export interface Terms {
  readonly fund: string;
  readonly budgets: readonly Budget[];
  readonly keepAtLeast: bigint;
}

/** A command with budgets of its own adds them to these. */
export const termsOf = ({
  fund,
  dailyLimit,
  minimumBalance,
}: Pick<GasAccountRow, 'fund' | 'dailyLimit' | 'minimumBalance'>): Terms => ({
  fund,
  budgets:
    dailyLimit === null
      ? []
      : [
          {
            counter: `gas-account:${fund}`,
            window: 'day',
            counts: 'amount',
            cap: BigInt(dailyLimit),
          },
        ],
  keepAtLeast: BigInt(minimumBalance),
});
