/**
 * Transactions of Neo N3, version 0. A transaction is an immutable value and nothing about it is
 * kept beside it: hash and size are functions of its fields, so neither can go stale. What cannot
 * be on chain by its form (fees, counts, duplicates, sizes) is refused in reading and asserted in
 * writing. Lengths must have their shortest form: nodes take longer ones, but then one transaction
 * would have two byte forms, and neo-go two hashes for it. So bytes that decode encode to
 * themselves. The one length on whose form nodes differ is in `hasLengthInTwoForms`.
 */
import { base64 } from '@scure/base';
import { assert } from '../../assert.ts';
import { type ByteReader, type Decoded, decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { encodeHash256, type Hash256, hash256Of } from '../hash256.ts';
import {
  type Attribute,
  faultOfAttributes,
  readAttribute,
  sizeOfAttribute,
  writeAttribute,
} from './attribute.ts';
import { LIMITS } from './limits.ts';
import { readSigner, type Signer, sizeOfSigner, writeSigner } from './signer.ts';
import { sizeOfList, sizeOfVarBytes } from './var-size.ts';
import { readWitness, sizeOfWitness, type Witness, writeWitness } from './witness.ts';

/** What the hash covers and the witnesses sign. */
export interface UnsignedTransaction {
  readonly nonce: number;
  /** Datoshi; the bound of what the script may burn, never given back. */
  readonly systemFee: bigint;
  /** Datoshi; pays for bytes, verification and attributes. */
  readonly networkFee: bigint;
  /** The last height of a block it may be in. */
  readonly validUntilBlock: number;
  /** The first one is the sender. */
  readonly signers: readonly Signer[];
  readonly attributes: readonly Attribute[];
  /** Its bytes are not to be written to. */
  readonly script: Uint8Array;
}

export interface Transaction extends UnsignedTransaction {
  /** One for each signer, in the order of the signers. */
  readonly witnesses: readonly Witness[];
}

const VERSION = 0;
/** Version, nonce, both fees, valid until block. */
const FIXED_BYTES = 1 + 4 + 8 + 8 + 4;
const I64_MAX = (1n << 63n) - 1n;
const SIGNERS_MAX = LIMITS.signersMax.value;
const SIGNERS_AND_ATTRIBUTES_MAX = LIMITS.signersAndAttributesMax.value;
const SCRIPT_BYTES_MAX = LIMITS.scriptBytesMax.value;
const LENGTH_IN_TWO_FORMS = 0xffff;
const TRANSACTION_BYTES_MAX = LIMITS.transactionBytesMax.value;
const BASE64_CHARACTERS_MAX = Math.ceil(TRANSACTION_BYTES_MAX / 3) * 4;

/** The rule a transaction breaks that no part of it breaks alone; null when there is none. */
export function faultOfUnsigned(transaction: UnsignedTransaction): string | null {
  const { signers, attributes, systemFee, networkFee, script } = transaction;
  if (systemFee < 0n || networkFee < 0n) return 'a negative fee';
  if (systemFee + networkFee > I64_MAX) return 'fees whose sum overflows';
  if (signers.length === 0) return 'no signer';
  if (signers.length > SIGNERS_MAX) return 'too many signers';
  if (new Set(signers.map(({ account }) => account)).size < signers.length)
    return 'the same signer twice';
  if (signers.length + attributes.length > SIGNERS_AND_ATTRIBUTES_MAX) return 'too many attributes';
  if (script.length === 0) return 'an empty script';
  if (script.length > SCRIPT_BYTES_MAX) return 'a script that is too long';
  return faultOfAttributes(attributes);
}

/**
 * neo-go writes a length of 65535 in five bytes (WriteVarUint compares with `<`), the C# node and we
 * in three. Nodes hash what they would write, so such a transaction has one hash on a network of
 * either kind and another on the other, and a wallet that waits for ours may never see it. What is
 * on a chain already is read in both forms (block.ts); nothing of the kind is signed.
 */
const hasLengthInTwoForms = ({ script, attributes }: UnsignedTransaction): boolean =>
  script.length === LENGTH_IN_TWO_FORMS ||
  attributes.some(
    (one) => one.type === 'OracleResponse' && one.result.length === LENGTH_IN_TWO_FORMS,
  );

/** As `faultOfUnsigned`, with the witnesses and the size of the whole. */
export const faultOfTransaction = (transaction: Transaction): string | null =>
  faultOfUnsigned(transaction) ?? faultOfWitnesses(transaction);

function faultOfWitnesses(transaction: Transaction): string | null {
  const { signers, witnesses } = transaction;
  if (witnesses.length !== signers.length)
    return `${String(witnesses.length)} witnesses for ${String(signers.length)} signers`;
  return sizeOfTransaction(transaction) > TRANSACTION_BYTES_MAX ? 'more than 102400 bytes' : null;
}

export const sizeOfUnsigned = (transaction: UnsignedTransaction): number =>
  FIXED_BYTES +
  sizeOfList(transaction.signers, sizeOfSigner) +
  sizeOfList(transaction.attributes, sizeOfAttribute) +
  sizeOfVarBytes(transaction.script.length);

/** Bytes on the wire, which nodes charge for. */
export const sizeOfTransaction = (transaction: Transaction): number =>
  sizeOfUnsigned(transaction) + sizeOfList(transaction.witnesses, sizeOfWitness);

/** SHA-256 once over the unsigned part: witnesses do not change it. */
export const hashTransaction = (transaction: UnsignedTransaction): Hash256 =>
  hash256Of(encodeUnsigned(transaction));

/**
 * What the witnesses sign: network magic and hash, 36 bytes, which ECDSA hashes once more. The
 * magic keeps a signature for one network from being shown on another.
 */
export const encodeSigningMessage = (networkMagic: number, hash: Hash256): Uint8Array =>
  new ByteWriter().u32(networkMagic).bytes(encodeHash256(hash)).toBytes();

export function encodeUnsigned(transaction: UnsignedTransaction): Uint8Array<ArrayBuffer> {
  assertNoFault(faultOfUnsigned(transaction));
  const writer = new ByteWriter();
  writeUnsigned(writer, transaction);
  return writer.toBytes();
}

/** Witnesses are not there yet: for templates, and contexts that collect signatures. */
export const decodeUnsigned = (bytes: Uint8Array): Decoded<UnsignedTransaction> =>
  decodeWhole(bytes, (reader) => {
    refuseTooLong(reader);
    const transaction = readUnsigned(reader);
    if (reader.offset !== sizeOfUnsigned(transaction)) refuseLongLength(reader);
    if (hasLengthInTwoForms(transaction)) reader.refuse('a length on whose hash nodes differ');
    return transaction;
  });

export function encodeTransaction(transaction: Transaction): Uint8Array<ArrayBuffer> {
  assertNoFault(faultOfTransaction(transaction));
  const writer = new ByteWriter();
  writeUnsigned(writer, transaction);
  writer.list(transaction.witnesses, (witness) => writeWitness(writer, witness));
  return writer.toBytes();
}

export const decodeTransaction = (bytes: Uint8Array): Decoded<Transaction> =>
  decodeWhole(bytes, (reader) => {
    refuseTooLong(reader);
    const { transaction } = readTransaction(reader);
    // It is the only thing in these bytes.
    if (reader.offset !== sizeOfTransaction(transaction)) refuseLongLength(reader);
    return transaction;
  });

/** Both with one pass over the fields: the hash covers the first bytes of the whole. */
export function encodeWithHash(transaction: Transaction): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hash: Hash256;
} {
  const bytes = encodeTransaction(transaction);
  return { bytes, hash: hash256Of(bytes.subarray(0, sizeOfUnsigned(transaction))) };
}

/** As `sendrawtransaction` takes it and `getrawtransaction` gives it. */
export const toBase64Transaction = (transaction: Transaction): string =>
  base64.encode(encodeTransaction(transaction));

export const parseBase64Transaction = (text: string): Decoded<Transaction> =>
  fromBase64(text, decodeTransaction);

export const parseBase64Unsigned = (text: string): Decoded<UnsignedTransaction> =>
  fromBase64(text, decodeUnsigned);

function fromBase64<Value>(
  text: string,
  decode: (bytes: Uint8Array) => Decoded<Value>,
): Decoded<Value> {
  if (text.length > BASE64_CHARACTERS_MAX) return malformed('more than 102400 bytes');
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch {
    // The library throws for what is no base64: the sender's mistake.
    return malformed('not base64');
  }
  return decode(bytes);
}

const malformed = (reason: string): Decoded<never> => ({
  ok: false,
  malformed: { at: 0, reason },
});

function writeUnsigned(writer: ByteWriter, transaction: UnsignedTransaction): void {
  const { nonce, systemFee, networkFee, validUntilBlock, signers, attributes } = transaction;
  writer.u8(VERSION).u32(nonce).i64(systemFee).i64(networkFee).u32(validUntilBlock);
  writer.list(signers, (signer) => writeSigner(writer, signer));
  writer.list(attributes, (attribute) => writeAttribute(writer, attribute));
  writer.varBytes(transaction.script);
}

function readUnsigned(reader: ByteReader): UnsignedTransaction {
  const version = reader.u8();
  if (version !== VERSION) reader.refuse(`version ${String(version)}`);
  const transaction: UnsignedTransaction = {
    nonce: reader.u32(),
    systemFee: reader.i64(),
    networkFee: reader.i64(),
    validUntilBlock: reader.u32(),
    signers: reader.list(SIGNERS_MAX, 'signers', () => readSigner(reader)),
    attributes: reader.list(SIGNERS_AND_ATTRIBUTES_MAX, 'attributes', () => readAttribute(reader)),
    script: reader.varBytes(SCRIPT_BYTES_MAX, 'script'),
  };
  const fault = faultOfUnsigned(transaction);
  return fault === null ? transaction : reader.refuse(fault);
}

/**
 * One transaction among others, as blocks have them, with the hash of its bytes as they lie there.
 * Lengths may be longer than they must: whoever reads holds the hash to a root.
 */
export function readTransaction(reader: ByteReader): {
  readonly transaction: Transaction;
  readonly hash: Hash256;
} {
  const start = reader.offset;
  const unsigned = readUnsigned(reader);
  const hash = hash256Of(reader.since(start));
  const witnesses = reader.list(SIGNERS_MAX, 'witnesses', () => readWitness(reader));
  const transaction = { ...unsigned, witnesses };
  const fault = faultOfWitnesses(transaction);
  return fault === null ? { transaction, hash } : reader.refuse(fault);
}

function refuseTooLong(reader: ByteReader): void {
  if (reader.left > TRANSACTION_BYTES_MAX) reader.refuse('more than 102400 bytes');
}

/** Everything else has one form only, so what is longer than it should be has a longer length. */
const refuseLongLength = (reader: ByteReader): never =>
  reader.refuse('a length that is not in its shortest form');

function assertNoFault(fault: string | null): void {
  assert(fault === null, `a transaction of the right form, not ${fault ?? ''}`);
}
