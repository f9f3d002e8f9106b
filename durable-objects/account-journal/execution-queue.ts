/**
 * Queued executions on their way to a runner. Work items are delivered more than once, so the row
 * decides: it goes from `queued` to `running` in one place, once, and never back.
 */

import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import { decideStart, type ExecutionQuota } from '../../worker/core/executions/quota.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { readBody } from './execution-bodies.ts';
import { auditExecution, settle } from './execution-settle.ts';
import { confirmEnqueued } from './execution-start.ts';
import { readUsage } from './execution-usage.ts';
import { boundedLease } from './lease.ts';
import type {
  ClaimedExecution,
  ClaimQueued,
  PeekQueued,
  QueuedOrder,
  RefuseQueued,
  WaitingExecution,
} from './rpc.ts';
import { actorOf, type ExecutionRow, loadExecution, present } from './sql.ts';
import { type Turn, wakeAt } from './turn.ts';

function findQueued(turn: Turn, executionId: string): Result<ExecutionRow> {
  const found = loadExecution(turn, executionId);
  if (!found.ok || found.value.status === 'queued') return found;
  return err(
    found.value.status === 'running' ? 'functions.execution_started' : 'functions.execution_ended',
  );
}

interface Startable {
  readonly row: ExecutionRow;
  readonly sealedInput: Uint8Array;
}

function findStartable(
  turn: Turn,
  { executionId, quota }: { readonly executionId: string; readonly quota: ExecutionQuota },
): Result<Startable> {
  const found = findQueued(turn, executionId);
  if (!found.ok) return found;
  const row = found.value;
  const allowed = decideStart(quota, readUsage(turn), row.fuel_max);
  if (!allowed.ok) return allowed;
  const [sealedInput] = readBody(turn, { kind: 'input', executionId });
  return sealedInput === undefined ? err('internal.error') : ok({ row, sealedInput });
}

/**
 * What a runner needs to get ready before it claims: opening input and secrets can fail, and what
 * fails before the claim can be tried again.
 */
export function peekQueued(turn: Turn, command: PeekQueued): Result<WaitingExecution> {
  const startable = findStartable(turn, command);
  if (!startable.ok) return startable;
  const { row, sealedInput } = startable.value;
  return ok({ order: toOrder(row, sealedInput), createdAt: row.created_at });
}

/**
 * A runner takes a queued execution. The work item may be delivered more than once (its runner may
 * have died before it called); only the first claim ever succeeds. A quota that is used up leaves
 * it queued for a later attempt.
 */
export function claimQueued(turn: Turn, command: ClaimQueued): Result<ClaimedExecution> {
  const startable = findStartable(turn, command);
  if (!startable.ok) return startable;
  const { row, sealedInput } = startable.value;
  const leaseUntil = turn.now + boundedLease(command.leaseMs);
  turn.sql.write(
    `UPDATE executions SET status = 'running', started_at = ?, lease_number = 1, lease_held = 1,
       watch_at = ? WHERE id = ?`,
    turn.now,
    leaseUntil,
    row.id,
  );
  wakeAt(turn, { kind: 'executions', at: leaseUntil });
  confirmEnqueued(turn, [row.id]);
  return ok({ leaseToken: 1, leaseUntil, order: toOrder(row, sealedInput) });
}

const toOrder = (row: ExecutionRow, sealedInput: Uint8Array): QueuedOrder => ({
  executionId: row.id,
  functionId: row.function_id,
  versionId: row.version_id,
  store: row.store,
  actor: actorOf(row),
  fuelMax: row.fuel_max,
  ...present({ requestId: row.request_id, traceId: row.trace_id }),
  sealedInput,
});

/** Its code never started, so there is nothing to sign or to count: it ends with the reason. */
export function refuseQueued(turn: Turn, { executionId, error }: RefuseQueued): Result<null> {
  const found = findQueued(turn, executionId);
  if (!found.ok) return found;
  settle(turn, found.value, { status: 'failed', error });
  auditExecution(turn, found.value, {
    operation: 'execution.refused',
    outcome: error.code,
    actor: SYSTEM_ACTOR,
  });
  return ok(null);
}
