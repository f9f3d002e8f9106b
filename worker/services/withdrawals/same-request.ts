/**
 * The row of a wish that carries an id of its caller. Requests that come together have one: each
 * opens it, since the book holds once for its id, and the first to write says what became of it.
 */
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { loadByRequest, type PayoutRow } from './store.ts';

export type AskedRow = Pick<
  PayoutRow,
  'accountId' | 'networkMagic' | 'requestId' | 'requestDigest'
>;

/** `write` fails with `request.precondition_failed` where another one may have been first. */
export async function findOrWrite(
  db: Database,
  asked: AskedRow,
  write: () => Promise<Result<PayoutRow>>,
): Promise<Result<PayoutRow>> {
  const known = await loadByRequest(db, asked);
  const written = known === undefined ? await write() : ok(known);
  if (!written.ok && written.failure.code !== 'request.precondition_failed') return written;
  const row = written.ok ? written.value : await loadByRequest(db, asked);
  if (row === undefined) return written;
  return row.requestDigest === asked.requestDigest ? ok(row) : err('withdrawals.request_conflict');
}
