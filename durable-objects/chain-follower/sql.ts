/**
 * The statements of a ChainFollower about the chain: where it stands, its lanes, blocks, gaps and
 * events. Nothing is decided here. `BoundedSql` is all they need, so the same statements run on
 * node:sqlite in the simulation that kills them.
 */
import type { ChainEvent, EventTrigger } from '../../worker/core/chain-follower/event.ts';
import type {
  ChainPosition,
  EventPlace,
  VerifiedHeader,
} from '../../worker/core/chain-follower/position.ts';
import type { KnownBlock, RejectedHeader } from '../../worker/core/chain-follower/reading.ts';
import type { EndpointFault, GapReason } from '../../worker/core/chain-follower/status.ts';
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { Configure } from './rpc.ts';

// What is written has these types, so what is read has them too.
type FollowerRow = {
  network_id: string;
  magic: number;
  ms_per_block: number;
  endpoints: string;
  quorum: number;
  checkpoint_height: number;
  checkpoint_hash: Hash256;
  checkpoint_consensus: ScriptHash;
  verified_height: number;
  verified_hash: Hash256;
  verified_consensus: ScriptHash;
  verified_time: number | null;
  next_height: number;
  next_ordinal: number;
  index_floor: number;
  network_height: number | null;
  progress_at: number;
  fault_at: number | null;
  fault_message: string | null;
};

export interface Standing {
  readonly networkId: string;
  readonly magic: number;
  readonly msPerBlock: number;
  readonly endpoints: readonly string[];
  readonly quorum: number;
  readonly checkpoint: ChainPosition;
  readonly verified: ChainPosition;
  readonly verifiedTimeMs: number | null;
  /** The next event to hand out. */
  readonly next: EventPlace;
  readonly indexFloor: number;
  readonly networkHeight: number | null;
  readonly progressAtMs: number;
  readonly fault: { readonly at: number; readonly message: string } | null;
}

export type ChainStore = ReturnType<typeof chainStore>;

export const chainStore = (sql: BoundedSql) => ({
  ...standingStore(sql),
  ...faultStore(sql),
  ...blockStore(sql),
  ...eventStore(sql),
});

const standingStore = (sql: BoundedSql) => ({
  /** Undefined until it is configured. */
  loadStanding(): Standing | undefined {
    const row = sql.first<FollowerRow>('SELECT * FROM follower');
    return row && toStanding(row);
  },
  addStanding({ checkpoint, ...config }: Configure, now: number): void {
    sql.write(
      `INSERT INTO follower (only, network_id, magic, ms_per_block, endpoints, quorum,
         checkpoint_height, checkpoint_hash, checkpoint_consensus, verified_height, verified_hash,
         verified_consensus, next_height, next_ordinal, index_floor, progress_at)
       VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, ?7, ?8, ?6 + 1, 0, ?6 + 1, ?9)`,
      config.networkId,
      config.magic,
      config.msPerBlock,
      JSON.stringify(config.endpoints),
      config.quorum,
      checkpoint.height,
      checkpoint.hash,
      checkpoint.nextConsensus,
      now,
    );
  },
  /** What may change under a follower that runs. */
  saveReading({ endpoints, quorum, msPerBlock }: Configure): void {
    sql.write(
      'UPDATE follower SET endpoints = ?, quorum = ?, ms_per_block = ?',
      JSON.stringify(endpoints),
      quorum,
      msPerBlock,
    );
  },
  saveVerified({ height, hash, nextConsensus, timeMs }: VerifiedHeader, now: number): void {
    sql.write(
      `UPDATE follower SET verified_height = ?, verified_hash = ?, verified_consensus = ?,
         verified_time = ?, progress_at = ?`,
      height,
      hash,
      nextConsensus,
      timeMs,
      now,
    );
  },
  saveNext: ({ height, ordinal }: EventPlace) =>
    sql.write('UPDATE follower SET next_height = ?, next_ordinal = ?', height, ordinal),
  saveNetworkHeight: (height: number) =>
    sql.write('UPDATE follower SET network_height = ?', height),
  saveIndexFloor: (height: number) => sql.write('UPDATE follower SET index_floor = ?', height),
  saveFault: (at: number, message: string) =>
    sql.write('UPDATE follower SET fault_at = ?, fault_message = ?', at, message),
});

const faultStore = (sql: BoundedSql) => ({
  saveEndpointFault({ endpoint, height, hash, reason }: RejectedHeader, at: number): void {
    sql.write(
      'INSERT OR REPLACE INTO endpoint_faults (endpoint, height, hash, reason, at) VALUES (?, ?, ?, ?, ?)',
      endpoint,
      height,
      hash,
      reason.slice(0, 300),
      at,
    );
  },
  listEndpointFaults: (): EndpointFault[] =>
    sql.all<EndpointFault & { [column: string]: SqlStorageValue }>(
      'SELECT endpoint, height, hash, reason, at FROM endpoint_faults ORDER BY at DESC LIMIT 50',
    ),
  /** Those of endpoints that are no longer configured would vote for ever. */
  keepFaultsOf: (endpoints: readonly string[]) =>
    sql.write(
      'DELETE FROM endpoint_faults WHERE endpoint NOT IN (SELECT value FROM json_each(?))',
      JSON.stringify(endpoints),
    ),
});

const toStanding = (row: FollowerRow): Standing => ({
  networkId: row.network_id,
  magic: row.magic,
  msPerBlock: row.ms_per_block,
  endpoints: JSON.parse(row.endpoints) as string[], // Written by saveReading and addStanding.
  quorum: row.quorum,
  checkpoint: {
    height: row.checkpoint_height,
    hash: row.checkpoint_hash,
    nextConsensus: row.checkpoint_consensus,
  },
  verified: {
    height: row.verified_height,
    hash: row.verified_hash,
    nextConsensus: row.verified_consensus,
  },
  verifiedTimeMs: row.verified_time,
  next: { height: row.next_height, ordinal: row.next_ordinal },
  indexFloor: row.index_floor,
  networkHeight: row.network_height,
  progressAtMs: row.progress_at,
  fault:
    row.fault_at === null ? null : { at: row.fault_at, message: row.fault_message ?? 'unknown' },
});

type BlockRow = {
  height: number;
  hash: Hash256;
  previous_hash: Hash256;
  next_consensus: ScriptHash;
  time: number;
};

const blockStore = (sql: BoundedSql) => ({
  addBlock({ height, hash, previousHash, nextConsensus, timeMs }: VerifiedHeader): void {
    sql.write(
      'INSERT INTO blocks (height, hash, previous_hash, next_consensus, time) VALUES (?, ?, ?, ?, ?)',
      height,
      hash,
      previousHash,
      nextConsensus,
      timeMs,
    );
  },
  loadBlock: (height: number): VerifiedHeader | undefined => {
    const row = sql.first<BlockRow>('SELECT * FROM blocks WHERE height = ?', height);
    return row && toHeader(row);
  },
  /** The nearest kept header from which a later block can be verified. */
  loadAnchor: (height: number): VerifiedHeader | undefined => {
    const row = sql.first<BlockRow>(
      'SELECT * FROM blocks WHERE height <= ? ORDER BY height DESC LIMIT 1',
      height,
    );
    return row && toHeader(row);
  },
  removeBlocks: (belowHeight: number, everyKept: number, limit: number): number =>
    sql.run(
      `DELETE FROM blocks WHERE height IN (SELECT height FROM blocks
         WHERE height < ? AND height % ? <> 0 ORDER BY height LIMIT ?)`,
      belowHeight,
      everyKept,
      limit,
    ),

  saveGap: (height: number, reason: GapReason, now: number) =>
    sql.write(
      `INSERT INTO gaps (height, reason, attempts, first_at, last_at) VALUES (?1, ?2, 1, ?3, ?3)
       ON CONFLICT (height) DO UPDATE SET reason = excluded.reason, attempts = attempts + 1,
         last_at = excluded.last_at`,
      height,
      reason,
      now,
    ),
  removeGap: (height: number): number => sql.run('DELETE FROM gaps WHERE height = ?', height),
  hasGap: (height: number): boolean =>
    sql.first<{ height: number }>('SELECT height FROM gaps WHERE height = ?', height) !== undefined,
  firstGap: (): number | null =>
    sql.first<{ height: number | null }>('SELECT MIN(height) AS height FROM gaps')?.height ?? null,
  listGaps: (limit: number): { readonly height: number; readonly reason: GapReason }[] =>
    sql.all<{ height: number; reason: GapReason }>(
      'SELECT height, reason FROM gaps ORDER BY height LIMIT ?',
      limit,
    ),
  listGapBlocks: (limit: number): KnownBlock[] =>
    sql.all<{ height: number; hash: Hash256 }>(
      'SELECT height, hash FROM gaps JOIN blocks USING (height) ORDER BY height LIMIT ?',
      limit,
    ),
});

const toHeader = (row: BlockRow): VerifiedHeader => ({
  height: row.height,
  hash: row.hash,
  previousHash: row.previous_hash,
  nextConsensus: row.next_consensus,
  timeMs: row.time,
});

export type EventRow = {
  height: number;
  ordinal: number;
  id: string;
  contract: ScriptHash;
  name: string;
  trigger: EventTrigger;
  tx_hash: Hash256 | null;
  block_hash: Hash256;
  block_time: number;
  state: ArrayBuffer | null;
  is_contradicted: number;
};

const eventStore = (sql: BoundedSql) => ({
  /** One that is there already stays as it is. */
  addEvent(event: ChainEvent): void {
    sql.write(
      `INSERT INTO events (height, ordinal, id, contract, name, trigger, tx_hash, block_hash,
         block_time, state, is_contradicted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      event.height,
      event.ordinal,
      event.id,
      event.contract,
      event.eventName,
      event.trigger,
      event.transaction,
      event.blockHash,
      event.blockTimeMs,
      event.state,
      event.isContradicted ? 1 : 0,
    );
  },
  /** Without their bodies: matching needs none. */
  listMatchable: (from: EventPlace, toHeight: number, limit: number): MatchableEvent[] =>
    sql.all<MatchableEvent & { [column: string]: SqlStorageValue }>(
      `SELECT height, ordinal, contract, name AS eventName FROM events
       WHERE (height, ordinal) >= (?, ?) AND height <= ? ORDER BY height, ordinal LIMIT ?`,
      from.height,
      from.ordinal,
      toHeight,
      limit,
    ),
  /** Old ones that nobody waits for. */
  removeEvents: (belowHeight: number, limit: number): number =>
    sql.run(
      `DELETE FROM events WHERE (height, ordinal) IN (SELECT height, ordinal FROM events AS old
         WHERE height < ? AND NOT EXISTS (SELECT 1 FROM outbox
           WHERE outbox.height = old.height AND outbox.ordinal = old.ordinal)
         ORDER BY height, ordinal LIMIT ?)`,
      belowHeight,
      limit,
    ),
});

export interface MatchableEvent extends EventPlace {
  readonly contract: ScriptHash;
  readonly eventName: string;
}

export const toEvent = (row: EventRow): ChainEvent => ({
  height: row.height,
  ordinal: row.ordinal,
  id: row.id,
  contract: row.contract,
  eventName: row.name,
  trigger: row.trigger,
  transaction: row.tx_hash,
  blockHash: row.block_hash,
  blockTimeMs: row.block_time,
  // node:sqlite gives its bytes as an array, which this copies too.
  state: row.state === null ? null : new Uint8Array(row.state),
  isContradicted: row.is_contradicted === 1,
});
