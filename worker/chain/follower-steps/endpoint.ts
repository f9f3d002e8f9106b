/**
 * What a read step needs of one named endpoint, and of the protocol. Every method answers null for
 * what the endpoint did not give, and none throws: one endpoint's failure is a turn of the next.
 */
import type { BlockLogs, FollowedBlock } from '../../core/chain-follower/extract.ts';
import type { ChainPosition, VerifiedHeader } from '../../core/chain-follower/position.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';

/** A block as an endpoint gave it: nothing in it is believed before it is checked. */
export type FetchedBlock = Uint8Array;

export interface ChainEndpoint {
  readonly name: string;
  /** Of the last block it says it has. */
  readHeight(): Promise<number | null>;
  /** In the order asked for. */
  readBlocks(heights: readonly number[]): Promise<readonly (FetchedBlock | null)[]>;
  /** All logs of each block; `malformed` where answers came that are no logs. */
  readLogs(blocks: readonly FollowedBlock[]): Promise<readonly (BlockLogs | 'malformed' | null)[]>;
}

export interface CheckedBlock {
  readonly header: VerifiedHeader;
  readonly block: FollowedBlock;
}

export type BlockCheck =
  | ({ readonly ok: true } & CheckedBlock)
  | { readonly ok: false; readonly hash: Hash256 | null; readonly reason: string };

/** A checkpoint's time is not known. */
export interface Predecessor extends ChainPosition {
  readonly timeMs?: number;
}

export interface BlockChecker {
  /**
   * Of the block after a verified one: its place and link, the merkle root over its transactions'
   * own hashes, and its witness against the consensus that the one before named.
   */
  checkNext(fetched: FetchedBlock, after: Predecessor): Promise<BlockCheck>;
  /** Of a block whose verified hash is known: hash and merkle root. */
  checkKnown(fetched: FetchedBlock, hash: Hash256): Promise<BlockCheck>;
}
