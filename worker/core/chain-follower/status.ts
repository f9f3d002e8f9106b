/**
 * What `/metrics` and `/readyz` say of a follower, and its one alert. The alert is derived from
 * what is stored at every reading, never stored itself: it cannot outlive its cause.
 */
import type { Hash256 } from '../neo/hash256.ts';
import { LIMITS } from './limits.ts';
import type { ChainPosition } from './position.ts';

export type GapReason =
  /** No endpoint gave the block's logs. */
  | 'log_unreadable'
  /** Logs came and are not this block's. */
  | 'log_refused'
  /** Endpoints contradict each other and none has the quorum. */
  | 'log_disputed'
  /** Too few endpoints know the block. */
  | 'quorum_missing'
  /** More events of subscribed contracts than one message carries. */
  | 'events_too_many';

export type FollowerAlert =
  /** Every endpoint serves a next block that does not verify: following halts (M6). */
  | 'header_rejected'
  | 'log_disputed'
  | 'log_refused'
  | 'events_too_many'
  /** No new block for a long time: the chain stands, or every endpoint is cut off from it. */
  | 'stale';

export interface EndpointFault {
  readonly endpoint: string;
  readonly height: number;
  readonly hash: Hash256 | null;
  readonly reason: string;
  readonly at: number;
}

export interface AlertFacts {
  readonly verified: ChainPosition;
  readonly endpoints: readonly string[];
  readonly faults: readonly EndpointFault[];
  readonly gapReasons: readonly GapReason[];
  /** When the verified end moved last; of the configuration before the first block. */
  readonly progressAtMs: number;
  readonly msPerBlock: number;
}

/** The gravest first. */
export function decideAlert(facts: AlertFacts, now: number): FollowerAlert | null {
  if (isHalted(facts)) return 'header_rejected';
  if (facts.gapReasons.includes('log_disputed')) return 'log_disputed';
  if (facts.gapReasons.includes('log_refused')) return 'log_refused';
  if (facts.gapReasons.includes('events_too_many')) return 'events_too_many';
  const staleMs = Math.max(LIMITS.followerStaleMs.value, 8 * facts.msPerBlock);
  return now - facts.progressAtMs > staleMs ? 'stale' : null;
}

/**
 * Following halts when nobody is left: each endpoint's last word about the next block was one that
 * does not verify. One that is silent or behind has no word, so waiting goes on for it.
 */
function isHalted({
  verified,
  endpoints,
  faults,
}: Pick<AlertFacts, 'verified' | 'endpoints' | 'faults'>): boolean {
  const next = verified.height + 1;
  const rejected = new Set(
    faults.filter(({ height }) => height === next).map(({ endpoint }) => endpoint),
  );
  return endpoints.length > 0 && endpoints.every((endpoint) => rejected.has(endpoint));
}

export interface HeightRange {
  readonly fromHeight: number;
  readonly toHeight: number;
}

/** Ascending heights as ranges, for reading by people. */
export function toRanges(heights: readonly number[]): readonly HeightRange[] {
  const ranges: { fromHeight: number; toHeight: number }[] = [];
  for (const height of heights) {
    const last = ranges.at(-1);
    if (last?.toHeight === height - 1) last.toHeight = height;
    else ranges.push({ fromHeight: height, toHeight: height });
  }
  return ranges;
}
