/** The signatures of a row, put together as the wallets of its members would. */
import { assert } from '../../core/assert.ts';
import {
  addSignature,
  addVerification,
  type SignatureCollection,
  startCollection,
} from '../../core/neo/transaction/signatures.ts';
import type { SignatureRow } from './multisig-store.ts';
import type { TransactionRow } from './store.ts';
import { unsignedOf } from './views.ts';

/** Each was checked when it came, and is checked again: what a database says moves no money. */
export function collectionOf(
  row: TransactionRow,
  signatures: readonly SignatureRow[],
): SignatureCollection {
  const { networkMagic, sender: account, verification } = row;
  assert(verification !== null, 'a multisig account has a script');
  const begun = addVerification(startCollection(unsignedOf(row), networkMagic), verification);
  assert(begun.ok, 'the script is that of its sender');
  let { collection } = begun;
  for (const { publicKey, signature } of signatures) {
    const added = addSignature(collection, { account, publicKey, signature });
    assert(added.ok, 'a stored signature is one that was verified');
    collection = added.collection;
  }
  return collection;
}
