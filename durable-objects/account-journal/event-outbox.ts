/**
 * Platform events waiting for a consumer, oldest first. Source and id together make an event unique
 * (CloudEvents 1.0), so handing the same one in twice keeps one. The outbox is bounded by age and
 * count; what falls out is counted, and the count is written to the audit log, so a consumer that
 * was away too long can be told what it missed.
 */

import { SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import { LIMITS } from '../../worker/core/events/limits.ts';
import type { PlatformEvent } from '../../worker/core/events/platform-event.ts';
import { LIMITS as PRODUCT_LIMITS } from '../../worker/core/limits.ts';
import { appendOwnAudit } from './audit-log.ts';
import type { EventQuery, StoredEvent } from './rpc.ts';
import { addToMeter, type Turn, wakeAt } from './turn.ts';

type EventRow = {
  sequence: number;
  source: string;
  id: string;
  type: string;
  subject: string | null;
  time: string;
  data: string;
};
type SpanRow = { first: number | null; last: number | null };

/**
 * Drops come in steps, so that a full outbox writes one audit line for this many events and not one
 * for each.
 */
const DROP_STEP = 100;

export function addEvent(turn: Turn, event: PlatformEvent): void {
  // Asked first, since an ignored insert would still use up a sequence and the span below would no
  // longer be the count.
  const known = turn.sql.first(
    'SELECT sequence FROM events WHERE source = ? AND id = ?',
    event.source,
    event.id,
  );
  if (known !== undefined) return;
  turn.sql.write(
    `INSERT INTO events (source, id, type, subject, time, data, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    event.source,
    event.id,
    event.type,
    event.subject ?? null,
    event.time,
    event.dataJson,
    turn.now,
  );
  boundEvents(turn);
  wakeAt(turn, { kind: 'retention', at: turn.now + LIMITS.eventKeepDays.value * 86_400_000 });
}

/** An event of this account's own making: `execution.failed` and its like. */
export function addOwnEvent(
  turn: Turn,
  event: { type: string; id: string; subject: string; data: object },
): void {
  const { data, ...attributes } = event;
  addEvent(turn, {
    ...attributes,
    source: `/accounts/${turn.accountId}`,
    time: new Date(turn.now).toISOString(),
    dataJson: JSON.stringify(data),
  });
}

/** Sequences have no gaps but at the front, so the span is the count. */
function boundEvents(turn: Turn): void {
  const span = readSpan(turn);
  if (span.first === null || span.last === null) return;
  const count = span.last - span.first + 1;
  if (count <= LIMITS.eventsMax.value) return;
  dropEvents(turn, { through: span.first + DROP_STEP - 1, reason: 'count' });
}

const readSpan = (turn: Turn): SpanRow => ({
  first:
    turn.sql.first<{ sequence: number }>('SELECT sequence FROM events ORDER BY sequence LIMIT 1')
      ?.sequence ?? null,
  last:
    turn.sql.first<{ sequence: number }>(
      'SELECT sequence FROM events ORDER BY sequence DESC LIMIT 1',
    )?.sequence ?? null,
});

/** Retention by age; answers whether events may remain to be dropped. */
export function dropOldEvents(turn: Turn, rowsMax: number): boolean {
  const before = turn.now - LIMITS.eventKeepDays.value * 86_400_000;
  const old = turn.sql.all<{ sequence: number }>(
    'SELECT sequence FROM events WHERE created_at <= ? ORDER BY sequence LIMIT ?',
    before,
    rowsMax,
  );
  const through = old.at(-1)?.sequence;
  if (through !== undefined) dropEvents(turn, { through, reason: 'age' });
  return old.length === rowsMax;
}

function dropEvents(turn: Turn, drop: { through: number; reason: 'age' | 'count' }): void {
  const count = turn.sql.run('DELETE FROM events WHERE sequence <= ?', drop.through);
  addToMeter(turn, 'events.dropped', count);
  appendOwnAudit(turn, {
    actor: SYSTEM_ACTOR,
    operation: 'events.dropped',
    outcome: 'ok',
    details: { count, reason: drop.reason, throughSequence: drop.through },
  });
}

export interface EventPage {
  readonly items: readonly StoredEvent[];
  readonly nextSequence: number | null;
}

export function listEvents(turn: Turn, query: EventQuery): EventPage {
  const limit = Math.max(1, Math.min(query.limit, PRODUCT_LIMITS.pageSizeMax.value));
  const rows = turn.sql.all<EventRow>(
    `SELECT sequence, source, id, type, subject, time, data FROM events
     WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    query.afterSequence,
    limit + 1,
  );
  const items = rows.slice(0, limit).map(toEvent);
  return { items, nextSequence: rows.length > limit ? (items.at(-1)?.sequence ?? null) : null };
}

const toEvent = ({ data, subject, ...row }: EventRow): StoredEvent => ({
  ...row,
  ...(subject === null ? {} : { subject }),
  dataJson: data,
});

/** The consumer has everything up to here. */
export const acknowledgeEvents = (turn: Turn, throughSequence: number): number =>
  turn.sql.run('DELETE FROM events WHERE sequence <= ?', throughSequence);
