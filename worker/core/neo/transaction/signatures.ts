/**
 * Collects the signatures of a transaction, in any order and from any number of people, until every
 * signer has its witness. A signature is kept only if it verifies over this transaction on this
 * network, by a key of the account it is given for, once for each key: whoever sends another
 * learns at once, and a full collection is a transaction that nodes take. It is complete with
 * exactly m signatures of an account and then changes no more, so that the finished transaction is
 * always the same bytes. A collection is an immutable value; adding gives another one.
 */
import type { PublicKey } from '../public-key.ts';
import { type ScriptHash, scriptHashOf } from '../script-hash.ts';
import { verifySignature } from '../signature.ts';
import type { Multisig } from '../verification-script.ts';
import { decodeAccountKeys, encodeInvocation } from './signature-witness.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  type Transaction,
  type UnsignedTransaction,
} from './transaction.ts';
import type { Witness } from './witness.ts';

export type CollectedAccount =
  | {
      readonly kind: 'keys';
      readonly verification: Uint8Array;
      readonly signatures: ReadonlyMap<PublicKey, Uint8Array>;
    }
  /** A deployed contract whose `verify` method takes no arguments. */
  | { readonly kind: 'contract' };

export interface SignatureCollection {
  readonly networkMagic: number;
  readonly transaction: UnsignedTransaction;
  /** Of the signers whose scripts are known so far. */
  readonly accounts: ReadonlyMap<ScriptHash, CollectedAccount>;
}

export type SignatureRefusal =
  /** The account is not a signer of the transaction. */
  | 'not_a_signer'
  /** Neither one key nor m of n keys. */
  | 'script_unknown'
  /** As a contract, or as an account of keys: it cannot become the other. */
  | 'account_known'
  /** Its script was not given, or it has none. */
  | 'account_without_keys'
  | 'account_complete'
  | 'key_foreign'
  | 'key_repeated'
  | 'signature_invalid';

export type Collected =
  | { readonly ok: true; readonly collection: SignatureCollection }
  | { readonly ok: false; readonly refusal: SignatureRefusal };

export interface GivenSignature {
  readonly account: ScriptHash;
  readonly publicKey: PublicKey;
  /** r || s, 64 bytes; a high s is as good as a low one. */
  readonly signature: Uint8Array;
}

export const startCollection = (
  transaction: UnsignedTransaction,
  networkMagic: number,
): SignatureCollection => ({ networkMagic, transaction, accounts: new Map() });

/** Names the keys of a signer by its script, which its account is the hash of. */
export function addVerification(
  collection: SignatureCollection,
  verification: Uint8Array,
): Collected {
  const account = scriptHashOf(verification);
  if (!isSigner(collection, account)) return refuse('not_a_signer');
  if (decodeAccountKeys(verification) === null) return refuse('script_unknown');
  return addAccount(collection, account, { kind: 'keys', verification, signatures: new Map() });
}

/** A contract cannot be told from an unknown account here: the caller has seen it on chain. */
export function addContract(collection: SignatureCollection, account: ScriptHash): Collected {
  if (!isSigner(collection, account)) return refuse('not_a_signer');
  return addAccount(collection, account, { kind: 'contract' });
}

/** One that is there already keeps its signatures. */
function addAccount(
  collection: SignatureCollection,
  account: ScriptHash,
  added: CollectedAccount,
): Collected {
  const known = collection.accounts.get(account);
  if (known === undefined) return put(collection, account, added);
  return known.kind === added.kind ? { ok: true, collection } : refuse('account_known');
}

export function addSignature(collection: SignatureCollection, given: GivenSignature): Collected {
  const { account, publicKey, signature } = given;
  const collected = collection.accounts.get(account);
  if (collected?.kind !== 'keys')
    return refuse(isSigner(collection, account) ? 'account_without_keys' : 'not_a_signer');
  const { verification, signatures } = collected;
  const keys = decodeAccountKeys(verification);
  if (keys === null) return refuse('script_unknown');
  if (!keys.publicKeys.includes(publicKey)) return refuse('key_foreign');
  if (signatures.has(publicKey)) return refuse('key_repeated');
  if (signatures.size >= keys.threshold) return refuse('account_complete');
  const message = signingMessageOf(collection);
  if (!verifySignature({ message, signature, publicKey })) return refuse('signature_invalid');
  const added = new Map(signatures).set(publicKey, signature);
  return put(collection, account, { kind: 'keys', verification, signatures: added });
}

/** What each key signs. */
export const signingMessageOf = ({ networkMagic, transaction }: SignatureCollection): Uint8Array =>
  encodeSigningMessage(networkMagic, hashTransaction(transaction));

/** The signatures in the order of the keys; null while there are fewer than the account needs. */
export function orderedSignatures(
  { threshold, publicKeys }: Multisig,
  signatures: ReadonlyMap<PublicKey, Uint8Array>,
): readonly Uint8Array[] | null {
  const ordered = publicKeys.flatMap((key) => signatures.get(key) ?? []);
  return ordered.length < threshold ? null : ordered.slice(0, threshold);
}

/** With a witness for each signer, in their order; null while a signature is missing. */
export function completeTransaction(collection: SignatureCollection): Transaction | null {
  const { transaction, accounts } = collection;
  const witnesses = transaction.signers.flatMap(
    ({ account }) => completeWitness(accounts.get(account)) ?? [],
  );
  if (witnesses.length < transaction.signers.length) return null;
  return { ...transaction, witnesses };
}

function completeWitness(collected: CollectedAccount | undefined): Witness | null {
  if (collected === undefined) return null;
  if (collected.kind === 'contract')
    return { invocation: new Uint8Array(), verification: new Uint8Array() };
  const { verification, signatures } = collected;
  const keys = decodeAccountKeys(verification);
  const ordered = keys && orderedSignatures(keys, signatures);
  return ordered && { invocation: encodeInvocation(ordered), verification };
}

const isSigner = ({ transaction }: SignatureCollection, account: ScriptHash): boolean =>
  transaction.signers.some((signer) => signer.account === account);

const put = (
  collection: SignatureCollection,
  account: ScriptHash,
  collected: CollectedAccount,
): Collected => ({
  ok: true,
  collection: { ...collection, accounts: new Map(collection.accounts).set(account, collected) },
});

const refuse = (refusal: SignatureRefusal): Collected => ({ ok: false, refusal });
