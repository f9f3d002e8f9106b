/**
 * The actions of an execution, carried out after its code ended. One runner holds the lease; when
 * it dies the actions that are still pending go to the next one with their true params, and what it
 * may have begun is repeated under the same id (`executionId:n`), which the addressed service takes
 * once. Each action ends exactly once; its true params are erased in that same write. All are
 * attempted, also after one failed; the first failure makes the execution `failed`.
 */
import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { auditExecution, dropHandovers, type Ending, settle } from './execution-settle.ts';
import { renewClaim } from './idempotency-records.ts';
import { boundedLease } from './lease.ts';
import type {
  ClaimActions,
  ClaimedActions,
  ExecutionError,
  ExecutionProgress,
  SaveActionResult,
} from './rpc.ts';
import { type ExecutionRow, encodeError, loadExecution, parseJson } from './sql.ts';
import { addToMeter, type Turn, wakeAt } from './turn.ts';

export type ActionRow = {
  execution_id: string;
  n: number;
  type: string;
  status: 'pending' | 'succeeded' | 'failed';
  params: string | null;
  sealed_params: ArrayBuffer | null;
  result: string | null;
  error: string | null;
  ended_at: number | null;
};

export function actionProgress(turn: Turn, executionId: string): ExecutionProgress {
  const row = loadExecution(turn, executionId);
  const status = row.ok ? row.value.status : 'interrupted';
  return { status, pendingActions: countActions(turn, executionId, 'pending') };
}

const countActions = (turn: Turn, id: string, status: ActionRow['status']): number =>
  turn.sql.first<{ count: number }>(
    'SELECT count(*) AS count FROM execution_actions WHERE execution_id = ? AND status = ?',
    id,
    status,
  )?.count ?? 0;

/** A resuming runner takes what is left. Refused while another one may still be at work. */
export function claimActions(turn: Turn, command: ClaimActions): Result<ClaimedActions> {
  const found = loadExecution(turn, command.executionId);
  if (!found.ok) return found;
  const row = found.value;
  if (row.status !== 'running') return err('functions.execution_ended');
  if (row.code_ended_at === null) return err('functions.lease_lost');
  if (row.lease_held === 1 && row.watch_at > turn.now)
    return err('functions.lease_lost', {
      retryAfterSeconds: Math.ceil((row.watch_at - turn.now) / 1000),
    });
  // Asked for while no runner was there to hear it.
  if (row.cancel_requested_at !== null) {
    cancelPendingActions(turn, row);
    return err('functions.execution_ended');
  }
  const leaseToken = row.lease_number + 1;
  const leaseUntil = turn.now + boundedLease(command.leaseMs);
  takeLease(turn, row.id, { leaseToken, leaseUntil });
  const pending = turn.sql.all<{ n: number; type: string; sealed_params: ArrayBuffer }>(
    `SELECT n, type, sealed_params FROM execution_actions
     WHERE execution_id = ? AND status = 'pending' ORDER BY n`,
    row.id,
  );
  const actions = pending.map(({ n, type, sealed_params }) => ({
    n,
    type,
    sealedParams: new Uint8Array(sealed_params),
  }));
  return ok({ leaseToken, leaseUntil, actions });
}

function takeLease(
  turn: Turn,
  id: string,
  { leaseToken, leaseUntil }: { leaseToken: number; leaseUntil: number },
): void {
  turn.sql.write(
    'UPDATE executions SET lease_number = ?, lease_held = 1, watch_at = ? WHERE id = ?',
    leaseToken,
    leaseUntil,
    id,
  );
  dropHandovers(turn, id);
  wakeAt(turn, { kind: 'executions', at: leaseUntil });
}

export function saveActionResult(turn: Turn, command: SaveActionResult): Result<ExecutionProgress> {
  const found = loadExecution(turn, command.executionId);
  if (!found.ok) return found;
  const row = found.value;
  const limit = LIMITS.actionResultCharsMax.value;
  const observed = command.resultJson?.length ?? 0;
  if (observed > limit) return err('request.body_too_large', { limit, observed });
  const action = turn.sql.first<{ status: ActionRow['status'] }>(
    'SELECT status FROM execution_actions WHERE execution_id = ? AND n = ?',
    row.id,
    command.n,
  );
  if (action === undefined) return err('request.not_found');
  if (row.lease_number !== command.leaseToken) return err('functions.lease_lost');
  // Told already by this runner: its answer was lost.
  if (action.status !== 'pending') return ok(actionProgress(turn, row.id));
  if (row.status !== 'running') return err('functions.lease_lost');

  endAction(turn, row, command);
  const leaseUntil = turn.now + boundedLease(command.leaseMs);
  turn.sql.write('UPDATE executions SET watch_at = ? WHERE id = ?', leaseUntil, row.id);
  renewClaim(turn, row.idempotency_id, leaseUntil);
  wakeAt(turn, { kind: 'executions', at: leaseUntil });
  if (row.cancel_requested_at !== null) cancelPendingActions(turn, row);
  else if (countActions(turn, row.id, 'pending') === 0) settleActions(turn, row);
  return ok(actionProgress(turn, row.id));
}

interface ActionEnd {
  readonly n: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly resultJson?: string;
  readonly error?: ExecutionError;
}

/**
 * The true params end with the action: nothing needs them any more, and a later reader should not
 * find them.
 */
function endAction(turn: Turn, row: ExecutionRow, end: ActionEnd): void {
  const kept = row.store === 'full' ? (end.resultJson ?? null) : null;
  turn.sql.write(
    `UPDATE execution_actions SET status = ?, result = ?, error = ?, sealed_params = NULL,
       ended_at = ? WHERE execution_id = ? AND n = ?`,
    end.outcome,
    kept,
    encodeError(end.error),
    turn.now,
    row.id,
    end.n,
  );
  if (kept !== null) addToMeter(turn, 'bytes.output', kept.length);
}

/** Stops before the next action: those that ended stay done, the rest is never begun. */
export function cancelPendingActions(turn: Turn, row: ExecutionRow): void {
  failPending(turn, row, { code: 'functions.cancelled', message: 'Cancelled before it began' });
  settleActions(turn, row, {
    status: 'cancelled',
    error: { code: 'functions.cancelled', message: 'Cancelled' },
  });
}

/**
 * No runner brought the actions to their end within the bound: they are given up, with a reason in
 * each.
 */
export function abandonActions(turn: Turn, row: ExecutionRow): void {
  failPending(turn, row, {
    code: 'functions.action_abandoned',
    message: 'Every runner was lost before the action ended',
  });
  settleActions(turn, row);
}

function failPending(turn: Turn, row: ExecutionRow, error: ExecutionError): void {
  const pending = turn.sql.all<{ n: number }>(
    "SELECT n FROM execution_actions WHERE execution_id = ? AND status = 'pending'",
    row.id,
  );
  for (const { n } of pending) endAction(turn, row, { n, outcome: 'failed', error });
}

function settleActions(turn: Turn, row: ExecutionRow, ending?: Ending): void {
  const failed = countActions(turn, row.id, 'failed');
  settle(turn, row, ending ?? endingOf(turn, row));
  auditExecution(turn, row, {
    operation: 'execution.actions_ended',
    outcome: failed === 0 ? 'ok' : 'failed',
    actor: SYSTEM_ACTOR,
    details: { succeeded: countActions(turn, row.id, 'succeeded'), failed },
  });
}

function endingOf(turn: Turn, row: ExecutionRow): Ending {
  const error = parseJson<ExecutionError>(row.error);
  if (row.code_outcome !== 'succeeded')
    return { status: row.code_outcome ?? 'failed', ...(error === null ? {} : { error }) };
  const first = turn.sql.first<{ n: number; type: string; error: string | null }>(
    `SELECT n, type, error FROM execution_actions
     WHERE execution_id = ? AND status = 'failed' ORDER BY n LIMIT 1`,
    row.id,
  );
  if (first === undefined) return { status: 'succeeded' };
  const reason = parseJson<ExecutionError>(first.error)?.message ?? 'no reason given';
  const message = `devpack action ${first.type} failed: ${reason}`;
  return { status: 'failed', error: { code: 'functions.action_failed', message } };
}
