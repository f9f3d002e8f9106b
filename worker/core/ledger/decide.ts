/**
 * What becomes of a command, decided from the book and the time alone. In this order: the form; the
 * id, which answers a repetition or refuses another body; the book, closed or full; then what the
 * kind asks for. A refusal leaves nothing behind and its id stays free, or a caller whose budget is
 * spent could fill the book.
 */
import { assertNever } from '../assert.ts';
import { err, ok, type Result } from '../result.ts';
import type { Change, LedgerRefusal, LedgerView, Receipt } from './change.ts';
import { bodyOf, faultOfCommand } from './check-command.ts';
import { type Command, type CommandKind, keyOf } from './commands.ts';
import { decideChainEntry, decideWatch } from './decide-chain.ts';
import { decideCloseBook, decideCloseFund, decideOpen } from './decide-funds.ts';
import {
  decideBind,
  decideCapture,
  decideRelease,
  decideReserve,
  decideSettle,
  decideWithdraw,
} from './decide-holds.ts';
import {
  decideAllocate,
  decideAssign,
  decideBuyCredits,
  decideMove,
  decideSpend,
  decideTransfer,
} from './decide-spending.ts';

export type Decision =
  | { readonly kind: 'repeat'; readonly receipt: Receipt }
  | { readonly kind: 'change'; readonly change: Change; readonly body: string };

/** What ends or has happened already is taken by a book that is full. */
const STILL_TAKEN: ReadonlySet<CommandKind> = new Set([
  'bind',
  'capture',
  'release',
  'settle',
  'chain_entry',
  'assign',
  'close_fund',
  'close_book',
]);

export function decide(
  view: LedgerView,
  command: Command,
  now: number,
): Result<Decision, LedgerRefusal> {
  const fault = faultOfCommand(command, view.book);
  if (fault !== null) return err('gasbank.command_invalid', { fields: [fault] });
  const body = bodyOf(command);
  const known = view.command(keyOf(command.owner, command.id));
  if (known !== undefined)
    return known.body === body
      ? ok({ kind: 'repeat', receipt: known.receipt })
      : err('gasbank.command_conflict');
  if (view.isClosed) return err('gasbank.book_closed');
  if (!STILL_TAKEN.has(command.kind) && view.isFull()) return err('gasbank.full');
  const decided = decideKind(view, command, now);
  return decided.ok ? ok({ kind: 'change', change: decided.value, body }) : decided;
}

function decideKind(
  view: LedgerView,
  command: Command,
  now: number,
): Result<Change, LedgerRefusal> {
  switch (command.kind) {
    case 'reserve':
      return decideReserve(view, command, now);
    case 'withdraw':
      return decideWithdraw(view, command, now);
    case 'bind':
      return decideBind(view, command, now);
    case 'capture':
      return decideCapture(view, command, now);
    case 'release':
      return decideRelease(view, command, now);
    case 'settle':
      return decideSettle(view, command, now);
    case 'transfer':
      return decideTransfer(view, command, now);
    case 'spend':
      return decideSpend(view, command, now);
    case 'buy_credits':
      return decideBuyCredits(view, command, now);
    case 'allocate':
      return decideAllocate(view, command, now);
    case 'move':
      return decideMove(view, command, now);
    case 'open':
      return decideOpen(view, command);
    case 'close_fund':
      return decideCloseFund(view, command);
    case 'close_book':
      return decideCloseBook(view);
    case 'watch':
      return decideWatch(view, command);
    case 'chain_entry':
      return decideChainEntry(view, command);
    case 'assign':
      return decideAssign(view, command);
    default:
      return assertNever(command);
  }
}
