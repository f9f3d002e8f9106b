/**
 * How executions come into being. Quotas, the idempotency record and the row are decided and
 * written in one transaction, so neither two requests at once nor a repeated one can start more
 * than is allowed.
 */
import { LIMITS } from '../../worker/core/executions/limits.ts';
import {
  decideAdmission,
  decideQueueing,
  decideStart,
} from '../../worker/core/executions/quota.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { checkBodies, putBody } from './execution-bodies.ts';
import { interruptIfDead } from './execution-settle.ts';
import { addToMonth, countQueued, readUsage } from './execution-usage.ts';
import { findClaim, writeClaim } from './idempotency-records.ts';
import { boundedLease } from './lease.ts';
import type {
  EnqueueExecutions,
  ExecutionOrder,
  ExecutionSummary,
  ExistingExecutions,
  IdempotencyClaim,
  QueuedExecutions,
  QueuedOrder,
  StartExecution,
  StartedExecution,
} from './rpc.ts';
import { findExecution, toSummary } from './sql.ts';
import { readMeter, type Turn, wakeAt } from './turn.ts';

export function startExecution(
  turn: Turn,
  command: StartExecution,
): Result<StartedExecution | ExistingExecutions> {
  const claim = findExisting(turn, command.idempotency);
  if (!claim.ok) return claim;
  if (claim.value !== null) return ok(claim.value);
  // The same id again is a repeated call whose answer was lost; its code may be running.
  if (findExecution(turn, command.order.executionId)) return err('functions.execution_started');
  const used = readUsage(turn);
  const admitted = decideAdmission(command.quota, used, 1);
  if (!admitted.ok) return admitted;
  const allowed = decideStart(command.quota, used, command.order.fuelMax);
  if (!allowed.ok) return allowed;

  const leaseUntil = turn.now + boundedLease(command.leaseMs);
  insertExecution(turn, command.order, {
    status: 'running',
    watchAt: leaseUntil,
    recordId: command.idempotency?.recordId ?? null,
  });
  addToMonth(turn, { executions: 1 });
  if (command.idempotency !== undefined)
    writeClaim(turn, command.idempotency, {
      executionIds: [command.order.executionId],
      leaseUntil,
    });
  return ok({ kind: 'started', leaseToken: 1, leaseUntil });
}

/**
 * Executions that an earlier request with this key made. One whose runner died is settled here, so
 * that the answer tells its end.
 */
export function findExisting(
  turn: Turn,
  idempotency: IdempotencyClaim | undefined,
): Result<ExistingExecutions | null> {
  const claim = findClaim(turn, idempotency);
  if (!claim.ok) return claim;
  if (claim.value.decision === 'proceed') return ok(null);
  const { executionIds } = claim.value;
  for (const id of executionIds) interruptIfDead(turn, id);
  return ok({ kind: 'existing', executions: summariesOf(turn, executionIds) });
}

const summariesOf = (turn: Turn, ids: readonly string[]): readonly ExecutionSummary[] =>
  ids.flatMap((id) => findExecution(turn, id) ?? []).map(toSummary);

export function enqueueExecutions(
  turn: Turn,
  command: EnqueueExecutions,
): Result<QueuedExecutions | ExistingExecutions> {
  const claim = findExisting(turn, command.idempotency);
  if (!claim.ok) return claim;
  if (claim.value !== null) return ok(claim.value);
  const fits = checkQueued(turn, command.orders);
  if (!fits.ok) return fits;
  const fresh = command.orders.filter(({ executionId }) => !findExecution(turn, executionId));
  const admitted = decideAdmission(command.quota, readUsage(turn), fresh.length);
  if (!admitted.ok) return admitted;
  const queueable = decideQueueing(countQueued(turn), fresh.length);
  if (!queueable.ok) return queueable;

  for (const order of fresh) queueOne(turn, order);
  addToMonth(turn, { executions: fresh.length });
  const executionIds = command.orders.map(({ executionId }) => executionId);
  // Making them is the whole effect, so the record is done at once.
  if (command.idempotency !== undefined) writeClaim(turn, command.idempotency, { executionIds });
  wakeAt(turn, { kind: 'work', at: turn.now + LIMITS.resumeSeconds.value * 1000 });
  return ok({ kind: 'queued', executions: summariesOf(turn, executionIds) });
}

function checkQueued(turn: Turn, orders: readonly QueuedOrder[]): Result<null> {
  const most = LIMITS.batchExecutionsMax.value;
  if (orders.length === 0 || orders.length > most)
    return err('request.malformed', { limit: most, observed: orders.length });
  const inputs = orders.map(({ sealedInput }) => sealedInput);
  for (const input of inputs) {
    const fits = checkBodies([input], []);
    if (!fits.ok) return fits;
  }
  const limit = LIMITS.queuedBytesMax.value;
  const observed = inputs.reduce(
    (sum, { byteLength }) => sum + byteLength,
    readMeter(turn, 'bytes.input'),
  );
  return observed <= limit
    ? ok(null)
    : err('quota.exceeded', { detail: 'Bytes of queued inputs', limit, observed });
}

function queueOne(turn: Turn, order: QueuedOrder): void {
  const watchAt = turn.now + LIMITS.queueAgeSecondsMax.value * 1000;
  insertExecution(turn, order, { status: 'queued', watchAt, recordId: null });
  putBody(turn, { kind: 'input', executionId: order.executionId }, [order.sealedInput]);
  turn.sql.write(
    "INSERT INTO work_outbox (item_id, kind) VALUES (?, 'execution')",
    order.executionId,
  );
}

/** The scheduler has the items now; it keeps them until they are done. */
export function confirmEnqueued(turn: Turn, itemIds: readonly string[]): void {
  for (const id of itemIds) turn.sql.run('DELETE FROM work_outbox WHERE item_id = ?', id);
}

interface Beginning {
  readonly status: 'queued' | 'running';
  readonly watchAt: number;
  readonly recordId: string | null;
}

function insertExecution(turn: Turn, order: ExecutionOrder, begin: Beginning): void {
  const running = begin.status === 'running';
  turn.sql.write(
    `INSERT INTO executions (id, function_id, version_id, status, mode, store, actor, request_id,
       trace_id, idempotency_id, fuel_max, created_at, started_at, lease_number, lease_held, watch_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    order.executionId,
    order.functionId,
    order.versionId,
    begin.status,
    running ? 'sync' : 'async',
    order.store,
    JSON.stringify(order.actor),
    order.requestId ?? null,
    order.traceId ?? null,
    begin.recordId,
    order.fuelMax,
    turn.now,
    running ? turn.now : null,
    running ? 1 : 0,
    running ? 1 : 0,
    begin.watchAt,
  );
  wakeAt(turn, { kind: 'executions', at: begin.watchAt });
}
