/** The statements of a ChainFollower about lanes of reading and about scans. */
import type { Lane, LaneState } from '../../worker/core/chain-follower/lanes.ts';
import { NEW_LANE } from '../../worker/core/chain-follower/lanes.ts';
import type { ChainPosition, EventPlace } from '../../worker/core/chain-follower/position.ts';
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { BoundedSql } from '../bounded-sql.ts';

/** A lane with what its step was sent to read. */
export interface StoredLane extends LaneState {
  readonly toHeight: number;
  readonly scanId: number | null;
}

type LaneRow = {
  lease_number: number;
  lease_until: number | null;
  failures: number;
  next_at: number;
  to_height: number;
  scan_id: number | null;
};

/** A range that one subscriber gets beside the stream, or until it has caught up with it. */
export interface Scan {
  readonly id: number;
  readonly subscriberId: string;
  readonly kind: 'catch_up' | 'rescan';
  /** One subscription of a re-scan; null for all of the subscriber. */
  readonly only: { readonly contract: string; readonly eventName: string | null } | null;
  readonly next: EventPlace;
  /** Included; null until the stream is reached. */
  readonly toHeight: number | null;
  /** Where reading the chain for it stands; null to begin at the nearest kept header. */
  readonly anchor: ChainPosition | null;
}

type ScanRow = {
  id: number;
  subscriber_id: string;
  kind: Scan['kind'];
  contract: string | null;
  is_any: number | null;
  name: string | null;
  next_height: number;
  next_ordinal: number;
  to_height: number | null;
  anchor_height: number | null;
  anchor_hash: Hash256 | null;
  anchor_consensus: ScriptHash | null;
};

export type LaneStore = ReturnType<typeof laneStore>;

export const laneStore = (sql: BoundedSql) => ({
  loadLane(lane: Lane): StoredLane {
    const row = sql.first<LaneRow>('SELECT * FROM lanes WHERE lane = ?', lane);
    if (row === undefined) return { ...NEW_LANE, toHeight: 0, scanId: null };
    return {
      leaseNumber: row.lease_number,
      leaseUntil: row.lease_until,
      failures: row.failures,
      nextAt: row.next_at,
      toHeight: row.to_height,
      scanId: row.scan_id,
    };
  },
  saveLane: (lane: Lane, state: StoredLane) =>
    sql.write(
      `INSERT OR REPLACE INTO lanes (lane, lease_number, lease_until, failures, next_at, to_height,
         scan_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      lane,
      state.leaseNumber,
      state.leaseUntil,
      state.failures,
      state.nextAt,
      state.toHeight,
      state.scanId,
    ),
  ...scanReads(sql),
  ...scanWrites(sql),
});

const scanWrites = (sql: BoundedSql) => ({
  addScan: (scan: Omit<Scan, 'id' | 'anchor'>) =>
    sql.write(
      `INSERT INTO scans (subscriber_id, kind, contract, is_any, name, next_height, next_ordinal,
         to_height) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      scan.subscriberId,
      scan.kind,
      scan.only?.contract ?? null,
      scan.only === null ? null : scan.only.eventName === null ? 1 : 0,
      scan.only?.eventName ?? '',
      scan.next.height,
      scan.next.ordinal,
      scan.toHeight,
    ),
  saveScan: ({ id, next, anchor }: Scan) =>
    sql.write(
      `UPDATE scans SET next_height = ?, next_ordinal = ?, anchor_height = ?, anchor_hash = ?,
         anchor_consensus = ? WHERE id = ?`,
      next.height,
      next.ordinal,
      anchor?.height ?? null,
      anchor?.hash ?? null,
      anchor?.nextConsensus ?? null,
      id,
    ),
  /** Behind all others. */
  passTurn: (id: number) =>
    sql.write('UPDATE scans SET turn = (SELECT max(turn) FROM scans) + 1 WHERE id = ?', id),
  removeScan: (id: number) => sql.write('DELETE FROM scans WHERE id = ?', id),
  removeScansOf: (subscriberId: string, contract: string, eventName: string | null) =>
    sql.write(
      `DELETE FROM scans WHERE subscriber_id = ? AND contract = ? AND is_any = ? AND name = ?`,
      subscriberId,
      contract,
      eventName === null ? 1 : 0,
      eventName ?? '',
    ),
});

const scanReads = (sql: BoundedSql) => ({
  loadScan: (id: number): Scan | undefined => {
    const row = sql.first<ScanRow>('SELECT * FROM scans WHERE id = ?', id);
    return row && toScan(row);
  },
  loadCatchUp: (subscriberId: string): Scan | undefined => {
    const row = sql.first<ScanRow>(
      `SELECT * FROM scans WHERE subscriber_id = ? AND kind = 'catch_up'`,
      subscriberId,
    );
    return row && toScan(row);
  },
  /** Those first whose turn is longest ago. */
  listScans: (limit: number): Scan[] =>
    sql.all<ScanRow>('SELECT * FROM scans ORDER BY turn, id LIMIT ?', limit).map(toScan),
  countScansOf: (subscriberId: string): number =>
    sql.first<{ n: number }>(
      'SELECT count(*) AS n FROM scans WHERE subscriber_id = ?',
      subscriberId,
    )?.n ?? 0,
  /** Places of events in the index that a scan's subscriber wants, in chain order. */
  listWanted: (scan: Scan, before: EventPlace, limit: number): EventPlace[] =>
    sql.all<EventPlace & { [column: string]: SqlStorageValue }>(
      `SELECT height, ordinal FROM events AS e
       WHERE (height, ordinal) >= (?1, ?2) AND (height, ordinal) < (?3, ?4)
         AND EXISTS (SELECT 1 FROM subscriptions AS s
           WHERE s.subscriber_id = ?5 AND s.contract = e.contract
             AND (s.is_any = 1 OR s.name = e.name)
             AND (?6 = 'rescan' OR s.live_from <= e.height)
             AND (?7 IS NULL OR (s.contract = ?7 AND s.is_any = ?8 AND s.name = ?9)))
       ORDER BY height, ordinal LIMIT ?10`,
      scan.next.height,
      scan.next.ordinal,
      before.height,
      before.ordinal,
      scan.subscriberId,
      scan.kind,
      scan.only?.contract ?? null,
      scan.only === null ? 0 : scan.only.eventName === null ? 1 : 0,
      scan.only?.eventName ?? '',
      limit,
    ),
});

const toScan = (row: ScanRow): Scan => ({
  id: row.id,
  subscriberId: row.subscriber_id,
  kind: row.kind,
  only:
    row.contract === null
      ? null
      : { contract: row.contract, eventName: row.is_any === 1 ? null : row.name },
  next: { height: row.next_height, ordinal: row.next_ordinal },
  toHeight: row.to_height,
  anchor:
    row.anchor_height === null || row.anchor_hash === null || row.anchor_consensus === null
      ? null
      : {
          height: row.anchor_height,
          hash: row.anchor_hash,
          nextConsensus: row.anchor_consensus,
        },
});
