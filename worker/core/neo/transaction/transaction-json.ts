/**
 * Transactions in the nodes' JSON (verbose `getrawtransaction`, transactions of a verbose block).
 * The hash and the size shown are computed again and must agree: a node that lies about a field, or
 * a field that was lost on the way, shows here and not where somebody acts on it. `sender` is not
 * read, for it only repeats the first signer; what a block adds (`confirmations` and so on) is read
 * by who asked for it.
 */
import { base64 } from '@scure/base';
import { assert, assertNever } from '../../assert.ts';
import { encodeAddress } from '../address.ts';
import { parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import {
  ATTRIBUTE_TYPES,
  type Attribute,
  faultOfOracleResponse,
  ORACLE_RESPONSE_CODES,
  type OracleResponse,
} from './attribute.ts';
import { LIMITS } from './limits.ts';
import { formatSigner, readSignerJson, type SignerJson } from './signer-json.ts';
import {
  faultOfTransaction,
  hashTransaction,
  sizeOfTransaction,
  type Transaction,
} from './transaction.ts';
import type { Witness } from './witness.ts';

export interface TransactionJson {
  readonly hash: string;
  readonly size: number;
  readonly version: 0;
  readonly nonce: number;
  /** Address of the first signer. */
  readonly sender: string;
  readonly sysfee: string;
  readonly netfee: string;
  readonly validuntilblock: number;
  readonly signers: readonly SignerJson[];
  readonly attributes: readonly AttributeJson[];
  readonly script: string;
  readonly witnesses: readonly WitnessJson[];
}

export interface WitnessJson {
  readonly invocation: string;
  readonly verification: string;
}

export type AttributeJson =
  | Exclude<Attribute, { readonly type: 'OracleResponse' | 'NotaryAssisted' }>
  | { readonly type: 'NotaryAssisted'; readonly nkeys: number }
  | {
      readonly type: 'OracleResponse';
      /** Text beyond 2^53 only, where a JSON number would be read as another one. */
      readonly id: number | string;
      readonly code: string;
      readonly result: string;
    };

const U8_MAX = 0xff;
const U32_MAX = 0xffff_ffff;
const I64_MAX = (1n << 63n) - 1n;
const U64_MAX = (1n << 64n) - 1n;
const VERSION = 0;

export const parseTransaction = (json: unknown): Parsed<Transaction> =>
  parseWhole(json, readTransactionJson);

export function readTransactionJson(reader: JsonReader): Transaction {
  reader.field('version').integer(VERSION, VERSION);
  const transaction: Transaction = {
    nonce: reader.field('nonce').integer(0, U32_MAX),
    systemFee: reader.field('sysfee').decimal(0n, I64_MAX),
    networkFee: reader.field('netfee').decimal(0n, I64_MAX),
    validUntilBlock: reader.field('validuntilblock').integer(0, U32_MAX),
    signers: reader.field('signers').list(LIMITS.signersMax.value, readSignerJson),
    attributes: reader
      .field('attributes')
      .list(LIMITS.signersAndAttributesMax.value, readAttributeJson),
    script: reader.field('script').bytes(LIMITS.scriptBytesMax.value),
    witnesses: reader.field('witnesses').list(LIMITS.signersMax.value, readWitnessJson),
  };
  const fault = faultOfTransaction(transaction);
  if (fault !== null) reader.refuse(fault);
  if (reader.field('size').raw !== sizeOfTransaction(transaction))
    reader.field('size').refuse('not the size of this transaction');
  const hash = reader.field('hash').parsed(parseHash256, 'a hash');
  if (hash !== hashTransaction(transaction))
    reader.field('hash').refuse('not the hash of this transaction');
  return transaction;
}

function readAttributeJson(reader: JsonReader): Attribute {
  const type = reader.field('type').choice(ATTRIBUTE_TYPES);
  switch (type) {
    case 'HighPriority':
      return { type };
    case 'OracleResponse':
      return readOracleResponse(reader);
    case 'NotValidBefore':
      return { type, height: reader.field('height').integer(0, U32_MAX) };
    case 'Conflicts':
      return { type, hash: reader.field('hash').parsed(parseHash256, 'a hash') };
    case 'NotaryAssisted':
      return { type, keyCount: reader.field('nkeys').integer(0, U8_MAX) };
    default:
      return assertNever(type);
  }
}

function readOracleResponse(reader: JsonReader): OracleResponse {
  const response: OracleResponse = {
    type: 'OracleResponse',
    id: readId(reader.field('id')),
    code: reader.field('code').choice(ORACLE_RESPONSE_CODES),
    result: readBytes(reader.field('result'), LIMITS.oracleResultBytesMax.value),
  };
  const fault = faultOfOracleResponse(response);
  return fault === null ? response : reader.refuse(fault);
}

/** A number beyond 2^53 is refused: it has been rounded before it came here. */
const readId = (reader: JsonReader): bigint =>
  reader.isText ? reader.decimal(0n, U64_MAX) : BigInt(reader.integer(0, Number.MAX_SAFE_INTEGER));

const readWitnessJson = (reader: JsonReader): Witness => ({
  invocation: readBytes(reader.field('invocation'), LIMITS.witnessScriptBytesMax.value),
  verification: readBytes(reader.field('verification'), LIMITS.witnessScriptBytesMax.value),
});

/** neo-go shows empty bytes of a transaction that it made itself as null. */
const readBytes = (reader: JsonReader, bytesMax: number): Uint8Array =>
  reader.isNull ? new Uint8Array() : reader.bytes(bytesMax);

export function formatTransaction(transaction: Transaction): TransactionJson {
  const { signers, attributes, script, witnesses } = transaction;
  const [sender] = signers;
  assert(sender, 'a transaction has a signer');
  return {
    hash: hashTransaction(transaction),
    size: sizeOfTransaction(transaction),
    version: VERSION,
    nonce: transaction.nonce,
    sender: encodeAddress(sender.account),
    sysfee: transaction.systemFee.toString(),
    netfee: transaction.networkFee.toString(),
    validuntilblock: transaction.validUntilBlock,
    signers: signers.map(formatSigner),
    attributes: attributes.map(formatAttribute),
    script: base64.encode(script),
    witnesses: witnesses.map(formatWitness),
  };
}

function formatAttribute(attribute: Attribute): AttributeJson {
  if (attribute.type === 'NotaryAssisted')
    return { type: attribute.type, nkeys: attribute.keyCount };
  if (attribute.type !== 'OracleResponse') return attribute;
  const { type, id, code, result } = attribute;
  const isExact = id <= BigInt(Number.MAX_SAFE_INTEGER);
  return { type, id: isExact ? Number(id) : id.toString(), code, result: base64.encode(result) };
}

const formatWitness = ({ invocation, verification }: Witness): WitnessJson => ({
  invocation: base64.encode(invocation),
  verification: base64.encode(verification),
});
