/** Opening and closing gas accounts, and closing the book of a deleted account (M17). */
import { err, ok, type Result } from '../result.ts';
import { available, inTransit, MAIN, reserved } from './book.ts';
import type { Change, LedgerRefusal, LedgerView } from './change.ts';
import type { CloseFund, Open } from './commands.ts';
import { LIMITS } from './limits.ts';
import { invalid, requireOpen } from './postings.ts';

type Decided = Result<Change, LedgerRefusal>;
const NO_MONEY = { postings: [], gas: 0n, credits: 0n } as const;

/** A name is used once: what came late for a closed one is never taken for another's. */
export function decideOpen(view: LedgerView, { fund }: Open): Decided {
  if (view.fund(fund) !== undefined) return err('gasbank.fund_exists', { detail: fund });
  const limit = LIMITS.ledgerGasAccountsMax.value;
  const observed = view.openFunds();
  if (observed >= limit) return err('gasbank.full', { limit, observed });
  return ok({ ...NO_MONEY, fund, openFund: fund });
}

export function decideCloseFund(view: LedgerView, { fund }: CloseFund): Decided {
  const isOpen = requireOpen(view, fund);
  if (!isOpen.ok) return isOpen;
  if (fund === MAIN) return invalid('fund', 'is the one that a book always has');
  const parts = [available(fund), reserved(fund), inTransit(fund)];
  if (parts.some((part) => view.balance(part) !== 0n)) return err('gasbank.fund_not_empty');
  return ok({ ...NO_MONEY, fund, closeFund: fund });
}

/** Credits lapse with it: they were never money. */
export function decideCloseBook(view: LedgerView): Decided {
  if (view.hasGas()) return err('gasbank.fund_not_empty');
  return ok({ ...NO_MONEY, fund: null, closeBook: true });
}
