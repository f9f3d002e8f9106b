/**
 * The last step of every execution, whatever brought it there: one place gives the final status,
 * counts the run, completes the idempotency record, erases what was kept only to run, and tells of
 * failures. A settled execution never changes again but for retention.
 */
import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import type { AuditDraft } from '../../worker/core/audit/entry.ts';
import { appendOwnAudit } from './audit-log.ts';
import { addOwnEvent } from './event-outbox.ts';
import { dropBody } from './execution-bodies.ts';
import { addToMonth, countRun } from './execution-usage.ts';
import { completeClaim } from './idempotency-records.ts';
import type { ExecutionError, ExecutionStatus } from './rpc.ts';
import { actorOf, type ExecutionRow, encodeError, findExecution, present } from './sql.ts';
import type { Turn } from './turn.ts';

export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'queued' | 'running'>;
  readonly error?: ExecutionError;
}

const FAILED: ReadonlySet<ExecutionStatus> = new Set(['failed', 'interrupted', 'expired']);

export function settle(turn: Turn, row: ExecutionRow, ending: Ending): void {
  turn.sql.write(
    `UPDATE executions SET status = ?, error = ?, ended_at = ?, lease_held = 0 WHERE id = ?`,
    ending.status,
    encodeError(ending.error),
    turn.now,
    row.id,
  );
  // One that never waited, with its first runner, left neither an input nor a work item.
  if (row.mode === 'async') dropBody(turn, { kind: 'input', executionId: row.id });
  if (row.mode === 'async' || row.lease_number > 1) dropHandovers(turn, row.id);
  completeClaim(turn, row.idempotency_id);
  const failed = FAILED.has(ending.status);
  if (row.started_at !== null) countRun(turn, row, failed);
  if (failed) tellOfFailure(turn, row, ending);
}

/**
 * The work item that resumes the actions; a new one for each lost runner, since the queue takes an
 * id only once.
 */
export const actionItemId = (executionId: string, leaseNumber: number): string =>
  `${executionId}:actions:${leaseNumber}`;

/** Every item of this execution: ids are of one length, and `;` is the character after `:`. */
export function dropHandovers(turn: Turn, executionId: string): void {
  turn.sql.write(
    'DELETE FROM work_outbox WHERE item_id >= ? AND item_id < ?',
    executionId,
    `${executionId};`,
  );
}

function tellOfFailure(turn: Turn, row: ExecutionRow, ending: Ending): void {
  addToMonth(turn, { failures: 1 });
  addOwnEvent(turn, {
    type: 'execution.failed',
    id: `${row.id}.failed`,
    subject: row.id,
    data: {
      executionId: row.id,
      functionId: row.function_id,
      status: ending.status,
      code: ending.error?.code ?? 'internal.error',
    },
  });
}

/** An audit line about an execution, by the actor who asked for it unless another one is named. */
export function auditExecution(
  turn: Turn,
  row: ExecutionRow,
  line: Pick<AuditDraft, 'operation' | 'outcome'> & Partial<Pick<AuditDraft, 'actor' | 'details'>>,
): void {
  appendOwnAudit(turn, {
    actor: line.actor ?? actorOf(row),
    operation: line.operation,
    outcome: line.outcome,
    target: { kind: 'execution', id: row.id },
    details: { functionId: row.function_id, ...line.details },
    ...present({ requestId: row.request_id, traceId: row.trace_id }),
  });
}

/** Running code whose runner let its lease end; true for nothing that still waits for actions. */
const isDead = (turn: Turn, row: ExecutionRow): boolean =>
  row.status === 'running' && row.code_ended_at === null && row.watch_at <= turn.now;

export function interruptIfDead(turn: Turn, executionId: string): void {
  const row = findExecution(turn, executionId);
  if (row !== undefined && isDead(turn, row)) interrupt(turn, row);
}

/**
 * The code may have run in part or whole and its end was never told. It is not started again (its
 * host calls may have had effects), and its fuel counts in full: else a run that kills its runner
 * would be free.
 */
export function interrupt(turn: Turn, row: ExecutionRow): void {
  addToMonth(turn, { fuel: row.fuel_max });
  settle(turn, row, {
    status: 'interrupted',
    error: {
      code: 'functions.interrupted',
      message: 'The runner went away after the code had started',
    },
  });
  auditExecution(turn, row, {
    operation: 'execution.interrupted',
    outcome: 'failed',
    actor: SYSTEM_ACTOR,
  });
}
