/**
 * Reading is leased, one step at a time in each of three lanes: `follow` reads what comes next,
 * `repair` reads again what could not be read, `scan` reads old ranges for one subscriber. A lane
 * whose step fails waits, longer each time, and the others go on; the wait is bounded, so no range
 * is ever given up.
 *
 * A lease has a number that only grows. A report under another number is refused: it comes from a
 * step that was thought dead, and its blocks have been read by a later one.
 */
import { LIMITS } from './limits.ts';

export type Lane = 'follow' | 'repair' | 'scan';
export const LANES = ['follow', 'repair', 'scan'] as const satisfies readonly Lane[];

export interface LaneState {
  readonly leaseNumber: number;
  /** Null when no step is out. */
  readonly leaseUntil: number | null;
  /** Steps in a row that brought nothing forward. */
  readonly failures: number;
  readonly nextAt: number;
}

export const NEW_LANE: LaneState = { leaseNumber: 0, leaseUntil: null, failures: 0, nextAt: 0 };

export type LaneTurn = 'lease' | 'wait';

/** A step whose lease ran out is dead; its lane is leased anew without a wait of its own. */
export function decideTurn(lane: LaneState, now: number): LaneTurn {
  if (lane.leaseUntil !== null) return now >= lane.leaseUntil ? 'lease' : 'wait';
  return now >= lane.nextAt ? 'lease' : 'wait';
}

export const leaseLane = (lane: LaneState, now: number): LaneState => ({
  leaseNumber: lane.leaseNumber + 1,
  leaseUntil: now + LIMITS.followerLeaseMs.value,
  // A step that was never heard of counts as one that failed.
  failures: lane.leaseUntil === null ? lane.failures : lane.failures + 1,
  nextAt: lane.nextAt,
});

export const isCurrent = (lane: LaneState, leaseNumber: number): boolean =>
  lane.leaseUntil !== null && lane.leaseNumber === leaseNumber;

export type StepOutcome =
  /** Brought something forward and there may be more at once. */
  | 'more'
  /** At the end of what there is to read. */
  | 'idle'
  | 'failed';

export interface LaneMoment {
  readonly now: number;
  /** A fresh fraction in [0, 1) for the jitter. */
  readonly random: number;
  readonly idleMs: number;
}

export function endLease(lane: LaneState, outcome: StepOutcome, moment: LaneMoment): LaneState {
  const ended = { ...lane, leaseUntil: null };
  if (outcome === 'more') return { ...ended, failures: 0, nextAt: moment.now };
  if (outcome === 'idle') return { ...ended, failures: 0, nextAt: moment.now + moment.idleMs };
  const failures = lane.failures + 1;
  return { ...ended, failures, nextAt: moment.now + waitMs(failures, moment.random) };
}

/** Doubles with each failure up to its bound; half of it random, so that lanes do not march. */
function waitMs(failures: number, random: number): number {
  const doubled = LIMITS.followerBackoffStartMs.value * 2 ** Math.min(failures - 1, 20);
  const bound = Math.min(doubled, LIMITS.followerBackoffMaxMs.value);
  return Math.ceil(bound / 2 + (random * bound) / 2);
}

/** How long to wait at the tip: a third of a block, within bounds. */
export const pollMs = (msPerBlock: number): number =>
  Math.min(
    LIMITS.followerPollMsMax.value,
    Math.max(LIMITS.followerPollMsMin.value, Math.floor(msPerBlock / 3)),
  );

export const nextTurnAt = (lane: LaneState): number => lane.leaseUntil ?? lane.nextAt;

/** The order in which a step asks its endpoints: another one first after each failure. */
export function rotateEndpoints(endpoints: readonly string[], failures: number): readonly string[] {
  const start = endpoints.length === 0 ? 0 : failures % endpoints.length;
  return [...endpoints.slice(start), ...endpoints.slice(0, start)];
}
