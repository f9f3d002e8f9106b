/**
 * Refusals of known keys, told at most once a minute for each key. The first is written at once, so
 * an operator sees the attempt while it goes on; those within the minute are counted and written as
 * one line when it ends. A stolen and revoked key in a retry loop can thus not fill the audit log,
 * and nothing it does goes uncounted. Each line is also raised as the event `auth.refused`.
 */
import { LIMITS } from '../../worker/core/audit/limits.ts';
import { appendOwnAudit } from './audit-log.ts';
import { addOwnEvent } from './event-outbox.ts';
import type { KnownKeyRefusal } from './rpc.ts';
import { type Turn, wakeAt } from './turn.ts';

type RefusalRow = { key_id: string; count: number; reasons: string; latest: string };

const REASONS_MAX = 5;

export function recordRefusal(turn: Turn, refusal: KnownKeyRefusal): void {
  const open = turn.sql.first<RefusalRow>(
    'SELECT * FROM repeated_refusals WHERE key_id = ?',
    refusal.keyId,
  );
  if (open === undefined) return openMinute(turn, refusal);
  const reasons = new Set(JSON.parse(open.reasons) as string[]); // Written below, as a list of texts.
  if (reasons.size < REASONS_MAX) reasons.add(refusal.reason);
  turn.sql.write(
    'UPDATE repeated_refusals SET count = count + 1, reasons = ?, latest = ? WHERE key_id = ?',
    JSON.stringify([...reasons]),
    JSON.stringify(refusal),
    refusal.keyId,
  );
}

function openMinute(turn: Turn, refusal: KnownKeyRefusal): void {
  appendRefusal(turn, refusal, { count: 1, reasons: [refusal.reason] });
  turn.sql.write(
    "INSERT INTO repeated_refusals (key_id, count, reasons, latest) VALUES (?, 0, '[]', ?)",
    refusal.keyId,
    JSON.stringify(refusal),
  );
  const at = turn.now + LIMITS.auditRefusalSeconds.value * 1000;
  wakeAt(turn, { kind: 'refusals', key: refusal.keyId, at });
}

/**
 * The minute is over: writes what was counted and opens the next one, or ends when the key was
 * quiet.
 */
export function flushRefusals(turn: Turn, keyId: string): void {
  const row = turn.sql.first<RefusalRow>('SELECT * FROM repeated_refusals WHERE key_id = ?', keyId);
  if (row === undefined) return;
  if (row.count === 0) {
    turn.sql.write('DELETE FROM repeated_refusals WHERE key_id = ?', keyId);
    return;
  }
  const latest = JSON.parse(row.latest) as KnownKeyRefusal; // Written by recordRefusal alone.
  const reasons = JSON.parse(row.reasons) as string[];
  appendRefusal(turn, latest, { count: row.count, reasons });
  turn.sql.write("UPDATE repeated_refusals SET count = 0, reasons = '[]' WHERE key_id = ?", keyId);
  const at = turn.now + LIMITS.auditRefusalSeconds.value * 1000;
  wakeAt(turn, { kind: 'refusals', key: keyId, at });
}

function appendRefusal(
  turn: Turn,
  refusal: KnownKeyRefusal,
  told: { readonly count: number; readonly reasons: readonly string[] },
): void {
  const entry = appendOwnAudit(turn, {
    actor: refusal.actor,
    operation: refusal.operation,
    outcome: 'refused',
    target: { kind: 'apiKey', id: refusal.keyId },
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
    ...(refusal.traceId === undefined ? {} : { traceId: refusal.traceId }),
    details: { count: told.count, reasons: told.reasons },
  });
  addOwnEvent(turn, {
    type: 'auth.refused',
    id: entry.id,
    subject: refusal.keyId,
    data: { keyId: refusal.keyId, ...told },
  });
}
