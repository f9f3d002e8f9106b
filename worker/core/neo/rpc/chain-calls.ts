/**
 * Calls about the chain: its height, its blocks and headers. Blocks are asked for as bytes, since
 * bytes can be hashed and verified and a node's JSON cannot.
 */
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, parseWhole } from '../json-reader.ts';
import { about, type RpcCall } from './call.ts';

/** By the word of one node; nothing here is verified. */
export interface BlockStamp {
  readonly index: number;
  readonly hash: Hash256;
  readonly timeMs: number;
}

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
