/**
 * Nothing stays unsettled: a running execution whose runner died ends `interrupted`, one that
 * waited too long in the queue ends `expired`, one whose code ended has its actions handed to
 * another runner and, after a day, given up. And the door by which somebody ends one on purpose.
 */
import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { abandonActions } from './execution-actions.ts';
import { actionItemId, auditExecution, interrupt, settle } from './execution-settle.ts';
import type { CancelExecution, CancelledExecution } from './rpc.ts';
import { type ExecutionRow, loadExecution } from './sql.ts';
import { type Turn, wakeAt } from './turn.ts';

const OPEN = "status IN ('queued', 'running')";

/**
 * One bounded step of the watchdog; wakes again for the next open execution, at once when the step
 * was full.
 */
export function watchExecutions(turn: Turn): void {
  const overdue = turn.sql.all<ExecutionRow>(
    `SELECT * FROM executions WHERE ${OPEN} AND watch_at <= ? ORDER BY watch_at LIMIT ?`,
    turn.now,
    LIMITS.alarmItemsMax.value,
  );
  for (const row of overdue) moveOn(turn, row);
  const next = turn.sql.first<{ watch_at: number }>(
    `SELECT watch_at FROM executions WHERE ${OPEN} ORDER BY watch_at LIMIT 1`,
  );
  if (next !== undefined)
    wakeAt(turn, { kind: 'executions', at: Math.max(next.watch_at, turn.now) });
}

function moveOn(turn: Turn, row: ExecutionRow): void {
  if (row.status === 'queued') return expire(turn, row);
  if (row.code_ended_at === null) return interrupt(turn, row);
  const patienceMs = LIMITS.actionAgeSecondsMax.value * 1000;
  if (turn.now - row.code_ended_at >= patienceMs) return abandonActions(turn, row);
  handActionsOver(turn, row);
}

function expire(turn: Turn, row: ExecutionRow): void {
  settle(turn, row, {
    status: 'expired',
    error: { code: 'functions.queue_expired', message: 'No runner took it in time' },
  });
  auditExecution(turn, row, {
    operation: 'execution.expired',
    outcome: 'failed',
    actor: SYSTEM_ACTOR,
  });
}

/** The lease number rises, so that the lost runner, should it live, can no longer report. */
function handActionsOver(turn: Turn, row: ExecutionRow): void {
  turn.sql.write(
    `UPDATE executions SET lease_number = lease_number + 1, lease_held = 0, watch_at = ?
     WHERE id = ?`,
    turn.now + LIMITS.leaseSecondsMax.value * 1000,
    row.id,
  );
  turn.sql.write(
    "INSERT OR IGNORE INTO work_outbox (item_id, kind) VALUES (?, 'actions')",
    actionItemId(row.id, row.lease_number + 1),
  );
  wakeAt(turn, { kind: 'work', at: turn.now });
}

/**
 * Queued ones end at once; a running one is asked to, and ends by its runner or, at the latest, its
 * lease.
 */
export function cancelExecution(turn: Turn, command: CancelExecution): Result<CancelledExecution> {
  const found = loadExecution(turn, command.executionId);
  if (!found.ok) return found;
  const row = found.value;
  if (row.status === 'cancelled' || (row.status === 'running' && row.cancel_requested_at !== null))
    return ok({ status: row.status, cancelRequested: true });
  if (row.status !== 'queued' && row.status !== 'running') return err('functions.execution_ended');

  turn.sql.write('UPDATE executions SET cancel_requested_at = ? WHERE id = ?', turn.now, row.id);
  const cancelled = row.status === 'queued';
  if (cancelled)
    settle(turn, row, {
      status: 'cancelled',
      error: { code: 'functions.cancelled', message: 'Cancelled before it began' },
    });
  auditExecution(turn, row, {
    operation: cancelled ? 'execution.cancelled' : 'execution.cancel_requested',
    outcome: 'ok',
    actor: command.actor,
  });
  return ok({ status: cancelled ? 'cancelled' : 'running', cancelRequested: true });
}
