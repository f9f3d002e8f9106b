/**
 * Budgets and limits by day as counters of the book, decided in the turn that spends (M22): signers
 * and keys are free to make, so a cap binds whatever counter its policy names, and a thousand
 * parallel commands meet one counter one after the other. The caps come with the command, since
 * policies are the services'; the counts are the book's.
 */
import { toFact } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { LedgerView } from './change.ts';
import type { Budget, BudgetWindow, Count } from './commands.ts';
import type { Charge } from './hold.ts';

const DAY_MS = 86_400_000;
const EVER = -1;
const OPEN = -2;

/** UTC, as the vault counts its own cap (M15). */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

const windowAt = (window: BudgetWindow, now: number): number => {
  if (window === 'day') return dayOf(now);
  return window === 'ever' ? EVER : OPEN;
};

export interface Price {
  readonly budgets: readonly Budget[];
  readonly amount: bigint;
  readonly now: number;
}

/** The first budget that would be passed refuses; else what is to be counted. */
export function chargeBudgets(
  view: Pick<LedgerView, 'used'>,
  { budgets, amount, now }: Price,
): Result<readonly Charge[], 'gasbank.budget_exceeded'> {
  const charges: Charge[] = [];
  for (const { counter, counts, cap, window } of budgets) {
    const name = { counter, window: windowAt(window, now) };
    const used = view.used(name);
    const adds = counts === 'amount' ? amount : 1n;
    const isPassed = counts === 'nothing' ? used >= cap : used + adds > cap;
    if (isPassed)
      return err('gasbank.budget_exceeded', {
        detail: counter,
        limit: toFact(cap),
        observed: toFact(used + adds),
      });
    if (counts !== 'nothing') charges.push({ ...name, amount: adds, counts });
  }
  return ok(charges);
}

/**
 * What an ended hold gives back: of amounts what was not taken, of uses nothing once anything was
 * taken, and of counters of open holds everything.
 */
export const refundsOf = (charges: readonly Charge[], untaken: bigint, isTaken: boolean) =>
  charges
    .map((charge) => ({
      window: charge.window,
      counter: charge.counter,
      amount: refundOf(charge, untaken, isTaken),
    }))
    .filter(({ amount }) => amount > 0n);

function refundOf({ window, counts, amount }: Charge, untaken: bigint, isTaken: boolean): bigint {
  if (window === OPEN) return amount;
  if (counts === 'amount') return untaken;
  return isTaken ? 0n : amount;
}

export const countUses = (counts: readonly Count[], now: number): readonly Charge[] =>
  counts.map(({ counter, window }) => ({
    counter,
    window: windowAt(window, now),
    amount: 1n,
    counts: 'uses',
  }));
