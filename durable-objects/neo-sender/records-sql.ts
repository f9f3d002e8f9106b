/**
 * The statements of a NeoSender about everything beside intents and attempts: who it is, the votes
 * of endpoints, the outbox of events, and the ids it has ever taken.
 */
import type { Verdict } from '../../worker/core/neo/rpc/quorum.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { Delivery } from '../../worker/core/neo-sender/delivery.ts';
import type { IntentState, SenderIdentity } from '../../worker/core/neo-sender/intent.ts';
import type { AttemptVote } from '../../worker/core/neo-sender/outcome.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { NetworkFacts, SenderEvent } from './rpc.ts';

type SenderRow = {
  magic: number;
  account: ScriptHash;
  quorum: number;
  ms_per_block: number;
  proven_height: number;
  fault_at: number | null;
  fault_message: string | null;
};

export interface Sender extends NetworkFacts {
  readonly identity: SenderIdentity;
  readonly provenHeight: number;
  /** The last alarm that failed: a defect, for operators. */
  readonly fault: { readonly at: number; readonly message: string } | null;
}

export type RecordStore = ReturnType<typeof recordStore>;

export const recordStore = (sql: BoundedSql) => ({
  ...senderRecords(sql),
  ...voteRecords(sql),
  ...eventRecords(sql),
  ...idRecords(sql),
});

const senderRecords = (sql: BoundedSql) => ({
  /** Undefined until the first command. */
  loadSender(): Sender | undefined {
    const row = sql.first<SenderRow>('SELECT * FROM sender');
    if (row === undefined) return undefined;
    const { fault_at: at, fault_message: message } = row;
    return {
      identity: { magic: row.magic, account: row.account },
      quorum: row.quorum,
      msPerBlock: row.ms_per_block,
      provenHeight: row.proven_height,
      fault: at === null ? null : { at, message: message ?? 'unknown' },
    };
  },
  saveSender: ({ magic, account }: SenderIdentity, { quorum, msPerBlock }: NetworkFacts): void =>
    sql.write(
      `INSERT INTO sender (only, magic, account, quorum, ms_per_block) VALUES (1, ?, ?, ?, ?)
       ON CONFLICT (only) DO UPDATE SET quorum = excluded.quorum,
         ms_per_block = excluded.ms_per_block`,
      magic,
      account,
      quorum,
      msPerBlock,
    ),
  saveProvenHeight: (height: number): void =>
    sql.write('UPDATE sender SET proven_height = ? WHERE proven_height < ?', height, height),
  saveFault: (at: number, message: string): void =>
    sql.write('UPDATE sender SET fault_at = ?, fault_message = ?', at, message),
});

const voteRecords = (sql: BoundedSql) => ({
  addVote: (intentId: string, { attempt, endpoint, verdict }: AttemptVote): void =>
    sql.write(
      `INSERT INTO votes (intent_id, attempt, endpoint, verdict) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      intentId,
      attempt,
      endpoint,
      JSON.stringify(verdict),
    ),
  /** A few: each endpoint has one a attempt, and a second kind of one ends in a dispute. */
  listVotes: (intentId: string): AttemptVote[] =>
    sql
      .all<{ attempt: number; endpoint: string; verdict: string }>(
        `SELECT attempt, endpoint, verdict FROM votes WHERE intent_id = ?
         ORDER BY attempt, endpoint LIMIT 500`,
        intentId,
      )
      // Written above from a Verdict, and by nobody else.
      .map(({ verdict, ...vote }) => ({ ...vote, verdict: JSON.parse(verdict) as Verdict })),
  removeVotes: (intentId: string): void =>
    sql.write('DELETE FROM votes WHERE intent_id = ?', intentId),
});

type EventRow = {
  sequence: number;
  id: string;
  type: SenderEvent['type'];
  subject: string;
  time: number;
  data: string;
};

const eventRecords = (sql: BoundedSql) => ({
  addEvent: ({ id, type, subject, time, dataJson }: Omit<SenderEvent, 'sequence'>): void =>
    sql.write(
      `INSERT INTO events (id, type, subject, time, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      id,
      type,
      subject,
      time,
      dataJson,
    ),
  listEvents: (afterSequence: number, limit: number): SenderEvent[] =>
    sql
      .all<EventRow>(
        'SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?',
        afterSequence,
        limit,
      )
      .map(({ data, ...event }) => ({ ...event, dataJson: data })),
  removeEvents: (throughSequence: number): number =>
    sql.run('DELETE FROM events WHERE sequence <= ?', throughSequence),
  /** Null while no event waits. */
  loadDelivery(): Delivery | null {
    const row = sql.first<{ tries: number; after: number }>(
      `SELECT deliver_tries AS tries, deliver_after AS after FROM sender
       WHERE EXISTS (SELECT 1 FROM events)`,
    );
    return row ?? null;
  },
  saveDelivery: ({ tries, after }: Delivery): void =>
    sql.write('UPDATE sender SET deliver_tries = ?, deliver_after = ?', tries, after),
  countEvents: (): number =>
    sql.first<{ events: number }>('SELECT COUNT(*) AS events FROM events')?.events ?? 0,
});

export interface RememberedId {
  readonly fingerprint: string;
  /** Null while its intent is stored. */
  readonly removedState: IntentState | null;
}

const idRecords = (sql: BoundedSql) => ({
  loadId(id: string): RememberedId | undefined {
    const row = sql.first<{ fingerprint: string; removed_state: IntentState | null }>(
      'SELECT fingerprint, removed_state FROM remembered WHERE id = ?',
      id,
    );
    return row && { fingerprint: row.fingerprint, removedState: row.removed_state };
  },
  addId: (id: string, fingerprint: string): void =>
    sql.write('INSERT INTO remembered (id, fingerprint) VALUES (?, ?)', id, fingerprint),
  /** None is ever removed, so the last number is the count. */
  countIds: (): number =>
    sql.first<{ last: number | null }>('SELECT MAX(number) AS last FROM remembered')?.last ?? 0,
  countRemoved: (): number =>
    sql.first<{ removed: number }>('SELECT removed FROM sender')?.removed ?? 0,
  saveRemoved(id: string, state: string, endedAt: number): void {
    sql.write(
      'UPDATE remembered SET removed_state = ?, ended_at = ? WHERE id = ?',
      state,
      endedAt,
      id,
    );
    sql.write('UPDATE sender SET removed = removed + 1');
  },
});
