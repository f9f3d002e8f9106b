/**
 * Attributes of a transaction: what nodes weigh beside its script. Here stands their form and which
 * of them may stand together. Not here: what needs the chain's state, such as the committee's
 * signature for HighPriority or the Notary contract among the signers for NotaryAssisted. The
 * experimental types of neo-go (e0 to ff) are unknown to public networks and refused.
 */
import { assert, assertNever } from '../../assert.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { decodeHash256, encodeHash256, HASH256_BYTES, type Hash256 } from '../hash256.ts';
import { LIMITS } from './limits.ts';
import { sizeOfVarBytes } from './var-size.ts';

const ORACLE_CODES = {
  Success: 0x00,
  ProtocolNotSupported: 0x10,
  ConsensusUnreachable: 0x12,
  NotFound: 0x14,
  Timeout: 0x16,
  Forbidden: 0x18,
  ResponseTooLarge: 0x1a,
  InsufficientFunds: 0x1c,
  ContentTypeNotSupported: 0x1f,
  Error: 0xff,
} as const;
export type OracleResponseCode = keyof typeof ORACLE_CODES;

export interface OracleResponse {
  readonly type: 'OracleResponse';
  /** Of the request; unsigned, 64 bits. */
  readonly id: bigint;
  readonly code: OracleResponseCode;
  /** Empty unless the code is Success. */
  readonly result: Uint8Array;
}

export type Attribute =
  | { readonly type: 'HighPriority' }
  | OracleResponse
  /** In no block below this height. */
  | { readonly type: 'NotValidBefore'; readonly height: number }
  /** Only one of the two transactions can ever be on chain. */
  | { readonly type: 'Conflicts'; readonly hash: Hash256 }
  /** How many keys the Notary contract collects signatures of. */
  | { readonly type: 'NotaryAssisted'; readonly keyCount: number };
export type AttributeType = Attribute['type'];

const TYPE_CODE = {
  HighPriority: 0x01,
  OracleResponse: 0x11,
  NotValidBefore: 0x20,
  Conflicts: 0x21,
  NotaryAssisted: 0x22,
} as const satisfies Record<AttributeType, number>;

// The keys of both tables are the names; `keys` widens them to text.
export const ORACLE_RESPONSE_CODES = Object.keys(ORACLE_CODES) as readonly OracleResponseCode[];
export const ATTRIBUTE_TYPES = Object.keys(TYPE_CODE) as readonly AttributeType[];
const RESULT_BYTES_MAX = LIMITS.oracleResultBytesMax.value;

export function writeAttribute(writer: ByteWriter, attribute: Attribute): void {
  writer.u8(TYPE_CODE[attribute.type]);
  switch (attribute.type) {
    case 'HighPriority':
      return;
    case 'OracleResponse':
      assert(faultOfOracleResponse(attribute) === null, 'an oracle response of the right form');
      writer.u64(attribute.id).u8(ORACLE_CODES[attribute.code]).varBytes(attribute.result);
      return;
    case 'NotValidBefore':
      writer.u32(attribute.height);
      return;
    case 'Conflicts':
      writer.bytes(encodeHash256(attribute.hash));
      return;
    case 'NotaryAssisted':
      writer.u8(attribute.keyCount);
      return;
    default:
      assertNever(attribute);
  }
}

export function readAttribute(reader: ByteReader): Attribute {
  const code = reader.u8();
  const type = ATTRIBUTE_TYPES.find((name) => TYPE_CODE[name] === code);
  switch (type) {
    case undefined:
      return reader.refuse(`unknown attribute ${String(code)}`);
    case 'HighPriority':
      return { type };
    case 'OracleResponse':
      return readOracleResponse(reader);
    case 'NotValidBefore':
      return { type, height: reader.u32() };
    case 'Conflicts':
      return { type, hash: decodeHash256(reader.bytes(HASH256_BYTES)) };
    case 'NotaryAssisted':
      return { type, keyCount: reader.u8() };
    default:
      return assertNever(type);
  }
}

function readOracleResponse(reader: ByteReader): OracleResponse {
  const id = reader.u64();
  const byte = reader.u8();
  const code = ORACLE_RESPONSE_CODES.find((name) => ORACLE_CODES[name] === byte);
  if (code === undefined) return reader.refuse(`unknown oracle response code ${String(byte)}`);
  const result = reader.varBytes(RESULT_BYTES_MAX, 'oracle result');
  const response: OracleResponse = { type: 'OracleResponse', id, code, result };
  const fault = faultOfOracleResponse(response);
  return fault === null ? response : reader.refuse(fault);
}

export function faultOfOracleResponse({ code, result }: OracleResponse): string | null {
  if (result.length > RESULT_BYTES_MAX) return 'an oracle result that is too long';
  return code !== 'Success' && result.length > 0 ? 'a failed oracle response with a result' : null;
}

export function sizeOfAttribute(attribute: Attribute): number {
  switch (attribute.type) {
    case 'HighPriority':
      return 1;
    case 'OracleResponse':
      return 1 + 8 + 1 + sizeOfVarBytes(attribute.result.length);
    case 'NotValidBefore':
      return 1 + 4;
    case 'Conflicts':
      return 1 + HASH256_BYTES;
    case 'NotaryAssisted':
      return 1 + 1;
    default:
      return assertNever(attribute);
  }
}

/**
 * Only Conflicts may repeat, and not with the same hash. Nodes refuse the second part only when
 * they verify (-507), here it is a fault of form, since no such transaction can get on chain.
 */
export function faultOfAttributes(attributes: readonly Attribute[]): string | null {
  const seen = new Set<string>();
  for (const attribute of attributes) {
    const { type } = attribute;
    const key = type === 'Conflicts' ? attribute.hash : type;
    if (seen.has(key)) return `the attribute ${type} twice`;
    seen.add(key);
  }
  return null;
}
