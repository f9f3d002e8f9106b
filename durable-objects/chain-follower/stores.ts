/** The stores of a ChainFollower over one SQLite, and the moment at which a command runs. */

import { LIMITS } from '../../worker/core/chain-follower/limits.ts';
import type { SubscriptionIndex } from '../../worker/core/chain-follower/matching.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import { type LaneStore, laneStore } from './lanes-sql.ts';
import { type ChainStore, chainStore } from './sql.ts';
import { type SubscriberStore, subscriberStore } from './subscribers-sql.ts';

/** The bounds of one follower; a simulation makes them small, so that all of them are met. */
export const BOUNDS = {
  readBlocks: LIMITS.followerReadBlocksMax.value,
  aheadBlocks: LIMITS.followerAheadBlocksMax.value,
  fanOutEvents: LIMITS.followerFanOutEvents.value,
  fanOutRows: LIMITS.followerFanOutRowsMax.value,
  scansPerTurn: LIMITS.followerScansPerTurn.value,
  scanBlocks: LIMITS.followerScanBlocks.value,
  scanEvents: LIMITS.followerScanEvents.value,
  outboxRows: LIMITS.followerOutboxRowsMax.value,
  outboxRowsTotal: LIMITS.followerOutboxRowsTotalMax.value,
  indexBlocks: LIMITS.followerIndexBlocks.value,
  anchorBlocks: LIMITS.followerAnchorBlocks.value,
  sweepEveryBlocks: LIMITS.followerSweepEveryBlocks.value,
  sweepRows: LIMITS.followerSweepRowsMax.value,
} as const;
export type Bounds = Readonly<Record<keyof typeof BOUNDS, number>>;

export interface Stores {
  readonly bounds: Bounds;
  readonly chain: ChainStore;
  readonly lanes: LaneStore;
  readonly subscribers: SubscriberStore;
}

export const storesOf = (sql: BoundedSql, bounds: Bounds): Stores => ({
  bounds,
  chain: chainStore(sql),
  lanes: laneStore(sql),
  subscribers: subscriberStore(sql),
});

export interface Moment {
  readonly now: number;
  /** A fresh fraction in [0, 1) for the jitter. */
  readonly random: number;
}

export type LoadIndex = () => SubscriptionIndex;
