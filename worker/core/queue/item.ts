/**
 * One item of the durable work queue, without its payload.
 *
 *   ready --lease--> leased --report--> done | dead | ready (retry, released)
 *   leased whose lease died: before the start back to ready, after it dead `interrupted` unless the kind is repeatable
 *   ready | leased --cancel--> cancelled;  dead --replay--> ready, --drop--> cancelled
 *
 * Every end has a reason. A lease is named by a number that only grows: whoever reports with an
 * older one is refused, so a runner that was thought dead and comes back changes nothing.
 */
import type { WorkKind } from './kinds.ts';

export type WorkState = 'ready' | 'leased' | 'done' | 'dead' | 'cancelled';

/** What a runner says: `retry` counts as an attempt, `released` (no slot was free) does not. */
export type Outcome = 'done' | 'retry' | 'dead' | 'released';

export type EndReason =
  | 'done'
  | 'failed'
  | 'attempts_exhausted'
  | 'interrupted'
  | 'killed_runner'
  | 'too_old'
  | 'cancelled'
  | 'dropped';

export interface WorkItem {
  readonly id: string;
  readonly kind: WorkKind;
  readonly state: WorkState;
  /** Leases that count against the maximum. */
  readonly attempts: number;
  /** Runners that were never heard of again while they held it. */
  readonly deaths: number;
  /** Of the present or the last lease; 0 before the first. */
  readonly leaseNumber: number;
  readonly enqueuedAt: number;
  readonly nextAttemptAt: number;
  readonly maxAgeAt: number;
  readonly leaseUntil: number | null;
  /** The last lease under which the work started. */
  readonly startedLease: number | null;
  /** What the runner reported for the present lease number. */
  readonly lastOutcome: Outcome | null;
  /** In the runner's words. */
  readonly lastReason: string | null;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
}

export interface MakeItem {
  readonly id: string;
  readonly kind: WorkKind;
  readonly now: number;
  readonly maxAgeMs: number;
}

export const makeItem = ({ id, kind, now, maxAgeMs }: MakeItem): WorkItem => ({
  id,
  kind,
  state: 'ready',
  attempts: 0,
  deaths: 0,
  leaseNumber: 0,
  enqueuedAt: now,
  nextAttemptAt: now,
  maxAgeAt: now + maxAgeMs,
  leaseUntil: null,
  startedLease: null,
  lastOutcome: null,
  lastReason: null,
  endedAt: null,
  endReason: null,
});

export const isOpen = ({ state }: WorkItem): boolean => state === 'ready' || state === 'leased';

/** Whether the work is being done, as far as the runner has said. */
export const isRunning = (item: WorkItem): boolean =>
  item.state === 'leased' && item.startedLease === item.leaseNumber;

/** What is kept only while it may still be worked on: open items, and dead ones for a replay. */
export const keepsPayload = (item: WorkItem): boolean => isOpen(item) || item.state === 'dead';
