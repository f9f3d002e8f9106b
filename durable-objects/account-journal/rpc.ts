/**
 * What goes in and out of an account's journal: plain structured-clone data, every answer a
 * `Result`. Times are milliseconds since the epoch, texts that hold JSON say so in their name,
 * bytes are sealed by the caller and opaque here. Lists give the key to go on from; keys are ids or
 * sequences, so inserts between two pages change nothing.
 */
import type { AuditActor } from '../../worker/core/audit/entry.ts';
import type { Signature } from '../../worker/core/crypto/signature.ts';
import type { PlatformEvent } from '../../worker/core/events/platform-event.ts';
import type { ExecutionQuota } from '../../worker/core/executions/quota.ts';
import type { RetentionPolicy } from '../../worker/core/executions/retention.ts';

// Audit and events

export interface OutboxRow {
  /** Rises in commit order; what is not above the last applied one is skipped. */
  readonly outboxId: number;
  readonly kind: 'audit' | 'event';
  readonly body: object;
}

export interface KnownKeyRefusal {
  readonly keyId: string;
  readonly reason: string;
  readonly operation: string;
  readonly actor: AuditActor;
  readonly requestId?: string;
  readonly traceId?: string;
}

export interface AuditQuery {
  readonly limit: number;
  /** Oldest first from here; without it the list runs newest first. */
  readonly afterSequence?: number;
  readonly beforeSequence?: number;
  readonly actorId?: string;
  readonly operation?: string;
  readonly outcome?: string;
  readonly since?: number;
  readonly until?: number;
}

export interface AuditExportQuery {
  readonly fromSequence: number;
  readonly limit: number;
}

export interface EventQuery {
  readonly afterSequence: number;
  readonly limit: number;
}

export interface StoredEvent extends PlatformEvent {
  readonly sequence: number;
}

// Executions

export type ExecutionStatus =
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'interrupted'
  | 'expired';

export interface ExecutionError {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ExecutionOrder {
  readonly executionId: string;
  readonly functionId: string;
  readonly versionId: string;
  readonly store: 'full' | 'receipt';
  readonly actor: AuditActor;
  readonly fuelMax: number;
  readonly requestId?: string;
  readonly traceId?: string;
}

export interface QueuedOrder extends ExecutionOrder {
  readonly sealedInput: Uint8Array;
}

export interface IdempotencyClaim {
  readonly recordId: string;
  readonly fingerprint: string;
}

export interface StartExecution {
  readonly order: ExecutionOrder;
  readonly leaseMs: number;
  readonly quota: ExecutionQuota;
  readonly idempotency?: IdempotencyClaim;
}

/** Executions made by an earlier request with the same key: the answer is rebuilt from them. */
export interface ExistingExecutions {
  readonly kind: 'existing';
  readonly executions: readonly ExecutionSummary[];
}

/** Code is about to run that leaves no execution: a trial or a replay. */
export interface BookFuel {
  readonly fuelMax: number;
  readonly quota: ExecutionQuota;
}

export interface BookedFuel {
  /** The month it was booked to, as `2026-11`. */
  readonly month: string;
}

/** What of a booking was not burnt. */
export interface ReturnFuel extends BookedFuel {
  readonly fuel: number;
}

export interface ExecutionLease {
  /** Rises with every runner; a result that carries an older one is refused. */
  readonly leaseToken: number;
  readonly leaseUntil: number;
}

export interface StartedExecution extends ExecutionLease {
  readonly kind: 'started';
}

export interface EnqueueExecutions {
  readonly orders: readonly QueuedOrder[];
  readonly quota: ExecutionQuota;
  readonly idempotency?: IdempotencyClaim;
}

export interface QueuedExecutions {
  readonly kind: 'queued';
  /**
   * Their ids are also those of the work items to enqueue, then to confirm with `confirmEnqueued`.
   */
  readonly executions: readonly ExecutionSummary[];
}

export interface ClaimQueued {
  readonly executionId: string;
  readonly leaseMs: number;
  readonly quota: ExecutionQuota;
}

/** Asks whether a queued execution could start now; starts nothing. */
export interface PeekQueued {
  readonly executionId: string;
  readonly quota: ExecutionQuota;
}

export interface WaitingExecution {
  readonly order: QueuedOrder;
  readonly createdAt: number;
}

/** Ends a queued execution that can never start. */
export interface RefuseQueued {
  readonly executionId: string;
  readonly error: ExecutionError;
}

export interface ClaimedExecution extends ExecutionLease {
  readonly order: QueuedOrder;
}

export interface PlannedAction {
  readonly type: string;
  /** Redacted, for reading. */
  readonly paramsJson: string;
  /** The true params; erased when the action ends. */
  readonly sealedParams: Uint8Array;
}

export interface SignedReceipt {
  /** RFC 8785 text, exactly as signed. */
  readonly json: string;
  readonly hash: string;
  readonly signature: Signature;
}

export interface FinishExecution {
  readonly executionId: string;
  readonly leaseToken: number;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly error?: ExecutionError;
  readonly outputJson?: string;
  readonly logsJson?: string;
  /** Each chunk is a row of its own and comes back as it was. */
  readonly sealedJournal: readonly Uint8Array[];
  readonly receipt?: SignedReceipt;
  readonly fuel: number;
  readonly durationMs: number;
  readonly timings?: Readonly<Record<string, number>>;
  /** In the order they are to be carried out; `n` is the place in this list, from 0. */
  readonly actions: readonly PlannedAction[];
  /** How long this runner may take for its first action; each saved result renews it. */
  readonly actionLeaseMs: number;
  readonly events?: readonly PlatformEvent[];
}

export interface ExecutionProgress {
  readonly status: ExecutionStatus;
  readonly pendingActions: number;
}

/** With the execution as it stands after this step. */
export interface FinishedExecution extends ExecutionProgress {
  readonly summary: ExecutionSummary;
}

export interface ClaimActions {
  readonly executionId: string;
  readonly leaseMs: number;
}

export interface PendingAction {
  readonly n: number;
  readonly type: string;
  readonly sealedParams: Uint8Array;
}

export interface ClaimedActions extends ExecutionLease {
  readonly actions: readonly PendingAction[];
}

export interface SaveActionResult {
  readonly executionId: string;
  readonly n: number;
  readonly leaseToken: number;
  readonly leaseMs: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly resultJson?: string;
  readonly error?: ExecutionError;
}

export interface CancelExecution {
  readonly executionId: string;
  readonly actor: AuditActor;
  readonly requestId?: string;
  readonly traceId?: string;
}

export interface CancelledExecution {
  readonly status: ExecutionStatus;
  readonly cancelRequested: boolean;
}

/** `expired`: was kept and retention dropped it. `none`: never was. */
export type BodyState = 'none' | 'kept' | 'expired';

export interface ExecutionSummary {
  readonly id: string;
  readonly functionId: string;
  readonly versionId: string;
  readonly status: ExecutionStatus;
  readonly mode: 'sync' | 'async';
  readonly store: 'full' | 'receipt';
  readonly actor: AuditActor;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly codeEndedAt?: number;
  readonly endedAt?: number;
  readonly cancelRequested: boolean;
  readonly error?: ExecutionError;
  readonly fuelMax: number;
  readonly fuel?: number;
  readonly durationMs?: number;
  readonly timings?: Readonly<Record<string, number>>;
  readonly journal: BodyState;
  readonly output: BodyState;
}

export interface ActionRecord {
  readonly id: string;
  readonly n: number;
  readonly type: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** Absent once retention dropped it. */
  readonly paramsJson?: string;
  readonly resultJson?: string;
  readonly error?: ExecutionError;
  readonly endedAt?: number;
}

export interface ExecutionDetail extends ExecutionSummary {
  readonly outputJson?: string;
  readonly logsJson?: string;
  readonly receipt?: SignedReceipt;
  readonly actions: readonly ActionRecord[];
}

export interface ExecutionQuery {
  readonly limit: number;
  readonly beforeId?: string;
  readonly functionId?: string;
  readonly status?: ExecutionStatus;
  readonly since?: number;
  readonly until?: number;
}

export interface ExecutionJournal {
  readonly receipt: SignedReceipt | null;
  readonly sealedJournal: readonly Uint8Array[];
}

export interface StatsQuery {
  readonly functionId: string;
  readonly since: number;
  readonly until: number;
  readonly step: 'hour' | 'day';
}

export interface RunStats {
  readonly runs: number;
  readonly failures: number;
  readonly fuel: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface FunctionStats extends RunStats {
  readonly periods: readonly (RunStats & { readonly from: number })[];
}

export interface MonthUsage {
  readonly month: string;
  readonly executions: number;
  readonly failures: number;
  readonly fuel: number;
  readonly running: number;
  readonly queued: number;
  readonly journalBytes: number;
  readonly outputBytes: number;
  readonly auditEntries: number;
  readonly eventsDropped: number;
  readonly storeBytes: number;
  readonly retention: RetentionPolicy;
}

export interface SetRetention {
  /** The line that tells who changed it, written in the same transaction. */
  readonly audit?: object;
  readonly wanted: Partial<RetentionPolicy>;
  readonly operatorMaximum: Partial<RetentionPolicy>;
}
