/**
 * Idempotency records of what is done in this object. They are written in the transaction of the
 * effect and hold the ids of the executions it made, never an answer: the answer is rebuilt from
 * those, so it is as fresh as they are and a reader of the storage learns nothing new.
 */
import {
  type ClaimDecision,
  decideClaim,
  type IdempotencyRecord,
} from '../../worker/core/idempotency.ts';
import { LIMITS } from '../../worker/core/limits.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import type { IdempotencyClaim } from './rpc.ts';
import { type Turn, wakeAt } from './turn.ts';

type RecordRow = {
  record_id: string;
  fingerprint: string;
  state: 'running' | 'done';
  lease_until: number;
  expires_at: number;
  execution_ids: string;
};

export interface FoundClaim {
  readonly decision: ClaimDecision;
  readonly executionIds: readonly string[];
}

export function findClaim(turn: Turn, claim: IdempotencyClaim | undefined): Result<FoundClaim> {
  if (claim === undefined) return ok({ decision: 'proceed', executionIds: [] });
  const row = turn.sql.first<RecordRow>(
    'SELECT * FROM idempotency_records WHERE record_id = ?',
    claim.recordId,
  );
  const decided = decideClaim(row && toRecord(row), claim.fingerprint, turn.now);
  if (!decided.ok) return decided;
  const executionIds = row === undefined ? [] : (JSON.parse(row.execution_ids) as string[]); // Written below.
  return ok({ decision: decided.value, executionIds });
}

const toRecord = (row: RecordRow): IdempotencyRecord => ({
  fingerprint: row.fingerprint,
  state: row.state,
  leaseUntil: row.lease_until,
  expiresAt: row.expires_at,
});

/** With `leaseUntil` the effect is under way; without, making the executions was all of it. */
export function writeClaim(
  turn: Turn,
  claim: IdempotencyClaim,
  effect: { readonly executionIds: readonly string[]; readonly leaseUntil?: number },
): void {
  const expiresAt = turn.now + LIMITS.idempotencyKeepHours.value * 3_600_000;
  turn.sql.write(
    `INSERT OR REPLACE INTO idempotency_records
       (record_id, fingerprint, state, lease_until, expires_at, execution_ids)
     VALUES (?, ?, ?, ?, ?, ?)`,
    claim.recordId,
    claim.fingerprint,
    effect.leaseUntil === undefined ? 'done' : 'running',
    effect.leaseUntil ?? 0,
    expiresAt,
    JSON.stringify(effect.executionIds),
  );
  wakeAt(turn, { kind: 'retention', at: expiresAt });
}

/** The effect is still under way, so the key stays taken. */
export function renewClaim(turn: Turn, recordId: string | null, leaseUntil: number): void {
  if (recordId === null) return;
  turn.sql.write(
    'UPDATE idempotency_records SET lease_until = ? WHERE record_id = ?',
    leaseUntil,
    recordId,
  );
}

export function completeClaim(turn: Turn, recordId: string | null): void {
  if (recordId === null) return;
  turn.sql.write("UPDATE idempotency_records SET state = 'done' WHERE record_id = ?", recordId);
}

export const dropExpiredClaims = (turn: Turn, rowsMax: number): boolean =>
  turn.sql.run(
    `DELETE FROM idempotency_records WHERE record_id IN
       (SELECT record_id FROM idempotency_records WHERE expires_at <= ? LIMIT ?)`,
    turn.now,
    rowsMax,
  ) === rowsMax;
