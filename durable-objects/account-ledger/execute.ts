/**
 * One command: decided from the book as it stands, written whole or not at all. The id is stored in
 * the transaction of its effect, so a command that comes again finds both or neither.
 */
import { available } from '../../worker/core/ledger/book.ts';
import type { Change, LedgerRefusal, LedgerView } from '../../worker/core/ledger/change.ts';
import { type Command, keyOf } from '../../worker/core/ledger/commands.ts';
import { decide } from '../../worker/core/ledger/decide.ts';
import { decideExpire } from '../../worker/core/ledger/decide-holds.ts';
import type { Hold } from '../../worker/core/ledger/hold.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import type { Book } from './book-sql.ts';
import type { StoredCommand } from './entries-sql.ts';
import type { Executed, Order } from './rpc.ts';
import { openBook, postAll, type Turn, viewOf } from './turn.ts';

export function execute(
  turn: Turn,
  { book: identity, command }: Order,
): Result<Executed, LedgerRefusal> {
  const book = openBook(turn, identity);
  const view = viewOf(turn, book);
  const decided = decide(view, command, turn.now);
  if (!decided.ok) return decided;
  if (decided.value.kind === 'repeat') return ok({ ...decided.value.receipt, isRepeat: true });
  const { change, body } = decided.value;
  const stored = storedOf(view, book, { change, body, kind: command.kind, now: turn.now });
  const key = keyOf(command.owner, command.id);
  turn.stores.entries.addCommand(key, stored, command.note ?? null);
  apply(turn, book, { command, change, key });
  const { body: _body, closedHeight: _height, kind: _kind, ...receipt } = stored;
  return ok({ ...receipt, id: command.id, kind: command.kind, isRepeat: false });
}

interface Sealed {
  readonly change: Change;
  readonly body: string;
  readonly kind: Command['kind'];
  readonly now: number;
}

function storedOf(
  view: LedgerView,
  { last }: Book,
  { change, body, kind, now }: Sealed,
): StoredCommand {
  const { fund, postings } = change;
  const account = fund === null ? null : available(fund);
  const moved = postings.reduce((sum, { from, to, amount }) => {
    if (from === account) return sum - amount;
    return to === account ? sum + amount : sum;
  }, 0n);
  return {
    kind,
    body,
    at: now,
    lastEntry: last.number + postings.length,
    gas: change.gas,
    credits: change.credits,
    available: account === null ? 0n : view.balance(account) + moved,
    expiresAt: change.expiresAt ?? null,
    destination: change.destination ?? null,
    closedHeight: null,
  };
}

interface Applied {
  readonly command: Command;
  readonly change: Change;
  readonly key: string;
}

function apply(turn: Turn, book: Book, { command, change, key }: Applied): void {
  const { books, moves } = turn.stores;
  const { now } = turn;
  postAll(turn, book, { kind: command.kind, command: key, postings: change.postings });
  applyHold(turn, change);
  if (change.usage !== undefined) turn.stores.holds.addUsage(change.usage);
  if (change.move !== undefined)
    moves.addMove(change.move, { command: key, closedHeight: book.closed.height, now });
  if (change.openFund !== undefined) books.addFund(change.openFund, now);
  if (change.closeFund !== undefined) books.closeFund(change.closeFund, now);
  if (change.closeBook !== undefined) books.close(now);
  if (change.watch !== undefined) books.addWatch(change.watch.address, change.watch.height);
  if (change.height !== undefined) books.saveChainHeight(change.height);
}

function applyHold(
  { stores: { holds } }: Turn,
  { madeHold, hold, refunds, counted }: Change,
): void {
  for (const charge of [...(madeHold?.charges ?? []), ...(counted ?? [])]) holds.count(charge);
  for (const refund of refunds ?? []) holds.uncount(refund);
  if (madeHold !== undefined) holds.addHold(madeHold);
  if (hold !== undefined) holds.saveHold(hold);
}

/** The entries belong to the command that made the hold. */
export function expire(turn: Turn, book: Book, hold: Hold): void {
  const change = decideExpire(hold, turn.now);
  postAll(turn, book, { kind: 'expire', command: hold.key, postings: change.postings });
  applyHold(turn, change);
}
