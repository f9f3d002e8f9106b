/**
 * The statements of a NeoSender about intents. Rows come in and go out as `Intent`; templates are
 * read only when an attempt is prepared. Nothing is decided here. Amounts are checked at the door
 * to be exact as numbers; sums are read as text, since a sum of exact numbers need not be one.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type { VmState } from '../../worker/core/neo/vm/execution.ts';
import type {
  Authority,
  Inclusion,
  Intent,
  IntentReason,
  IntentState,
} from '../../worker/core/neo-sender/intent.ts';
import type { BoundedSql } from '../bounded-sql.ts';

// The CHECKs and the types of what is written make these unions and brands true of what is read.
type IntentRow = {
  id: string;
  purpose: string;
  system_fee_max: number;
  network_fee_max: number;
  gas_sent: number;
  window_blocks: number;
  authority: Authority;
  state: IntentState;
  state_since: number;
  created_at: number;
  changes: number;
  reason: IntentReason | null;
  detail: string | null;
  due_at: number | null;
  lease_number: number;
  lease_until: number | null;
  tries: number;
  deadline_at: number | null;
  reserved: number;
  included_attempt: number | null;
  block_index: number | null;
  block_hash: Hash256 | null;
  vm_state: VmState | null;
  notifications_digest: string | null;
  ended_at: number | null;
};

const COLUMNS = `id, purpose, system_fee_max, network_fee_max, gas_sent, window_blocks, authority,
  state, state_since, created_at, changes, reason, detail, due_at, lease_number, lease_until, tries,
  deadline_at, reserved, included_attempt, block_index, block_hash, vm_state,
  notifications_digest, ended_at`;

/** What a balance of some height does not know of yet (M8). */
const OWED = `SELECT CAST(COALESCE(SUM(reserved), 0) AS TEXT) AS owed FROM intents WHERE id <> ? AND `;

export type IntentStore = ReturnType<typeof intentStore>;

export const intentStore = (sql: BoundedSql) => ({
  ...intentReads(sql),
  ...dueReads(sql),
  ...intentWrites(sql),
});

const select = (
  sql: BoundedSql,
  where: string,
  ...parameters: readonly (string | number)[]
): Intent[] =>
  sql.all<IntentRow>(`SELECT ${COLUMNS} FROM intents ${where}`, ...parameters).map(toIntent);

const intentReads = (sql: BoundedSql) => ({
  load: (id: string): Intent | undefined => select(sql, 'WHERE id = ?', id)[0],
  loadTemplate: (id: string): Uint8Array => {
    const row = sql.first<{ template: ArrayBuffer }>(
      'SELECT template FROM intents WHERE id = ?',
      id,
    );
    return new Uint8Array(row?.template ?? new ArrayBuffer(0));
  },
  /** Newest first for ids that sort by time. */
  list: (state: IntentState | undefined, before: string, limit: number): Intent[] =>
    state === undefined
      ? select(sql, 'WHERE id < ? ORDER BY id DESC LIMIT ?', before, limit)
      : select(sql, 'WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?', state, before, limit),
  countOpen: (): number =>
    sql.first<{ open: number }>('SELECT COUNT(*) AS open FROM intents WHERE ended_at IS NULL')
      ?.open ?? 0,
  countStates: (): readonly { readonly state: IntentState; readonly intents: number }[] =>
    sql.all<{ state: IntentState; intents: number }>(
      'SELECT state, COUNT(*) AS intents FROM intents GROUP BY state ORDER BY state',
    ),
  reservedAt: (height: number, exceptId: string): bigint => {
    const open = sql.first<{ owed: string }>(
      `${OWED} state IN ('prepared', 'live', 'disputed')`,
      exceptId,
    );
    const later = sql.first<{ owed: string }>(`${OWED} block_index > ?`, exceptId, height);
    return BigInt(open?.owed ?? '0') + BigInt(later?.owed ?? '0');
  },
});

/** What the alarm asks: what is due, and when the next thing will be. */
const dueReads = (sql: BoundedSql) => ({
  listDue: (now: number, limit: number): Intent[] =>
    select(
      sql,
      `WHERE due_at IS NOT NULL AND lease_until IS NULL AND due_at <= ?
       ORDER BY due_at, id LIMIT ?`,
      now,
      limit,
    ),
  listLeaseDead: (now: number, limit: number): Intent[] =>
    select(
      sql,
      'WHERE lease_until IS NOT NULL AND lease_until <= ? ORDER BY lease_until LIMIT ?',
      now,
      limit,
    ),
  listOverdue: (now: number, limit: number): Intent[] =>
    select(
      sql,
      'WHERE deadline_at IS NOT NULL AND deadline_at <= ? ORDER BY deadline_at LIMIT ?',
      now,
      limit,
    ),
  listEnded: (before: number, limit: number): { id: string; state: string; ended_at: number }[] =>
    sql.all<{ id: string; state: string; ended_at: number }>(
      `SELECT id, state, ended_at FROM intents WHERE ended_at IS NOT NULL AND ended_at <= ?
       ORDER BY ended_at LIMIT ?`,
      before,
      limit,
    ),
  nextDue: () => time(sql, 'MIN(due_at)', 'due_at IS NOT NULL AND lease_until IS NULL'),
  nextLeaseEnd: () => time(sql, 'MIN(lease_until)', 'lease_until IS NOT NULL'),
  nextDeadline: () => time(sql, 'MIN(deadline_at)', 'deadline_at IS NOT NULL'),
  firstEnded: () => time(sql, 'MIN(ended_at)', 'ended_at IS NOT NULL'),
  countLeased: (): number =>
    sql.first<{ leased: number }>(
      'SELECT COUNT(*) AS leased FROM intents WHERE lease_until IS NOT NULL',
    )?.leased ?? 0,
});

const intentWrites = (sql: BoundedSql) => ({
  add(intent: Intent, template: Uint8Array): void {
    const { terms } = intent;
    sql.write(
      `INSERT INTO intents (id, purpose, template, system_fee_max, network_fee_max, gas_sent,
         window_blocks, authority, state, state_since, created_at, changes, lease_number, tries,
         deadline_at, reserved) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      intent.id,
      intent.purpose,
      template,
      Number(terms.systemFeeMax),
      Number(terms.networkFeeMax),
      Number(terms.gasSent),
      terms.windowBlocks,
      intent.authority,
      intent.state,
      intent.stateSince,
      intent.createdAt,
      intent.changes,
      intent.observe.leaseNumber,
      intent.observe.tries,
      intent.deadlineAt,
      Number(intent.reserved),
    );
  },
  /** Everything that may change; the template goes when nothing can be prepared any more. */
  save(intent: Intent): void {
    const { observe, inclusion } = intent;
    sql.write(
      `UPDATE intents SET authority = ?, state = ?, state_since = ?, changes = ?, reason = ?, detail = ?,
         due_at = ?, lease_number = ?, lease_until = ?, tries = ?, deadline_at = ?, reserved = ?,
         included_attempt = ?, block_index = ?, block_hash = ?, vm_state = ?,
         notifications_digest = ?, ended_at = ? WHERE id = ?`,
      intent.authority,
      intent.state,
      intent.stateSince,
      intent.changes,
      intent.reason,
      intent.detail,
      observe.dueAt,
      observe.leaseNumber,
      observe.leaseUntil,
      observe.tries,
      intent.deadlineAt,
      Number(intent.reserved),
      inclusion?.attempt ?? null,
      inclusion?.blockIndex ?? null,
      inclusion?.blockHash ?? null,
      inclusion?.vmState ?? null,
      inclusion?.notificationsDigest ?? null,
      intent.endedAt,
      intent.id,
    );
    if (intent.endedAt !== null)
      sql.write("UPDATE intents SET template = x'' WHERE id = ?", intent.id);
  },
  remove: (id: string): void => sql.write('DELETE FROM intents WHERE id = ?', id),
});

const time = (sql: BoundedSql, column: string, where: string): number | null =>
  sql.first<{ at: number | null }>(`SELECT ${column} AS at FROM intents WHERE ${where}`)?.at ??
  null;

const toIntent = (row: IntentRow): Intent => ({
  id: row.id,
  purpose: row.purpose,
  terms: {
    systemFeeMax: BigInt(row.system_fee_max),
    networkFeeMax: BigInt(row.network_fee_max),
    gasSent: BigInt(row.gas_sent),
    windowBlocks: row.window_blocks,
  },
  authority: row.authority,
  state: row.state,
  stateSince: row.state_since,
  createdAt: row.created_at,
  changes: row.changes,
  reason: row.reason,
  detail: row.detail,
  observe: {
    dueAt: row.due_at,
    leaseNumber: row.lease_number,
    leaseUntil: row.lease_until,
    tries: row.tries,
  },
  deadlineAt: row.deadline_at,
  reserved: BigInt(row.reserved),
  inclusion: toInclusion(row),
  endedAt: row.ended_at,
});

function toInclusion(row: IntentRow): Inclusion | null {
  const { included_attempt: attempt, block_index: blockIndex, block_hash: blockHash } = row;
  const { vm_state: vmState, notifications_digest: notificationsDigest } = row;
  if (attempt === null || blockIndex === null || blockHash === null) return null;
  if (vmState === null || notificationsDigest === null) return null;
  return { attempt, blockIndex, blockHash, vmState, notificationsDigest };
}
