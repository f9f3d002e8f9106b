/**
 * What is paid, given and moved at once. Precedence: the funds, the budgets, the money. Credits come
 * by purchase or as a gift and go only into `credits_spent` (M17).
 */

import { isAmount } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import { available, inTransit, isSuspense, reserved, spentIn, suspenseOf } from './book.ts';
import { chargeBudgets, dayOf } from './budget.ts';
import type { Change, LedgerRefusal, LedgerView } from './change.ts';
import {
  type Allocate,
  type Assign,
  type BuyCredits,
  keyOf,
  type Move,
  type Spend,
  type Transfer,
} from './commands.ts';
import { invalid, post, requireOpen, splitPayment } from './postings.ts';

type Decided = Result<Change, LedgerRefusal>;
const CREDITS_USAGE = 'credits';
const DATOSHI_PER_GAS = 100_000_000n;

export function decideTransfer(view: LedgerView, command: Transfer, now: number): Decided {
  const { fund, toFund, amount } = command;
  const isOpen = requireOpen(view, toFund);
  if (!isOpen.ok) return isOpen;
  if (fund === toFund) return invalid('toFund', 'is the same');
  const paid = payGas(view, command, now);
  if (!paid.ok) return paid;
  return ok({ ...paid.value, postings: post(available(fund), available(toFund), amount) });
}

export function decideSpend(view: LedgerView, command: Spend, now: number): Decided {
  const { fund, budgets, amount, purpose } = command;
  const isOpen = requireOpen(view, fund);
  if (!isOpen.ok) return isOpen;
  const counted = chargeBudgets(view, { budgets, amount, now });
  if (!counted.ok) return counted;
  const paid = splitPayment(view, command);
  if (!paid.ok) return paid;
  const { gas, credits } = paid.value;
  return ok({
    postings: [
      ...post('credits_available', 'credits_spent', credits),
      ...post(available(fund), spentIn(view.book), gas),
    ],
    gas,
    credits,
    fund,
    counted: counted.value,
    usage: { day: dayOf(now), purpose, gas, credits },
  });
}

export function decideBuyCredits(view: LedgerView, command: BuyCredits, now: number): Decided {
  const { fund, amount, creditsPerGas } = command;
  const credits = (amount * creditsPerGas) / DATOSHI_PER_GAS;
  const isOpen = requireOpen(view, fund);
  if (!isOpen.ok) return isOpen;
  if (!canIssue(view, credits)) return invalid('amount', 'buys no credit, or too many');
  const paid = payGas(view, command, now);
  if (!paid.ok) return paid;
  return ok({
    ...paid.value,
    postings: [
      ...post(available(fund), spentIn(view.book), amount),
      ...post('credits_issued', 'credits_available', credits),
    ],
    credits,
    usage: { day: dayOf(now), purpose: CREDITS_USAGE, gas: amount, credits: 0n },
  });
}

export function decideAllocate(view: LedgerView, command: Allocate, now: number): Decided {
  const { amount, budgets } = command;
  if (!canIssue(view, amount)) return invalid('amount', 'makes too many credits');
  const counted = chargeBudgets(view, { budgets, amount, now });
  if (!counted.ok) return counted;
  return ok({
    postings: post('credits_issued', 'credits_available', amount),
    gas: 0n,
    credits: amount,
    fund: null,
    counted: counted.value,
  });
}

/** Within what the store can count in this book's whole life. */
const canIssue = (view: LedgerView, credits: bigint): boolean =>
  isAmount(credits) && isAmount(credits - view.balance('credits_issued'));

export function decideMove(view: LedgerView, command: Move, now: number): Decided {
  const { fund, amount, to, owner, id } = command;
  const paid = payGas(view, command, now);
  if (!paid.ok) return paid;
  // Under another id than the deposit's it could be credited twice (M2).
  if (isSuspense(fund)) return invalid('fund', 'is suspense, which is assigned');
  return ok({
    ...paid.value,
    postings: post(available(fund), inTransit(fund), amount),
    move: { id: keyOf(owner, id), toOwner: to.owner, toFund: to.fund, fund, amount },
  });
}

/** Whole, and under the key of the deposit, so that no book takes it twice (M2). */
export function decideAssign(view: LedgerView, { deposit, to }: Assign): Decided {
  const fund = suspenseOf(deposit);
  const amount = view.balance(available(fund));
  // What is being sent back could return and be assigned again: two amounts under one key.
  const isWhole = view.balance(reserved(fund)) === 0n;
  if (amount === 0n || !isWhole) return err('gasbank.not_in_suspense');
  return ok({
    postings: post(available(fund), inTransit(fund), amount),
    gas: amount,
    credits: 0n,
    fund,
    move: { id: deposit, toOwner: to.owner, toFund: to.fund, fund, amount },
  });
}

function payGas(
  view: LedgerView,
  command: Transfer | BuyCredits | Move,
  now: number,
): Result<Pick<Change, 'gas' | 'credits' | 'fund' | 'counted'>, LedgerRefusal> {
  const { fund, budgets, amount } = command;
  const isOpen = requireOpen(view, fund);
  if (!isOpen.ok) return isOpen;
  const counted = chargeBudgets(view, { budgets, amount, now });
  if (!counted.ok) return counted;
  const paid = splitPayment(view, { ...command, source: 'gas' });
  if (!paid.ok) return paid;
  return ok({ gas: amount, credits: 0n, fund, counted: counted.value });
}
