/**
 * Where following stands. Heights are contiguous: a position says that everything up to its block
 * is verified, from the configured checkpoint on, each header by the consensus its predecessor
 * named (money rule M6). It is replaced by its successor only.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { ScriptHash } from '../neo/script-hash.ts';

/** The end of a verified chain of headers; a checkpoint has the same form. */
export interface ChainPosition {
  readonly height: number;
  readonly hash: Hash256;
  /** Script hash that must sign the next block: this block's `nextconsensus`. */
  readonly nextConsensus: ScriptHash;
}

/** A verified header, without what only its verification needs. */
export interface VerifiedHeader extends ChainPosition {
  readonly previousHash: Hash256;
  readonly timeMs: number;
}

/** One event's place in the chain; also a cursor: everything before it is done. */
export interface EventPlace {
  readonly height: number;
  /** Counts all events of the block in chain order, subscribed or not. */
  readonly ordinal: number;
}

export const isBefore = (one: EventPlace, other: EventPlace): boolean =>
  one.height < other.height || (one.height === other.height && one.ordinal < other.ordinal);

/** The first block of which no event was taken by a cursor that stands here. */
export const wholeBlockAfter = ({ height, ordinal }: EventPlace): number =>
  ordinal === 0 ? height : height + 1;

/**
 * How far `headers` continue `position` without a hole. What comes after is of no use: taking it
 * would be a cursor with a gap nobody knows of.
 */
export function countContiguous(
  position: ChainPosition,
  headers: readonly Pick<VerifiedHeader, 'height' | 'hash' | 'previousHash'>[],
): number {
  let { height, hash } = position;
  for (const [index, header] of headers.entries()) {
    if (header.height !== height + 1 || header.previousHash !== hash) return index;
    ({ height, hash } = header);
  }
  return headers.length;
}
