/** What crosses RPC to an AccountScheduler: plain structured-clone values. */
import type { EndReason, Outcome, WorkState } from '../../worker/core/queue/item.ts';
import type { WorkKind } from '../../worker/core/queue/kinds.ts';
import type { Result } from '../../worker/core/result.ts';

export interface EnqueueItem {
  /** Made by the caller; what makes the effect happen once. */
  readonly id: string;
  readonly kind: WorkKind;
  /**
   * Names what the payload says, e.g. a keyed hash of it: sealing the same body twice gives
   * different bytes, so payloads cannot be compared. The same id with another fingerprint is a
   * conflict.
   */
  readonly fingerprint: string;
  /**
   * Sealed under the account's key; opaque here. Erased when the item ends, unless it is a dead
   * letter.
   */
  readonly payload: Uint8Array;
}

export interface Enqueue {
  readonly accountId: string;
  /** All or none are taken. */
  readonly items: readonly EnqueueItem[];
  /** The account's quota of items leased at once; kept until another is given. */
  readonly leasedMax?: number;
}

export interface Enqueued {
  readonly items: readonly {
    readonly id: string;
    readonly state: WorkState;
    /** True when the item was there already. */
    readonly isRepeat: boolean;
  }[];
  /** Open items, these included. */
  readonly backlog: number;
}

export interface WorkItemView {
  readonly id: string;
  readonly kind: WorkKind;
  readonly state: WorkState;
  readonly attempts: number;
  readonly enqueuedAt: number;
  readonly nextAttemptAt: number;
  readonly leaseUntil: number | null;
  /** Whether it has ever started. */
  readonly hasStarted: boolean;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
  readonly lastReason: string | null;
}

export interface ListItems {
  readonly state?: WorkState;
  readonly kind?: WorkKind;
  /** The last id of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** By id, newest first for ids that sort by time. */
export interface ItemPage {
  readonly items: readonly WorkItemView[];
  readonly nextCursor: string | null;
}

export interface StartedReport {
  readonly id: string;
  readonly leaseNumber: number;
}

export interface OutcomeReport extends StartedReport {
  readonly outcome: Outcome;
  readonly reason?: string;
}

export interface SchedulerStats {
  readonly counts: readonly {
    readonly kind: WorkKind;
    readonly state: WorkState;
    readonly items: number;
    readonly payloadBytes: number;
  }[];
  /** Kinds that are paused, or `all`. */
  readonly paused: readonly PauseTarget[];
  /** Dead letters removed for their age or number since the beginning. */
  readonly deadRemoved: number;
  readonly nextAlarmAt: number | null;
  /** The last alarm that failed: a defect, for operators. */
  readonly lastFault: { readonly at: number; readonly message: string } | null;
}

export type PauseTarget = WorkKind | 'all';

/** The methods others may call; stubs of the object satisfy it. */
export interface AccountSchedulerRpc {
  enqueue(command: Enqueue): Promise<Result<Enqueued, 'queue.full' | 'queue.item_conflict'>>;
  cancel(id: string): Promise<Result<WorkItemView, 'request.not_found' | 'queue.item_ended'>>;
  get(id: string): Promise<Result<WorkItemView, 'request.not_found'>>;
  /** Dead letters are the items in state `dead`. */
  list(query: ListItems): Promise<Result<ItemPage, never>>;
  replay(
    id: string,
  ): Promise<
    Result<
      WorkItemView,
      'request.not_found' | 'queue.item_not_dead' | 'queue.replay_refused' | 'queue.full'
    >
  >;
  drop(id: string): Promise<Result<WorkItemView, 'request.not_found' | 'queue.item_not_dead'>>;
  pause(target: PauseTarget): Promise<Result<null, never>>;
  resume(target: PauseTarget): Promise<Result<null, never>>;
  /** Permission to start; without an `ok` in hand a runner must not start. */
  reportStarted(
    report: StartedReport,
  ): Promise<
    Result<{ readonly leaseUntil: number | null }, 'request.not_found' | 'queue.lease_stale'>
  >;
  report(
    report: OutcomeReport,
  ): Promise<Result<WorkItemView, 'request.not_found' | 'queue.lease_stale'>>;
  stats(): Promise<Result<SchedulerStats, never>>;
  /**
   * For the sweep of overdue `wakeBy` rows: sets the alarm again. When `dueAt` is null nothing is
   * left to do, and the sweep clears the row, provided that it still holds the value it read (work
   * may have come meanwhile).
   */
  wake(): Promise<Result<{ readonly dueAt: number | null }, never>>;
}
