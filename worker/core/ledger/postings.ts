/** What several decisions have in common: funds that are open, what pays for a price, postings. */

import { lesser, toFact } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import { type Account, available } from './book.ts';
import type { LedgerView, Posting } from './change.ts';
import type { Source } from './commands.ts';

/** None for nothing: an entry moves an amount. */
export const post = (from: Account, to: Account, amount: bigint): readonly Posting[] =>
  amount === 0n ? [] : [{ from, to, amount }];

export const invalid = (pointer: string, detail: string) =>
  err('gasbank.command_invalid', { fields: [{ pointer, detail }] });

export const requireOpen = (
  view: Pick<LedgerView, 'fund'>,
  fund: string,
): Result<null, 'gasbank.fund_not_found'> =>
  view.fund(fund) === 'open' ? ok(null) : err('gasbank.fund_not_found', { detail: fund });

export interface Payment {
  readonly fund: string;
  readonly amount: bigint;
  readonly source: Source;
  readonly keepAtLeast?: bigint;
}

export interface Paid {
  readonly gas: bigint;
  readonly credits: bigint;
}

/** What pays in each unit, if there is enough of it. */
export function splitPayment(
  view: Pick<LedgerView, 'balance'>,
  { fund, amount, source, keepAtLeast = 0n }: Payment,
): Result<Paid, 'gasbank.insufficient_funds'> {
  const owned = source === 'gas' ? 0n : view.balance('credits_available');
  const credits = lesser(amount, owned);
  const gas = amount - credits;
  if (gas === 0n) return ok({ gas, credits });
  if (source === 'credits') return insufficient(owned, amount);
  const free = view.balance(available(fund)) - keepAtLeast;
  return gas > free
    ? insufficient(free < 0n ? credits : free + credits, amount)
    : ok({ gas, credits });
}

const insufficient = (has: bigint, needs: bigint) =>
  err('gasbank.insufficient_funds', { limit: toFact(has), observed: toFact(needs) });
