/**
 * Calls about the chain: its height, its blocks and headers. Blocks are asked for as bytes, since
 * bytes can be hashed and verified and a node's JSON cannot.
 */
import { type Block, decodeBlock } from '../block/block.ts';
import { decodeHeader, type Header, hashHeader } from '../block/header.ts';
import type { Decoded } from '../byte-reader.ts';
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, parseWhole } from '../json-reader.ts';
import { about, type RpcCall } from './call.ts';

/** By the word of one node; nothing here is verified. */
export interface BlockStamp {
  readonly index: number;
  readonly hash: Hash256;
  readonly timeMs: number;
}

/** Protocol's MaxBlockSize is 2 MiB at most; the witnesses of a header are far below. */
const BLOCK_BYTES_MAX = 4_194_304;
const HEADER_BYTES_MAX = 16_384;
const U32_MAX = 0xffff_ffff;

/** The height of the last block and one. */
export const getBlockCount = (): RpcCall<number> => ({
  method: 'getblockcount',
  params: [],
  parse: (result) => parseWhole(result, (reader) => reader.integer(1, U32_MAX)),
});

export const getBlockHash = (index: number): RpcCall<Hash256> => ({
  method: 'getblockhash',
  params: [index],
  parse: (result) => parseWhole(result, (reader) => reader.parsed(parseHash256, 'a hash')),
});

/** A whole block as bytes, which the asker decodes and verifies. */
export const getRawBlock = (block: number | Hash256): RpcCall<Uint8Array> => ({
  method: 'getblock',
  params: [block],
  parse: (result) => parseWhole(result, (reader) => reader.bytes(BLOCK_BYTES_MAX)),
});

/** A block that has the transactions of its header; who signed the header is not looked at. */
export const getBlock = (block: number | Hash256): RpcCall<Block> => ({
  method: 'getblock',
  params: [block],
  parse: (result) => about(parseWhole(result, readBlock), ({ header }) => isOf(header, block)),
});

export const getBlockHeader = (block: number | Hash256): RpcCall<Header> => ({
  method: 'getblockheader',
  params: [block],
  parse: (result) => about(parseWhole(result, readHeader), (header) => isOf(header, block)),
});

const isOf = (header: Header, block: number | Hash256): boolean =>
  typeof block === 'number' ? header.index === block : hashHeader(header) === block;

const readBlock = (reader: JsonReader): Block =>
  valueOf(reader, decodeBlock(reader.bytes(BLOCK_BYTES_MAX)));

const readHeader = (reader: JsonReader): Header =>
  valueOf(reader, decodeHeader(reader.bytes(HEADER_BYTES_MAX)));

const valueOf = <Value>(reader: JsonReader, decoded: Decoded<Value>): Value =>
  decoded.ok ? decoded.value : reader.refuse(decoded.malformed.reason);

export const getBlockStamp = (block: number | Hash256): RpcCall<BlockStamp> => ({
  method: 'getblockheader',
  params: [block, true],
  parse: (result) =>
    about(parseWhole(result, readStamp), ({ index, hash }) => block === index || block === hash),
});

const readStamp = (reader: JsonReader): BlockStamp => ({
  index: reader.field('index').integer(0, U32_MAX),
  hash: reader.field('hash').parsed(parseHash256, 'a hash'),
  timeMs: reader.field('time').integer(0, Number.MAX_SAFE_INTEGER),
});
