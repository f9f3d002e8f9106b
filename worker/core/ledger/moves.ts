/**
 * GAS between two books of one network (M9). The sender debits to `in_transit` and tells the other
 * book, again and again until it answers; that one takes a move once by its id, or refuses it once
 * and for ever when it is closed; then the sender clears, or takes the GAS back. Both ways carry the
 * last checkpoint the teller has closed, so that no book counts in an earlier checkpoint what the
 * other did in a later one.
 */
import { available, DEPOSITS, inTransit, isPlatform, MAIN, suspenseOf } from './book.ts';
import type { LedgerView, OutgoingMove, Posting } from './change.ts';
import { post } from './postings.ts';

export interface BookMove extends Omit<OutgoingMove, 'fund'> {
  readonly magic: number;
  readonly fromOwner: string;
  /** Names the row in the answer. */
  readonly number: number;
  /** The last height the sender had closed when it debited; 0 before the first. */
  readonly closedHeight: number;
}

export interface MoveAnswer {
  readonly isTaken: boolean;
  /** The last height the receiver had closed when it took or refused the move. */
  readonly closedHeight: number;
}

/** Of an arrival among the ids of a book: apart from those of services, which have no `:`. */
export const arrivalKey = (fromOwner: string, moveId: string): string =>
  `book:${fromOwner}/${moveId}`;

export interface Arrival {
  readonly isTaken: boolean;
  readonly fund: string;
  readonly postings: readonly Posting[];
}

/** Money that is under way always finds a place, except in the book of a deleted account (M17). */
export function decideArrival(
  view: Pick<LedgerView, 'book' | 'isClosed' | 'fund'>,
  { toFund, amount }: Pick<BookMove, 'toFund' | 'amount'>,
): Arrival {
  const fund = isPlatform(view.book) || view.fund(toFund) === 'open' ? toFund : MAIN;
  if (view.isClosed) return { isTaken: false, fund, postings: [] };
  return { isTaken: true, fund, postings: post('other_books', available(fund), amount) };
}

/** A refused deposit lies in suspense under its own key; anything else where it came from. */
export function decideAnswered(
  { id, fund, amount }: OutgoingMove,
  { isTaken }: Pick<MoveAnswer, 'isTaken'>,
): readonly Posting[] {
  if (isTaken) return post(inTransit(fund), 'other_books', amount);
  return post(inTransit(fund), available(fund === DEPOSITS ? suspenseOf(id) : fund), amount);
}
