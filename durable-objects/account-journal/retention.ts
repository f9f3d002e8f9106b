/**
 * Drops what is too old or too much, a bounded number of rows at a time, oldest first: journals,
 * then outputs and logs, then events and idempotency records, then audit entries that a signed
 * checkpoint announced as cut. Execution rows with their receipts are never dropped here. What was
 * dropped reads as `expired`, not as if it had never been.
 */

import { LIMITS as EVENT_LIMITS } from '../../worker/core/events/limits.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { decideRetention, type RetentionPolicy } from '../../worker/core/executions/retention.ts';
import { announceCut, appendAudit, cutAudit, cutDueAt } from './audit-log.ts';
import { dropOldEvents } from './event-outbox.ts';
import { type BodyKind, dropBody } from './execution-bodies.ts';
import { dropExpiredClaims } from './idempotency-records.ts';
import { policyOf } from './retention-policy.ts';
import type { SetRetention } from './rpc.ts';
import { addToMeter, type MeterName, readMeter, type Turn, wakeAt, writeSetting } from './turn.ts';

const DAY_MS = 86_400_000;

type OldestRow = { execution_id: string; created_at: number };

export function setRetention(turn: Turn, command: SetRetention): RetentionPolicy {
  const wanted = { ...policyOf(turn), ...command.wanted };
  const policy = decideRetention(wanted, command.operatorMaximum);
  writeSetting(turn.sql, 'retention', JSON.stringify(policy));
  wakeAt(turn, { kind: 'retention', at: turn.now });
  if (command.audit !== undefined) appendAudit(turn, command.audit);
  return policy;
}

export function retain(turn: Turn): void {
  const rowsMax = LIMITS.retentionRowsMax.value;
  announceCut(turn);
  const more = [
    dropJournals(turn, rowsMax),
    dropOutputs(turn, rowsMax),
    dropOldEvents(turn, rowsMax),
    dropExpiredClaims(turn, rowsMax),
    cutAudit(turn, rowsMax),
  ];
  if (more.includes(true)) return wakeAt(turn, { kind: 'retention', at: turn.now });
  const next = nextExpiry(turn);
  if (next === undefined) return;
  // Rounded up to an hour, so that an account with many small things wakes once for all of them.
  const soonest = turn.now + LIMITS.retentionSeconds.value * 1000;
  wakeAt(turn, { kind: 'retention', at: Math.max(next, soonest) });
}

function dropJournals(turn: Turn, rowsMax: number): boolean {
  const { journalDays, journalBytes } = policyOf(turn);
  return dropOldest(turn, {
    kinds: ['journal'],
    meter: 'bytes.journal',
    before: turn.now - journalDays * DAY_MS,
    bytes: journalBytes,
    rowsMax,
    mark: (id) => turn.sql.run("UPDATE executions SET journal_state = 'expired' WHERE id = ?", id),
  });
}

function dropOutputs(turn: Turn, rowsMax: number): boolean {
  const { outputDays, outputBytes } = policyOf(turn);
  return dropOldest(turn, {
    kinds: ['output', 'logs'],
    meter: 'bytes.output',
    before: turn.now - outputDays * DAY_MS,
    bytes: outputBytes,
    rowsMax,
    mark: (id) => {
      turn.sql.write("UPDATE executions SET output_state = 'expired' WHERE id = ?", id);
      dropActionTexts(turn, id);
    },
  });
}

/**
 * What an action was asked and answered goes with the outputs; that it was done, and when, stays.
 */
function dropActionTexts(turn: Turn, executionId: string): void {
  const held = turn.sql.first<{ chars: number | null }>(
    `SELECT sum(coalesce(length(params), 0) + coalesce(length(result), 0)) AS chars
     FROM execution_actions WHERE execution_id = ?`,
    executionId,
  );
  turn.sql.write(
    'UPDATE execution_actions SET params = NULL, result = NULL WHERE execution_id = ?',
    executionId,
  );
  addToMeter(turn, 'bytes.output', -(held?.chars ?? 0));
}

interface Dropping {
  readonly kinds: readonly BodyKind[];
  readonly meter: MeterName;
  readonly before: number;
  readonly bytes: number;
  readonly rowsMax: number;
  readonly mark: (executionId: string) => void;
}

/** Answers whether it stopped for the bound of the step. */
function dropOldest(turn: Turn, dropping: Dropping): boolean {
  let rows = 0;
  while (rows < dropping.rowsMax) {
    const oldest = findOldest(turn, dropping.kinds);
    if (oldest === undefined) return false;
    const tooOld = oldest.created_at <= dropping.before;
    if (!tooOld && readMeter(turn, dropping.meter) <= dropping.bytes) return false;
    for (const kind of dropping.kinds)
      rows += dropBody(turn, { kind, executionId: oldest.execution_id });
    dropping.mark(oldest.execution_id);
  }
  return true;
}

function findOldest(turn: Turn, kinds: readonly BodyKind[]): OldestRow | undefined {
  const found = kinds.flatMap((kind) =>
    turn.sql.all<OldestRow>(
      `SELECT execution_id, created_at FROM execution_bodies
       WHERE kind = ? ORDER BY execution_id LIMIT 1`,
      kind,
    ),
  );
  return found.sort((one, other) => (one.execution_id < other.execution_id ? -1 : 1))[0];
}

function nextExpiry(turn: Turn): number | undefined {
  const policy = policyOf(turn);
  const first = (statement: string) => turn.sql.first<{ at: number | null }>(statement)?.at ?? null;
  const journal = findOldest(turn, ['journal'])?.created_at;
  const output = findOldest(turn, ['output', 'logs'])?.created_at;
  const event = first('SELECT created_at AS at FROM events ORDER BY sequence LIMIT 1');
  const times = [
    journal === undefined ? null : journal + policy.journalDays * DAY_MS,
    output === undefined ? null : output + policy.outputDays * DAY_MS,
    event === null ? null : event + EVENT_LIMITS.eventKeepDays.value * DAY_MS,
    first('SELECT min(expires_at) AS at FROM idempotency_records'),
    cutDueAt(turn) ?? null,
  ].filter((at) => at !== null);
  return times.length === 0 ? undefined : Math.min(...times);
}

const PURGED_TABLES = [
  'execution_bodies',
  'execution_actions',
  'executions',
  'work_outbox',
  'idempotency_records',
  'function_hours',
  'usage_months',
  'events',
  'repeated_refusals',
] as const;

/**
 * The account was deleted for good: everything goes but the audit log, in bounded steps. True while
 * more remains.
 */
export function purgeStep(turn: Turn): boolean {
  if (deleteSome(turn, PURGED_TABLES)) {
    wakeAt(turn, { kind: 'purge', at: turn.now });
    return true;
  }
  turn.sql.write('DELETE FROM meters');
  turn.sql.write("DELETE FROM due WHERE kind NOT IN ('checkpoint', 'retention', 'ending')");
  return false;
}

/**
 * The time for which records outlive the account is over: the audit log goes as well, in bounded
 * steps, the oldest entries first. True while more remains.
 */
export function endStep(turn: Turn): boolean {
  turn.sql.write('DELETE FROM due');
  if (deleteSome(turn, [...PURGED_TABLES, 'audit_entries', 'audit_checkpoints'])) {
    wakeAt(turn, { kind: 'ending', at: turn.now });
    return true;
  }
  turn.sql.write('DELETE FROM meters');
  turn.sql.write('DELETE FROM settings');
  return false;
}

type EmptiedTable = (typeof PURGED_TABLES)[number] | 'audit_entries' | 'audit_checkpoints';

/** One bounded step on the first table that still holds something; false when all are empty. */
function deleteSome(turn: Turn, tables: readonly EmptiedTable[]): boolean {
  return tables.some(
    (table) =>
      turn.sql.run(
        `DELETE FROM ${table} WHERE ${keyOf(table)} IN
           (SELECT ${keyOf(table)} FROM ${table} ORDER BY ${keyOf(table)} LIMIT ?)`,
        LIMITS.retentionRowsMax.value,
      ) > 0,
  );
}

const WITHOUT_ROWID: Readonly<Record<string, string>> = {
  work_outbox: 'item_id',
  idempotency_records: 'record_id',
  function_hours: 'function_id',
  usage_months: 'month',
  repeated_refusals: 'key_id',
};

const keyOf = (table: EmptiedTable): string => WITHOUT_ROWID[table] ?? 'rowid';
