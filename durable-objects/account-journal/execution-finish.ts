/**
 * The end of the code of an execution: journal, output, logs, receipt, counters, the audit line
 * with the receipt's hash, and the planned actions, all in one transaction. A kill before it leaves
 * an interrupted execution, a kill after it an execution whose actions resume; there is no state in
 * between.
 */
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { addEvent } from './event-outbox.ts';
import { actionProgress, cancelPendingActions } from './execution-actions.ts';
import { checkBodies, encodeText, putBody } from './execution-bodies.ts';
import { auditExecution, settle } from './execution-settle.ts';
import { addToMonth } from './execution-usage.ts';
import { renewClaim } from './idempotency-records.ts';
import { boundedLease } from './lease.ts';
import { policyOf } from './retention-policy.ts';
import type { FinishExecution, FinishedExecution, PlannedAction } from './rpc.ts';
import { type ExecutionRow, encodeError, findExecution, loadExecution, toSummary } from './sql.ts';
import { addToMeter, readMeter, type Turn, wakeAt } from './turn.ts';

export function finishExecution(turn: Turn, command: FinishExecution): Result<FinishedExecution> {
  const found = loadExecution(turn, command.executionId);
  if (!found.ok) return found;
  const row = found.value;
  if (row.lease_number !== command.leaseToken) return err('functions.lease_lost');
  // The same result again, because the first answer was lost.
  if (row.code_ended_at !== null)
    return ok({ ...actionProgress(turn, row.id), summary: toSummary(row) });
  // The watchdog decided already; code that is told to have been interrupted must not succeed
  // afterwards.
  if (row.status !== 'running') return err('functions.lease_lost');
  const fits = checkResult(command);
  if (!fits.ok) return fits;

  const ended = saveEnd(turn, row, command);
  saveBodies(turn, row, command);
  insertActions(turn, row, command.actions);
  addToMonth(turn, { fuel: command.fuel });
  for (const event of command.events ?? []) addEvent(turn, event);
  auditExecution(turn, row, {
    operation: 'execution.finished',
    outcome: command.outcome === 'succeeded' ? 'ok' : command.outcome,
    details: {
      fuel: command.fuel,
      ...(command.receipt === undefined ? {} : { receiptHash: command.receipt.hash }),
    },
  });
  return ok(goOn(turn, ended, command));
}

function checkResult(command: FinishExecution): Result<null> {
  const limit = LIMITS.actionsMax.value;
  const observed = command.actions.length;
  if (observed > limit) return err('request.body_too_large', { limit, observed });
  const params = command.actions.flatMap(({ paramsJson, sealedParams }) => [
    sealedParams,
    ...encodeText(paramsJson),
  ]);
  const actionBytes = params.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const most = LIMITS.actionBytesMax.value;
  if (actionBytes > most)
    return err('request.body_too_large', { limit: most, observed: actionBytes });
  const rows = checkBodies(params, []);
  if (!rows.ok) return rows;
  return checkBodies(command.sealedJournal, [command.outputJson, command.logsJson]);
}

/** Answers the row as it stands afterwards, as far as the rest of this turn reads it. */
function saveEnd(turn: Turn, row: ExecutionRow, command: FinishExecution): ExecutionRow {
  const kept = row.store === 'full';
  const journalState = kept && command.sealedJournal.length > 0 ? 'kept' : 'none';
  const outputState = kept && command.outputJson !== undefined ? 'kept' : 'none';
  const watchAt = turn.now + boundedLease(command.actionLeaseMs);
  const receipt = command.receipt;
  turn.sql.write(
    `UPDATE executions SET code_ended_at = ?, code_outcome = ?, error = ?, fuel = ?, duration_ms = ?,
       timings = ?, receipt = ?, receipt_hash = ?, receipt_signature = ?, journal_state = ?,
       output_state = ?, watch_at = ? WHERE id = ?`,
    turn.now,
    command.outcome,
    encodeError(command.error),
    command.fuel,
    command.durationMs,
    command.timings === undefined ? null : JSON.stringify(command.timings),
    receipt?.json ?? null,
    receipt?.hash ?? null,
    receipt === undefined ? null : JSON.stringify(receipt.signature),
    journalState,
    outputState,
    watchAt,
    row.id,
  );
  return {
    ...row,
    code_ended_at: turn.now,
    code_outcome: command.outcome,
    error: encodeError(command.error),
    fuel: command.fuel,
    duration_ms: command.durationMs,
    timings: command.timings === undefined ? null : JSON.stringify(command.timings),
    journal_state: journalState,
    output_state: outputState,
    watch_at: watchAt,
  };
}

/** With `store: receipt` the caller has had its answer and asked that nothing be kept of it. */
function saveBodies(turn: Turn, row: ExecutionRow, command: FinishExecution): void {
  if (row.store === 'receipt') return;
  const executionId = row.id;
  putBody(turn, { kind: 'journal', executionId }, command.sealedJournal);
  if (command.outputJson !== undefined)
    putBody(turn, { kind: 'output', executionId }, encodeText(command.outputJson));
  if (command.logsJson !== undefined)
    putBody(turn, { kind: 'logs', executionId }, encodeText(command.logsJson));
  askForRetention(turn);
}

function askForRetention(turn: Turn): void {
  const policy = policyOf(turn);
  const over =
    readMeter(turn, 'bytes.journal') > policy.journalBytes ||
    readMeter(turn, 'bytes.output') > policy.outputBytes;
  const days = Math.min(policy.journalDays, policy.outputDays);
  wakeAt(turn, { kind: 'retention', at: over ? turn.now : turn.now + days * 86_400_000 });
}

function insertActions(turn: Turn, row: ExecutionRow, actions: readonly PlannedAction[]): void {
  const kept = row.store === 'full';
  for (const [n, action] of actions.entries()) {
    turn.sql.write(
      `INSERT INTO execution_actions (execution_id, n, type, status, params, sealed_params)
       VALUES (?, ?, ?, 'pending', ?, ?)`,
      row.id,
      n,
      action.type,
      kept ? action.paramsJson : null,
      action.sealedParams,
    );
    if (kept) addToMeter(turn, 'bytes.output', action.paramsJson.length);
  }
}

/** Without actions the execution is settled; with them it stays running under the same lease. */
function goOn(turn: Turn, row: ExecutionRow, command: FinishExecution): FinishedExecution {
  const { outcome: status, error } = command;
  if (command.actions.length === 0) {
    settle(turn, row, { status, ...(error === undefined ? {} : { error }) });
    const summary = toSummary({ ...row, status, ended_at: turn.now });
    return { status, pendingActions: 0, summary };
  }
  if (row.cancel_requested_at !== null) {
    cancelPendingActions(turn, row);
  } else {
    renewClaim(turn, row.idempotency_id, row.watch_at);
    wakeAt(turn, { kind: 'executions', at: row.watch_at });
  }
  const summary = toSummary(findExecution(turn, row.id) ?? row);
  return { ...actionProgress(turn, row.id), summary };
}
