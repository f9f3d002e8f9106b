/**
 * The statements of an AccountScheduler about items. Rows come in and go out as `WorkItem`;
 * payloads are read only when an item is leased. Nothing is decided here.
 */
import type { EndReason, Outcome, WorkItem, WorkState } from '../../worker/core/queue/item.ts';
import { keepsPayload } from '../../worker/core/queue/item.ts';
import type { WorkKind } from '../../worker/core/queue/kinds.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { EnqueueItem, ListItems } from './rpc.ts';

// The CHECKs and the types of what is written make these unions true of what is read.
type ItemRow = {
  id: string;
  kind: WorkKind;
  state: WorkState;
  attempts: number;
  deaths: number;
  lease_number: number;
  enqueued_at: number;
  next_attempt_at: number;
  max_age_at: number;
  lease_until: number | null;
  started_lease: number | null;
  last_outcome: Outcome | null;
  last_reason: string | null;
  ended_at: number | null;
  end_reason: EndReason | null;
};

const COLUMNS = `id, kind, state, attempts, deaths, lease_number, enqueued_at, next_attempt_at, max_age_at,
  lease_until, started_lease, last_outcome, last_reason, ended_at, end_reason`;

export interface KnownItem {
  readonly id: string;
  readonly kind: WorkKind;
  readonly state: WorkState;
  readonly fingerprint: string;
}

export interface DueQuery {
  readonly kind: WorkKind;
  readonly now: number;
  readonly limit: number;
}

export interface EndedQuery {
  readonly state: WorkState;
  readonly endedBefore: number;
  readonly limit: number;
}

export type ItemStore = ReturnType<typeof itemStore>;

export const itemStore = (sql: BoundedSql) => ({
  ...itemReads(sql),
  ...dueReads(sql),
  ...itemWrites(sql),
});

const selectItems = (
  sql: BoundedSql,
  where: string,
  ...parameters: readonly (string | number | null)[]
): WorkItem[] =>
  sql.all<ItemRow>(`SELECT ${COLUMNS} FROM items ${where}`, ...parameters).map(toItem);

const itemReads = (sql: BoundedSql) => ({
  load: (id: string): WorkItem | undefined => selectItems(sql, 'WHERE id = ?', id)[0],
  /** At most 100 ids, the bound of parameters. */
  loadKnown: (ids: readonly string[]): KnownItem[] =>
    sql.all<KnownItem & { [column: string]: string }>(
      `SELECT id, kind, state, fingerprint FROM items WHERE id IN (${ids.map(() => '?').join()})`,
      ...ids,
    ),
  loadPayload: (id: string): Uint8Array => {
    const row = sql.first<{ payload: ArrayBuffer | null }>(
      'SELECT payload FROM items WHERE id = ?',
      id,
    );
    return new Uint8Array(row?.payload ?? new ArrayBuffer(0));
  },
  list: ({ state, kind, cursor, limit }: ListItems): WorkItem[] =>
    selectItems(
      sql,
      `WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR id < ?3)
       ORDER BY id DESC LIMIT ?4`,
      state ?? null,
      kind ?? null,
      cursor ?? null,
      limit,
    ),
});

/** What the alarm asks: what is due, and when the next thing will be. */
const dueReads = (sql: BoundedSql) => ({
  listDue: ({ kind, now, limit }: DueQuery): WorkItem[] =>
    selectItems(
      sql,
      `WHERE state = 'ready' AND kind = ? AND next_attempt_at <= ?
       ORDER BY next_attempt_at, id LIMIT ?`,
      kind,
      now,
      limit,
    ),
  listLeaseDead: (now: number, limit: number): WorkItem[] =>
    selectItems(
      sql,
      `WHERE state = 'leased' AND lease_until <= ? ORDER BY lease_until LIMIT ?`,
      now,
      limit,
    ),
  listTooOld: (now: number, limit: number): WorkItem[] =>
    selectItems(
      sql,
      `WHERE state = 'ready' AND max_age_at <= ? ORDER BY max_age_at LIMIT ?`,
      now,
      limit,
    ),
  nextLeaseEnd: () =>
    firstTime(sql, `SELECT MIN(lease_until) AS at FROM items WHERE state = 'leased'`),
  nextDue: (kind: WorkKind) =>
    firstTime(
      sql,
      `SELECT MIN(next_attempt_at) AS at FROM items WHERE state = 'ready' AND kind = ?`,
      kind,
    ),
  nextTooOld: () => firstTime(sql, `SELECT MIN(max_age_at) AS at FROM items WHERE state = 'ready'`),
  firstEnded: (state: WorkState) =>
    firstTime(
      sql,
      'SELECT MIN(ended_at) AS at FROM items WHERE state = ? AND ended_at IS NOT NULL',
      state,
    ),
});

const itemWrites = (sql: BoundedSql) => ({
  add(item: WorkItem, { fingerprint, payload }: EnqueueItem): void {
    sql.run(
      `INSERT INTO items (id, kind, state, attempts, deaths, lease_number, enqueued_at, next_attempt_at,
         max_age_at, fingerprint, payload_bytes, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      item.id,
      item.kind,
      item.state,
      item.attempts,
      item.deaths,
      item.leaseNumber,
      item.enqueuedAt,
      item.nextAttemptAt,
      item.maxAgeAt,
      fingerprint,
      payload.byteLength,
      payload,
    );
  },
  /** Everything that may change; the payload goes with the state that needs it. */
  save(item: WorkItem): void {
    sql.run(
      `UPDATE items SET state = ?, attempts = ?, deaths = ?, lease_number = ?, next_attempt_at = ?,
         max_age_at = ?, lease_until = ?, started_lease = ?, last_outcome = ?, last_reason = ?,
         ended_at = ?, end_reason = ? WHERE id = ?`,
      item.state,
      item.attempts,
      item.deaths,
      item.leaseNumber,
      item.nextAttemptAt,
      item.maxAgeAt,
      item.leaseUntil,
      item.startedLease,
      item.lastOutcome,
      item.lastReason,
      item.endedAt,
      item.endReason,
      item.id,
    );
    if (!keepsPayload(item))
      sql.run('UPDATE items SET payload = NULL, payload_bytes = 0 WHERE id = ?', item.id);
  },
  /** Oldest first; answers how many. */
  removeEnded: ({ state, endedBefore, limit }: EndedQuery): number =>
    sql.run(
      `DELETE FROM items WHERE id IN (SELECT id FROM items
         WHERE state = ? AND ended_at <= ? ORDER BY ended_at LIMIT ?)`,
      state,
      endedBefore,
      limit,
    ),
});

function firstTime(sql: BoundedSql, statement: string, ...parameters: readonly string[]) {
  return sql.first<{ at: number | null }>(statement, ...parameters)?.at ?? null;
}

const toItem = (row: ItemRow): WorkItem => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  deaths: row.deaths,
  leaseNumber: row.lease_number,
  enqueuedAt: row.enqueued_at,
  nextAttemptAt: row.next_attempt_at,
  maxAgeAt: row.max_age_at,
  leaseUntil: row.lease_until,
  startedLease: row.started_lease,
  lastOutcome: row.last_outcome,
  lastReason: row.last_reason,
  endedAt: row.ended_at,
  endReason: row.end_reason,
});
