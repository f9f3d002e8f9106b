/**
 * The statements of a NeoSender about attempts: their rows, and the bytes that are signed and
 * broadcast. Bytes are written with the state that needs them and erased when the intent ends, so
 * that nothing can be broadcast after a verdict.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type {
  Attempt,
  AttemptKind,
  AttemptState,
  PreparedTransaction,
} from '../../worker/core/neo-sender/intent.ts';
import type { BoundedSql } from '../bounded-sql.ts';

// The CHECKs and the types of what is written make these unions and brands true of what is read.
type AttemptRow = {
  intent_id: string;
  number: number;
  kind: AttemptKind;
  state: AttemptState;
  network_fee_max: number;
  hash: Hash256 | null;
  system_fee: number | null;
  network_fee: number | null;
  valid_until_block: number | null;
  prepared_height: number | null;
  prepared_at: number | null;
  due_at: number | null;
  lease_number: number;
  lease_until: number | null;
  tries: number;
};

const COLUMNS = `intent_id, number, kind, state, network_fee_max, hash, system_fee, network_fee,
  valid_until_block, prepared_height, prepared_at, due_at, lease_number, lease_until, tries`;

export type AttemptStore = ReturnType<typeof attemptStore>;

export const attemptStore = (sql: BoundedSql) => ({
  ...attemptReads(sql),
  ...attemptWrites(sql),
});

const select = (
  sql: BoundedSql,
  where: string,
  ...parameters: readonly (string | number)[]
): Attempt[] =>
  sql.all<AttemptRow>(`SELECT ${COLUMNS} FROM attempts ${where}`, ...parameters).map(toAttempt);

const attemptReads = (sql: BoundedSql) => ({
  /** All of an intent, by number. */
  list: (intentId: string): Attempt[] =>
    select(sql, 'WHERE intent_id = ? ORDER BY number', intentId),
  loadBytes: (attempt: Attempt, column: 'unsigned' | 'signed'): Uint8Array | undefined => {
    const row = sql.first<{ bytes: ArrayBuffer | null }>(
      `SELECT ${column} AS bytes FROM attempts WHERE intent_id = ? AND number = ?`,
      attempt.intentId,
      attempt.number,
    );
    return row === undefined || row.bytes === null ? undefined : new Uint8Array(row.bytes);
  },
  /** Whose transaction it is; undefined for one that is not stored. */
  intentOf: (hash: Hash256): string | undefined =>
    sql.first<{ intent_id: string }>('SELECT intent_id FROM attempts WHERE hash = ?', hash)
      ?.intent_id,
  listDue: (now: number, limit: number): Attempt[] =>
    select(
      sql,
      `WHERE due_at IS NOT NULL AND lease_until IS NULL AND due_at <= ?
       ORDER BY due_at, intent_id LIMIT ?`,
      now,
      limit,
    ),
  listLeaseDead: (now: number, limit: number): Attempt[] =>
    select(
      sql,
      'WHERE lease_until IS NOT NULL AND lease_until <= ? ORDER BY lease_until LIMIT ?',
      now,
      limit,
    ),
  nextDue: () => time(sql, 'MIN(due_at)', 'due_at IS NOT NULL AND lease_until IS NULL'),
  nextLeaseEnd: () => time(sql, 'MIN(lease_until)', 'lease_until IS NOT NULL'),
  countLeased: (): number =>
    sql.first<{ leased: number }>(
      'SELECT COUNT(*) AS leased FROM attempts WHERE lease_until IS NOT NULL',
    )?.leased ?? 0,
});

const attemptWrites = (sql: BoundedSql) => ({
  /** As it was planned. */
  add({ intentId, number, kind, state, networkFeeMax, work }: Attempt): void {
    sql.write(
      `INSERT INTO attempts (intent_id, number, kind, state, network_fee_max, due_at, lease_number,
         lease_until, tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      intentId,
      number,
      kind,
      state,
      Number(networkFeeMax),
      work.dueAt,
      work.leaseNumber,
      work.leaseUntil,
      work.tries,
    );
  },
  /** What may change; transaction and bytes are written by those below. */
  save({ intentId, number, state, work }: Attempt): void {
    sql.write(
      `UPDATE attempts SET state = ?, due_at = ?, lease_number = ?, lease_until = ?, tries = ?
       WHERE intent_id = ? AND number = ?`,
      state,
      work.dueAt,
      work.leaseNumber,
      work.leaseUntil,
      work.tries,
      intentId,
      number,
    );
  },
  /** What will be signed, before it is: written once, by the guard on the column. */
  savePrepared(
    { intentId, number }: Attempt,
    of: PreparedTransaction,
    unsigned: Uint8Array,
  ): number {
    return sql.run(
      `UPDATE attempts SET hash = ?, system_fee = ?, network_fee = ?, valid_until_block = ?,
         prepared_height = ?, prepared_at = ?, unsigned = ?
       WHERE intent_id = ? AND number = ? AND unsigned IS NULL`,
      of.hash,
      Number(of.systemFee),
      Number(of.networkFee),
      of.validUntilBlock,
      of.preparedHeight,
      of.preparedAt,
      unsigned,
      intentId,
      number,
    );
  },
  saveSigned({ intentId, number }: Attempt, signed: Uint8Array): void {
    sql.write(
      'UPDATE attempts SET signed = ? WHERE intent_id = ? AND number = ? AND signed IS NULL',
      signed,
      intentId,
      number,
    );
  },
  eraseBytes: (intentId: string): void =>
    sql.write('UPDATE attempts SET unsigned = NULL, signed = NULL WHERE intent_id = ?', intentId),
  removeOf: (intentId: string): void =>
    sql.write('DELETE FROM attempts WHERE intent_id = ?', intentId),
});

const time = (sql: BoundedSql, column: string, where: string): number | null =>
  sql.first<{ at: number | null }>(`SELECT ${column} AS at FROM attempts WHERE ${where}`)?.at ??
  null;

const toAttempt = (row: AttemptRow): Attempt => ({
  intentId: row.intent_id,
  number: row.number,
  kind: row.kind,
  state: row.state,
  networkFeeMax: BigInt(row.network_fee_max),
  transaction: toTransaction(row),
  work: {
    dueAt: row.due_at,
    leaseNumber: row.lease_number,
    leaseUntil: row.lease_until,
    tries: row.tries,
  },
});

function toTransaction(row: AttemptRow): PreparedTransaction | null {
  const { hash, system_fee: systemFee, network_fee: networkFee } = row;
  const { valid_until_block: validUntilBlock, prepared_height: preparedHeight } = row;
  if (hash === null || systemFee === null || networkFee === null) return null;
  if (validUntilBlock === null || preparedHeight === null || row.prepared_at === null) return null;
  return {
    hash,
    systemFee: BigInt(systemFee),
    networkFee: BigInt(networkFee),
    validUntilBlock,
    preparedHeight,
    preparedAt: row.prepared_at,
  };
}
