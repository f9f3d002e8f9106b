/**
 * Takes rows of D1's outbox, each exactly once and in order. D1 has one writer and gives ids in
 * commit order, and its replicas are prefixes of it, so whoever has read row n has read all before
 * it: what is not above the last applied id has been applied. A drain that died between here and
 * its deletes, and two drains at once, therefore repeat nothing.
 */

import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import { parsePlatformEvent } from '../../worker/core/events/platform-event.ts';
import { appendAudit, appendOwnAudit } from './audit-log.ts';
import { addEvent } from './event-outbox.ts';
import type { OutboxRow } from './rpc.ts';
import { readSetting, type Turn, writeSetting } from './turn.ts';

export interface AppliedOutbox {
  readonly lastOutboxId: number;
  readonly applied: number;
}

export function appendOutbox(turn: Turn, rows: readonly OutboxRow[]): AppliedOutbox {
  const before = Number(readSetting(turn.sql, 'lastOutboxId') ?? '0');
  let last = before;
  let applied = 0;
  for (const row of rows.toSorted((one, other) => one.outboxId - other.outboxId)) {
    if (row.outboxId <= last) continue;
    applyRow(turn, row);
    last = row.outboxId;
    applied += 1;
  }
  if (last > before) writeSetting(turn.sql, 'lastOutboxId', String(last));
  return { lastOutboxId: last, applied };
}

function applyRow(turn: Turn, row: OutboxRow): void {
  if (row.kind === 'audit') {
    appendAudit(turn, row.body);
    return;
  }
  const event = parsePlatformEvent(row.body);
  if (event.ok) return addEvent(turn, event.value);
  // Refusing the row would block all behind it; dropping it in silence would hide a bug.
  appendOwnAudit(turn, {
    actor: SYSTEM_ACTOR,
    operation: 'events.unreadable',
    outcome: 'failed',
    details: { outboxId: row.outboxId, reason: event.failure.detail ?? '' },
  });
}
