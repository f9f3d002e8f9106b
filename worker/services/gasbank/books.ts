/** The way to a book. Every service that pays goes through here, so that none names an object itself. */
import type { Executed } from '../../../durable-objects/account-ledger/rpc.ts';
import { type BookIdentity, bookName } from '../../core/ledger/book.ts';
import type { LedgerRefusal } from '../../core/ledger/change.ts';
import type { Command } from '../../core/ledger/commands.ts';
import type { Result } from '../../core/result.ts';
import type { Env } from '../../env.ts';

export const bookOf = (
  { ACCOUNT_LEDGER: books }: Pick<Env, 'ACCOUNT_LEDGER'>,
  book: BookIdentity,
) => books.getByName(bookName(book));

/** The same command again is answered the same for the life of the book. */
export const executeCommand = (
  env: Pick<Env, 'ACCOUNT_LEDGER'>,
  book: BookIdentity,
  command: Command,
): Promise<Result<Executed, LedgerRefusal>> => bookOf(env, book).execute({ book, command });
