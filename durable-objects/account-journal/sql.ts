/**
 * The `executions` table as rows and back: what a row holds, how one is loaded, and how it is
 * shown. Statements that only one subject needs stand with that subject.
 */
import type { AuditActor } from '../../worker/core/audit/entry.ts';
import type { Signature } from '../../worker/core/crypto/signature.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type {
  BodyState,
  ExecutionError,
  ExecutionStatus,
  ExecutionSummary,
  SignedReceipt,
} from './rpc.ts';
import type { Turn } from './turn.ts';

export type ExecutionRow = {
  id: string;
  function_id: string;
  version_id: string;
  status: ExecutionStatus;
  mode: 'sync' | 'async';
  store: 'full' | 'receipt';
  actor: string;
  request_id: string | null;
  trace_id: string | null;
  idempotency_id: string | null;
  fuel_max: number;
  created_at: number;
  started_at: number | null;
  code_ended_at: number | null;
  ended_at: number | null;
  /** Rises with each runner; 0 before the first. */
  lease_number: number;
  /** 0 while actions wait for a runner to claim them. */
  lease_held: number;
  /** When the watchdog looks: end of the lease while running, end of patience while queued. */
  watch_at: number;
  cancel_requested_at: number | null;
  code_outcome: 'succeeded' | 'failed' | 'cancelled' | null;
  error: string | null;
  fuel: number | null;
  duration_ms: number | null;
  timings: string | null;
  receipt: string | null;
  receipt_hash: string | null;
  receipt_signature: string | null;
  journal_state: BodyState;
  output_state: BodyState;
};

export const findExecution = (turn: Turn, id: string): ExecutionRow | undefined =>
  turn.sql.first<ExecutionRow>('SELECT * FROM executions WHERE id = ?', id);

export function loadExecution(turn: Turn, id: string): Result<ExecutionRow, 'request.not_found'> {
  const row = findExecution(turn, id);
  return row === undefined ? err('request.not_found') : ok(row);
}

export const actorOf = (row: ExecutionRow): AuditActor => JSON.parse(row.actor) as AuditActor; // Written from one.

export function receiptOf(row: ExecutionRow): SignedReceipt | undefined {
  const { receipt: json, receipt_hash: hash, receipt_signature: signature } = row;
  if (json === null || hash === null || signature === null) return undefined;
  return { json, hash, signature: JSON.parse(signature) as Signature }; // Written from one.
}

/** Drops the members whose value is null: absent on the wire, not null. */
type Present<Members> = { [Name in keyof Members]?: NonNullable<Members[Name]> };
export function present<Members extends object>(members: Members): Present<Members> {
  const kept = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as Present<Members>; // Only members were removed.
}

export function toSummary(row: ExecutionRow): ExecutionSummary {
  return {
    id: row.id,
    functionId: row.function_id,
    versionId: row.version_id,
    status: row.status,
    mode: row.mode,
    store: row.store,
    actor: actorOf(row),
    createdAt: row.created_at,
    cancelRequested: row.cancel_requested_at !== null,
    fuelMax: row.fuel_max,
    journal: row.journal_state,
    output: row.output_state,
    ...present({
      requestId: row.request_id,
      traceId: row.trace_id,
      startedAt: row.started_at,
      codeEndedAt: row.code_ended_at,
      endedAt: row.ended_at,
      fuel: row.fuel,
      durationMs: row.duration_ms,
      error: parseJson<ExecutionError>(row.error),
      timings: parseJson<Readonly<Record<string, number>>>(row.timings),
    }),
  };
}

/** Columns with JSON were written by this object from the type they are read as. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names that type at the place of reading
export const parseJson = <Value>(text: string | null): Value | null =>
  text === null ? null : (JSON.parse(text) as Value);

/** Messages are cut, so that a page of 500 failed executions stays one RPC answer. */
export function encodeError(error: ExecutionError | undefined): string | null {
  if (error === undefined) return null;
  const message = error.message.slice(0, LIMITS.errorCharsMax.value).toWellFormed();
  return JSON.stringify({ ...error, message });
}
