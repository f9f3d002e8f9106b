/** Closing checkpoints (core/ledger/checkpoint.ts): the last entry, the sums, and the report. */
import type { BookIdentity } from '../../worker/core/ledger/book.ts';
import { decideClosing } from '../../worker/core/ledger/checkpoint.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Book } from './book-sql.ts';
import type { CheckpointView } from './rpc.ts';
import { assertBalanced, openBook, progressOf, type Turn, tellNotice } from './turn.ts';

interface CheckpointOrder {
  readonly book: BookIdentity;
  readonly height: number;
}

export function checkpoint(
  turn: Turn,
  { book: identity, height }: CheckpointOrder,
): Result<CheckpointView | null, 'gasbank.height_passed'> {
  const book = openBook(turn, identity);
  const closing = decideClosing(progressOf(book), height);
  if (closing === 'passed')
    return err('gasbank.height_passed', { limit: book.chainHeight, observed: height });
  if (closing !== 'earlier') closeCheckpoint(turn, book, height);
  return ok(turn.stores.books.loadCheckpoint(height) ?? null);
}

/** Answers the book with the next checkpoint open. */
export function closeCheckpoint(turn: Turn, book: Book, height: number): Book {
  const { books, entries } = turn.stores;
  const entry = book.last.number;
  const closed = { height, entry };
  books.saveClosed(closed);
  if (entry > book.closed.entry) {
    assertBalanced(turn);
    const sums = Object.fromEntries(
      entries.listSums().map(({ heading, sum }) => [heading, sum.toString()]),
    );
    books.addCheckpoint({ height, entry, at: turn.now, sums });
    report(turn, book, { height, entry, sums });
  }
  return { ...book, closed };
}

function report(
  turn: Turn,
  { identity: { magic, owner } }: Book,
  facts: Omit<CheckpointView, 'at'>,
): void {
  tellNotice(turn, {
    id: `${String(magic)}:${owner}:${String(facts.height)}:closed`,
    type: 'checkpoint.closed',
    dataJson: JSON.stringify({ magic, owner, ...facts }),
  });
}
