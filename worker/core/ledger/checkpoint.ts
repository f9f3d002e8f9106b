/**
 * Checkpoints are the block heights at which balances are proven (M11). A book has one open; every
 * entry belongs to the one that is open when it is written. Closing it notes the last entry and the
 * sums; a book without an entry since the last one carries it over. The platform's book is closed
 * first, when all of the chain up to the height is booked and nothing above it; its messages, and
 * then the customers' own, bring the height to all others.
 */
import { type Account, type BookIdentity, isPlatform } from './book.ts';

export interface Closed {
  /** 0 before the first. */
  readonly height: number;
  readonly entry: number;
}

export interface BookProgress {
  readonly closed: Closed;
  readonly lastEntry: number;
  /** The highest block with an entry; the platform's book only. */
  readonly chainHeight: number;
}

export type Closing = 'closed' | 'carried' | 'earlier' | 'passed';

/** `passed`: the book has met later blocks already, so its balance at the height is not the last one. */
export function decideClosing(progress: BookProgress, height: number): Closing {
  if (height <= progress.closed.height) return 'earlier';
  if (progress.chainHeight > height) return 'passed';
  return progress.lastEntry > progress.closed.entry ? 'closed' : 'carried';
}

/**
 * Whether a message that was sent after a checkpoint can be applied here: a customer's book closes
 * that checkpoint first, the platform's waits for its own turn.
 */
export const mayCatchUp = (book: BookIdentity, progress: BookProgress, height: number): boolean =>
  height <= progress.closed.height || !isPlatform(book);

/**
 * The line of the report that an account is summed under: its part, and in the platform's book what
 * kind of fund it is, or which address.
 */
export function headingOf(book: BookIdentity, account: Account): string {
  const [part = '', fund] = account.split('/');
  if (fund === undefined || !isPlatform(book)) return part;
  return `${part}/${fund.split(':')[0] ?? ''}`;
}
