/** A book as large as an object can be, as far as the book itself can tell. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { LIMITS } from '../../../worker/core/ledger/limits.ts';
import { bookOf } from '../../support/gas-account.ts';
import type { Tenant } from '../../support/harness.ts';

export async function fillBook(tenant: Tenant): Promise<void> {
  const book = bookOf(tenant.accountId);
  // Anew, since a book asks for its size only now and then.
  await evictDurableObject(book);
  await runInDurableObject(book, (_instance, { storage: { sql } }) => {
    Object.defineProperty(sql, 'databaseSize', { value: LIMITS.ledgerBookBytesMax.value });
  });
}
