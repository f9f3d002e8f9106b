/**
 * What passes between a follower and a step that reads for it: a lease that says what to read, and
 * a report of what was read. Headers in a report are verified already, from the lease's position
 * on; the follower checks the chain of hashes once more, since that costs nothing.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { ChainEvent } from './event.ts';
import type { Lane } from './lanes.ts';
import type { ChainPosition, VerifiedHeader } from './position.ts';
import type { GapReason } from './status.ts';

export interface KnownBlock {
  readonly height: number;
  readonly hash: Hash256;
}

export type ReadTask =
  /** Blocks after the position, at most to `toHeight`; logs from `fromHeight` on. */
  | {
      readonly kind: 'forward';
      readonly after: ChainPosition;
      readonly fromHeight: number;
      readonly toHeight: number;
    }
  /** Logs of blocks whose headers are verified. */
  | { readonly kind: 'logs'; readonly blocks: readonly KnownBlock[] };

export interface ReadLease {
  readonly networkId: string;
  readonly magic: number;
  readonly lane: Lane;
  readonly leaseNumber: number;
  /** To be asked in this order. */
  readonly endpoints: readonly string[];
  /** Equal votes that the logs of a block need (M5). */
  readonly quorum: number;
  /** Events of other contracts are not reported. */
  readonly contracts: readonly string[];
  readonly task: ReadTask;
}

export interface RejectedHeader {
  readonly endpoint: string;
  readonly height: number;
  readonly hash: Hash256 | null;
  readonly reason: string;
}

export interface ReportedBlock {
  readonly header: VerifiedHeader;
  /** Null for a block before `fromHeight`, and for a gap. */
  readonly events: readonly ChainEvent[] | null;
  /** Why its logs could not be had. */
  readonly gap: GapReason | null;
}

export interface ReadReport {
  readonly lane: Lane;
  readonly leaseNumber: number;
  /** Some endpoint answered, and says there is nothing beyond the lease's position. */
  readonly isAtTip: boolean;
  /** The height that enough endpoints claim, so that one alone cannot inflate the lag. */
  readonly networkHeight: number | null;
  /** Contiguous from the lease's position on, or some of the blocks asked for. */
  readonly blocks: readonly ReportedBlock[];
  readonly rejected: readonly RejectedHeader[];
}
