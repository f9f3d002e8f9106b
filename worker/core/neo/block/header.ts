/**
 * Block headers of Neo N3 as bytes and as the nodes' JSON. The hash is SHA-256 once over everything
 * before the witness, and what is signed is the network's magic and that hash. A header read from
 * JSON must have the hash it is shown with, so that no field was lost or altered on the way; who
 * signed it is asked by header-witness.ts. Chains with state roots in their headers, which
 * are not Neo N3 itself, are refused.
 */
import { parseAddress } from '../address.ts';
import { type ByteReader, type Decoded, decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import {
  decodeHash256,
  encodeHash256,
  HASH256_BYTES,
  type Hash256,
  hash256Of,
  parseHash256,
} from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from '../script-hash.ts';
import { LIMITS as TRANSACTION_LIMITS } from '../transaction/limits.ts';
import { readWitness, type Witness, writeWitness } from '../transaction/witness.ts';

export interface UnsignedHeader {
  readonly previousHash: Hash256;
  readonly merkleRoot: Hash256;
  /** Milliseconds since 1970, as its maker claims; later than that of the block before. */
  readonly timeMs: number;
  readonly nonce: bigint;
  readonly index: number;
  /** Which of the validators proposed it. */
  readonly primary: number;
  /** Account of the multi-signature script that signs the next block. */
  readonly nextConsensus: ScriptHash;
}

export interface Header extends UnsignedHeader {
  readonly witness: Witness;
}

/** The only version there is. */
const VERSION = 0;
const U8_MAX = 0xff;
const U32_MAX = 0xffff_ffff;
const NONCE = /^[0-9a-fA-F]{16}$/;

export const hashHeader = (header: UnsignedHeader): Hash256 => hash256Of(encodeUnsigned(header));

function encodeUnsigned(header: UnsignedHeader): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeUnsigned(writer, header);
  return writer.toBytes();
}

function writeUnsigned(writer: ByteWriter, header: UnsignedHeader): void {
  writer
    .u32(VERSION)
    .bytes(encodeHash256(header.previousHash))
    .bytes(encodeHash256(header.merkleRoot))
    .u64(BigInt(header.timeMs))
    .u64(header.nonce)
    .u32(header.index)
    .u8(header.primary)
    .bytes(encodeScriptHash(header.nextConsensus));
}

export function writeHeader(writer: ByteWriter, header: Header): void {
  writeUnsigned(writer, header);
  writer.list([header.witness], (witness) => {
    writeWitness(writer, witness);
  });
}

export function readHeader(reader: ByteReader): Header {
  if (reader.u32() !== VERSION) reader.refuse('another version');
  const previousHash = decodeHash256(reader.bytes(HASH256_BYTES));
  const merkleRoot = decodeHash256(reader.bytes(HASH256_BYTES));
  const timeMs = Number(reader.u64());
  if (!Number.isSafeInteger(timeMs)) reader.refuse('a time beyond all calendars');
  const nonce = reader.u64();
  const index = reader.u32();
  const primary = reader.u8();
  const nextConsensus = decodeScriptHash(reader.bytes(SCRIPT_HASH_BYTES));
  if (reader.u8() !== 1) reader.refuse('not one witness');
  const witness = readWitness(reader);
  return { previousHash, merkleRoot, timeMs, nonce, index, primary, nextConsensus, witness };
}

export function encodeHeader(header: Header): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeHeader(writer, header);
  return writer.toBytes();
}

/** `getblockheader` without verbose, after base64. */
export const decodeHeader = (bytes: Uint8Array): Decoded<Header> => decodeWhole(bytes, readHeader);

/** Verbose `getblockheader`, and `header_of_added_block`. */
export const parseHeader = (json: unknown): Parsed<Header> => parseWhole(json, readHeaderJson);

export function readHeaderJson(reader: JsonReader): Header {
  reader.field('version').integer(VERSION, VERSION);
  if (reader.optional('previousstateroot') !== null)
    reader.refuse('a header with a state root, which Neo N3 does not have');
  const header = {
    previousHash: reader.field('previousblockhash').parsed(parseHash256, 'a hash'),
    merkleRoot: reader.field('merkleroot').parsed(parseHash256, 'a hash'),
    timeMs: reader.field('time').integer(0, Number.MAX_SAFE_INTEGER),
    nonce: reader.field('nonce').parsed(parseNonce, '16 hexadecimal digits'),
    index: reader.field('index').integer(0, U32_MAX),
    primary: reader.field('primary').integer(0, U8_MAX),
    nextConsensus: reader.field('nextconsensus').parsed(parseAddress, 'an address'),
    witness: readOnlyWitness(reader.field('witnesses')),
  };
  if (reader.field('hash').parsed(parseHash256, 'a hash') !== hashHeader(header))
    reader.field('hash').refuse('not the hash of this header');
  return header;
}

const parseNonce = (text: string): bigint | null => (NONCE.test(text) ? BigInt(`0x${text}`) : null);

function readOnlyWitness(reader: JsonReader): Witness {
  const bytesMax = TRANSACTION_LIMITS.witnessScriptBytesMax.value;
  const [witness, ...others] = reader.list(2, (item) => ({
    invocation: item.field('invocation').bytes(bytesMax),
    verification: item.field('verification').bytes(bytesMax),
  }));
  if (witness === undefined || others.length > 0) return reader.refuse('not one witness');
  return witness;
}
