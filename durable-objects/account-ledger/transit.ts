/**
 * Both ends of a move between books (core/ledger/moves.ts): telling it until it is answered, taking
 * it once, and clearing it. Whoever hears of a later checkpoint closes it before anything else.
 */
import { assert } from '../../worker/core/assert.ts';
import { mayCatchUp } from '../../worker/core/ledger/checkpoint.ts';
import { LIMITS } from '../../worker/core/ledger/limits.ts';
import {
  arrivalKey,
  type BookMove,
  decideAnswered,
  decideArrival,
  type MoveAnswer,
} from '../../worker/core/ledger/moves.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Book } from './book-sql.ts';
import { closeCheckpoint } from './checkpoints.ts';
import type { MoveAcknowledgement } from './rpc.ts';
import { openBook, postAll, progressOf, type Turn, viewOf } from './turn.ts';

export function receive(
  turn: Turn,
  move: BookMove,
): Result<MoveAnswer, 'gasbank.checkpoint_ahead'> {
  const { entries } = turn.stores;
  const book = openBook(turn, { magic: move.magic, owner: move.toOwner });
  const key = arrivalKey(move.fromOwner, move.id);
  const known = entries.loadCommand(key);
  if (known !== undefined) {
    const isTaken = known.kind === 'taken';
    assert(!isTaken || known.gas === move.amount, 'a move came again with another amount');
    return ok({ isTaken, closedHeight: known.closedHeight ?? 0 });
  }
  const current = catchUp(turn, book, move.closedHeight);
  if (current === null) return err('gasbank.checkpoint_ahead');
  const { isTaken, fund, postings } = decideArrival(viewOf(turn, current), move);
  const closedHeight = current.closed.height;
  const lastEntry = current.last.number + postings.length;
  entries.addCommand(
    key,
    {
      kind: isTaken ? 'taken' : 'refused',
      body: '',
      at: turn.now,
      lastEntry,
      gas: move.amount,
      credits: 0n,
      available: 0n,
      expiresAt: null,
      destination: fund,
      closedHeight,
    },
    null,
  );
  postAll(turn, current, { kind: 'receive', command: key, postings });
  return ok({ isTaken, closedHeight });
}

export function acknowledge(
  turn: Turn,
  { number, isTaken, closedHeight }: MoveAcknowledgement,
): Result<null, 'request.not_found' | 'gasbank.checkpoint_ahead'> {
  const { moves, books } = turn.stores;
  const move = moves.loadMove(number);
  const book = books.load();
  if (move === undefined || book === undefined) return err('request.not_found');
  if (move.state !== 'moving') return ok(null);
  const current = catchUp(turn, book, closedHeight);
  if (current === null) return err('gasbank.checkpoint_ahead');
  const postings = decideAnswered(move, { isTaken });
  const kind = isTaken ? 'clear' : 'take_back';
  postAll(turn, current, { kind, command: move.command, postings });
  moves.endMove(number, isTaken ? 'taken' : 'refused', turn.now);
  return ok(null);
}

/** The book as it stands then; null where a checkpoint cannot be closed by a message. */
function catchUp(turn: Turn, book: Book, height: number): Book | null {
  if (height <= book.closed.height) return book;
  if (!mayCatchUp(book.identity, progressOf(book), height)) return null;
  return closeCheckpoint(turn, book, height);
}

/** What is to be told now; each is due again later, whether this one arrives or not. */
export function leaseMoves(turn: Turn): readonly BookMove[] {
  const { moves, books } = turn.stores;
  const book = books.load();
  if (book === undefined) return [];
  const due = moves.listDueMoves(turn.now, LIMITS.ledgerMovesBatchMax.value);
  for (const { number, tries } of due) moves.tellAgainAt(number, turn.now + retryMs(tries));
  const { magic, owner: fromOwner } = book.identity;
  return due.map(({ number, id, toOwner, toFund, amount, closedHeight }) => ({
    magic,
    fromOwner,
    number,
    id,
    toOwner,
    toFund,
    amount,
    closedHeight,
  }));
}

const retryMs = (tries: number): number =>
  Math.min(
    LIMITS.ledgerMoveRetryMsStart.value * 2 ** Math.min(tries, 20),
    LIMITS.ledgerMoveRetryMsMax.value,
  );
