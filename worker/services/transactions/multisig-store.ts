/** D1 queries of the signatures that members of a multisig account gave. */
import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { selectTransaction, type TransactionPlace, type TransactionRow } from './store.ts';
import { transactionSignatures } from './tables.ts';

export type SignatureRow = typeof transactionSignatures.$inferSelect;

export interface Signed {
  readonly row: TransactionRow;
  /** In the order they were given. */
  readonly signatures: readonly SignatureRow[];
}

/** One round trip for both. */
export async function loadSigned(
  db: Database,
  place: TransactionPlace,
): Promise<Signed | undefined> {
  const [rows, signatures] = await db.batch([
    selectTransaction(db, place),
    listSignatures(db, place.transactionId),
  ]);
  const [row] = rows;
  return row && { row, signatures };
}

export const listSignatures = (db: Database, transactionId: string) =>
  db
    .select()
    .from(transactionSignatures)
    .where(eq(transactionSignatures.transactionId, transactionId))
    .orderBy(asc(transactionSignatures.createdAt), asc(transactionSignatures.publicKey));

export const insertSignatures = (db: Database, rows: readonly SignatureRow[]) =>
  db.insert(transactionSignatures).values([...rows]);
