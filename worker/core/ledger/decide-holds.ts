/**
 * Making holds and ending them (M7, M14). Precedence of a new hold: the fund, the form, the budgets,
 * the money. Of an end: the hold exists for this service, has not ended, is bound or not as the
 * command has it, and holds as much as is taken.
 */

import { isAmount, toFact } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import {
  available,
  CLEARING,
  EQUITY,
  inTransit,
  isPlatform,
  PLATFORM,
  reserved,
  spentIn,
} from './book.ts';
import { chargeBudgets, countUses, dayOf, refundsOf } from './budget.ts';
import type { Change, LedgerRefusal, LedgerView, OutgoingMove, Posting } from './change.ts';
import {
  type Bind,
  type Capture,
  keyOf,
  type Release,
  type Reserve,
  type Settle,
  type Withdraw,
} from './commands.ts';
import { boundHold, endedHold, type Hold, shareOf, stateAt, sumOf } from './hold.ts';
import { invalid, type Paid, post, requireOpen, splitPayment } from './postings.ts';

type Decided = Result<Change, LedgerRefusal>;

/** Credits can pay for nothing that leaves, so what is bound to the chain is GAS (M17). */
export function decideReserve(view: LedgerView, command: Reserve, now: number): Decided {
  const { until, source } = command;
  const isOpen = requireOpen(view, command.fund);
  if (!isOpen.ok) return isOpen;
  if (until.kind === 'chain' && source !== 'gas') return invalid('source', 'is not gas');
  return holdOf(view, { command, total: command.amount, payout: 0n, now });
}

export function decideWithdraw(view: LedgerView, command: Withdraw, now: number): Decided {
  const total = command.amount + command.fee;
  const isOpen = requireOpen(view, command.fund);
  if (!isOpen.ok) return isOpen;
  if (!isAmount(total)) return invalid('fee', 'is too much beside the amount');
  return holdOf(view, { command, total, payout: command.amount, now });
}

interface HoldRequest {
  readonly command: Reserve | Withdraw;
  readonly total: bigint;
  readonly payout: bigint;
  readonly now: number;
}

function holdOf(view: LedgerView, { command, total, payout, now }: HoldRequest): Decided {
  const { fund, budgets, until, purpose, owner, id } = command;
  const charged = chargeBudgets(view, { budgets, amount: total, now });
  if (!charged.ok) return charged;
  const source = command.kind === 'reserve' ? command.source : 'gas';
  const paid = splitPayment(view, { ...command, amount: total, source });
  if (!paid.ok) return paid;
  const { gas, credits } = paid.value;
  const expiresAt = until.kind === 'timed' ? now + until.forMs : null;
  return ok({
    postings: [
      ...post('credits_available', 'credits_reserved', credits),
      ...post(available(fund), reserved(fund), gas),
    ],
    gas,
    credits,
    fund,
    ...(expiresAt === null ? {} : { expiresAt }),
    madeHold: {
      key: keyOf(owner, id),
      fund,
      kind: until.kind,
      state: 'held',
      gas,
      credits,
      payout,
      route: command.kind === 'withdraw' ? command.route : null,
      purpose,
      charges: charged.value,
      createdAt: now,
      expiresAt,
      endedAt: null,
      verdict: null,
    },
  });
}

export function decideBind(view: LedgerView, command: Bind, now: number): Decided {
  const found = openHold(view, command, now);
  if (!found.ok) return found;
  const hold = found.value;
  if (hold.kind === 'chain') return err('gasbank.hold_bound');
  if (hold.credits > 0n) return invalid('hold', 'has credits, which never leave');
  const { gas, credits, fund } = hold;
  return ok({ postings: [], gas, credits, fund, hold: boundHold(hold) });
}

export function decideCapture(view: LedgerView, command: Capture, now: number): Decided {
  const found = holdToEnd(view, command, now);
  if (!found.ok) return found;
  const hold = found.value;
  if (hold.route !== null) return invalid('hold', 'is of a withdrawal, which is settled');
  const isAbove = aboveHold(command.amount, sumOf(hold));
  if (isAbove !== null) return isAbove;
  const taken = shareOf(hold, command.amount);
  const { fund } = hold;
  return ok({
    ...endOf(hold, { command, now, taken }),
    postings: [
      ...post('credits_reserved', 'credits_spent', taken.credits),
      ...post(reserved(fund), spentIn(view.book), taken.gas),
      ...givenBack(hold, taken),
    ],
    usage: { day: dayOf(now), purpose: hold.purpose, ...taken },
  });
}

export function decideRelease(view: LedgerView, command: Release, now: number): Decided {
  const found = holdToEnd(view, command, now);
  if (!found.ok) return found;
  const { gas, credits } = found.value;
  return ok({
    ...endOf(found.value, { command, now, taken: NOTHING }),
    postings: givenBack(found.value, NOTHING),
    gas,
    credits,
  });
}

export function decideSettle(view: LedgerView, command: Settle, now: number): Decided {
  const found = holdToEnd(view, command, now);
  if (!found.ok) return found;
  const hold = found.value;
  const { fee, outcome } = command;
  if (hold.route === null) return invalid('hold', 'is of no withdrawal');
  const isAbove = aboveHold(fee, hold.gas - hold.payout);
  if (isAbove !== null) return isAbove;
  const payout = outcome === 'paid' ? hold.payout : 0n;
  const taken = { gas: fee + payout, credits: 0n };
  const { postings, move } = payOut(view, hold, payout);
  return ok({
    ...endOf(hold, { command, now, taken }),
    postings: [
      ...post(reserved(hold.fund), spentIn(view.book), fee),
      ...postings,
      ...givenBack(hold, taken),
    ],
    ...(move === undefined ? {} : { move }),
    usage: { day: dayOf(now), purpose: hold.purpose, gas: fee, credits: 0n },
  });
}

/** By alarm, once a timed hold is over. */
export function decideExpire(hold: Hold, now: number): Change {
  return {
    postings: givenBack(hold, NOTHING),
    gas: hold.gas,
    credits: hold.credits,
    fund: hold.fund,
    hold: endedHold(hold, { state: 'expired', now, verdict: null }),
    refunds: refundsOf(hold.charges, sumOf(hold), false),
  };
}

const aboveHold = (taken: bigint, held: bigint) =>
  taken > held
    ? err('gasbank.amount_above_hold', { limit: toFact(held), observed: toFact(taken) })
    : null;

const NOTHING: Paid = { gas: 0n, credits: 0n };

const givenBack = (hold: Hold, taken: Paid): readonly Posting[] => [
  ...post('credits_reserved', 'credits_available', hold.credits - taken.credits),
  ...post(reserved(hold.fund), available(hold.fund), hold.gas - taken.gas),
];

interface Ended {
  readonly command: Capture | Release | Settle;
  readonly now: number;
  readonly taken: Paid;
}

function endOf(hold: Hold, { command, now, taken }: Ended) {
  const isTaken = sumOf(taken) > 0n;
  return {
    ...taken,
    fund: hold.fund,
    hold: endedHold(hold, {
      state: isTaken ? 'captured' : 'released',
      now,
      verdict: command.verdict ?? null,
    }),
    refunds: refundsOf(hold.charges, sumOf(hold) - sumOf(taken), isTaken),
    counted: countUses(command.counts ?? [], now),
  };
}

/**
 * To the platform's book, which has the vault's side of it or, paid by a resolver, keeps the GAS
 * (M9). A deposit that is sent back from suspense is in that book already.
 */
function payOut(
  { book }: LedgerView,
  { key, fund, route }: Hold,
  payout: bigint,
): { readonly postings: readonly Posting[]; readonly move?: OutgoingMove } {
  if (payout === 0n) return { postings: [] };
  const toFund = route === 'vault' ? CLEARING : EQUITY;
  if (isPlatform(book)) return { postings: post(reserved(fund), available(toFund), payout) };
  return {
    postings: post(reserved(fund), inTransit(fund), payout),
    move: { id: key, toOwner: PLATFORM, toFund, fund, amount: payout },
  };
}

interface Named {
  readonly owner: string;
  readonly hold: string;
}

function openHold(view: LedgerView, { owner, hold: id }: Named, now: number) {
  const hold = view.hold(keyOf(owner, id));
  if (hold === undefined) return err('gasbank.hold_not_found');
  const state = stateAt(hold, now);
  return state === 'held' ? ok(hold) : err('gasbank.hold_ended', { detail: state });
}

function holdToEnd(view: LedgerView, command: Capture | Release | Settle, now: number) {
  const found = openHold(view, command, now);
  if (!found.ok) return found;
  // A cancel that crosses with the signing: the transaction may be executed all the same.
  const isBound = found.value.kind === 'chain' && command.verdict === undefined;
  return isBound ? err('gasbank.hold_bound') : found;
}
