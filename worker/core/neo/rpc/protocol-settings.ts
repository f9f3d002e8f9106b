/**
 * The protocol settings a node reports (`getversion`): every number that differs between networks
 * is taken from here and has no default. A network is known by its magic alone.
 */
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import type { RpcCall } from './call.ts';

export interface ProtocolSettings {
  readonly magic: number;
  readonly addressVersion: number;
  readonly msPerBlock: number;
  readonly validatorsCount: number;
  /** How far ahead `validUntilBlock` may lie. */
  readonly maxValidUntilBlockIncrement: number;
  readonly maxTraceableBlocks: number;
  readonly maxTransactionsPerBlock: number;
  /** Height of activation by name, without the prefix that C# nodes give it. */
  readonly hardforks: ReadonlyMap<string, number>;
}

export interface NodeVersion {
  readonly userAgent: string;
  readonly protocol: ProtocolSettings;
  /** Whether iterators can be traversed; null when the node does not say. */
  readonly sessionsEnabled: boolean | null;
}

const U32_MAX = 0xffff_ffff;
const NAME_CHARACTERS = 256;
const HARDFORKS_MAX = 64;

export const getVersion = (): RpcCall<NodeVersion> => ({
  method: 'getversion',
  params: [],
  parse: parseVersion,
});

const parseVersion = (result: unknown): Parsed<NodeVersion> =>
  parseWhole(result, (reader) => ({
    userAgent: reader.field('useragent').text(NAME_CHARACTERS),
    protocol: readProtocol(reader.field('protocol')),
    sessionsEnabled: reader.optional('rpc')?.optional('sessionenabled')?.boolean() ?? null,
  }));

function readProtocol(reader: JsonReader): ProtocolSettings {
  const count = (name: string, min = 1): number => reader.field(name).integer(min, U32_MAX);
  return {
    magic: count('network', 0),
    addressVersion: reader.field('addressversion').integer(0, 0xff),
    msPerBlock: count('msperblock'),
    validatorsCount: count('validatorscount'),
    maxValidUntilBlockIncrement: count('maxvaliduntilblockincrement'),
    maxTraceableBlocks: count('maxtraceableblocks'),
    maxTransactionsPerBlock: count('maxtransactionsperblock'),
    hardforks: readHardforks(reader.optional('hardforks')),
  };
}

function readHardforks(reader: JsonReader | null): ReadonlyMap<string, number> {
  const forks = reader?.list(HARDFORKS_MAX, (fork) => {
    const name = fork.field('name').text(NAME_CHARACTERS).replace(/^HF_/, '');
    return [name, fork.field('blockheight').integer(0, U32_MAX)] as const;
  });
  return new Map(forks);
}
