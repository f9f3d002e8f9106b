/**
 * The hash-chained audit log of one account. Entries are appended in the transaction of the change
 * they tell of (or come through the outbox of D1), get their place and hash here, and are never
 * edited. Checkpoints are made in three steps, because signing is outside: `pendingCheckpoint`
 * reads what is to be signed, somebody signs it, `saveCheckpoint` takes the signature only if the
 * log still says what was signed.
 */
import {
  type AuditCheckpoint,
  checkpointDueAt,
  type SignedCheckpoint,
} from '../../worker/core/audit/checkpoint.ts';
import { parseAuditDraft, SYSTEM_ACTOR } from '../../worker/core/audit/draft.ts';
import {
  type AuditDraft,
  type AuditEntry,
  type ChainHead,
  chainEntry,
  genesisHead,
} from '../../worker/core/audit/entry.ts';
import { LIMITS } from '../../worker/core/audit/limits.ts';
import type { AuditExport } from '../../worker/core/audit/verify.ts';
import { LIMITS as PRODUCT_LIMITS } from '../../worker/core/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { SqlParameter } from '../bounded-sql.ts';
import { policyOf } from './retention-policy.ts';
import type { AuditExportQuery, AuditQuery } from './rpc.ts';
import { freshId, type Turn, timestamp, wakeAt } from './turn.ts';

const DAY_MS = 86_400_000;

type HeadRow = { sequence: number; hash: string };
type EntryRow = { entry: string };
type CheckpointRow = { sequence: number; at: number; cut_before: number; signed: string };

/**
 * Appends what the object itself knows to be a sound draft, or anything at all: see
 * parseAuditDraft.
 */
export function appendAudit(turn: Turn, line: unknown): AuditEntry {
  const draft = parseAuditDraft(line, turn.now);
  const head = readHead(turn);
  const entry = chainEntry(head, freshId(turn, 'auditEntry'), draft);
  turn.sql.write(
    `INSERT INTO audit_entries (sequence, at, chained_at, actor_id, operation, outcome, hash, entry)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.sequence,
    Date.parse(entry.at),
    turn.now,
    entry.actor.id,
    entry.operation,
    entry.outcome,
    entry.hash,
    JSON.stringify(entry),
  );
  askForCheckpoint(turn, entry.sequence);
  return entry;
}

/** A draft with the time of this turn; what most callers in this object want. */
export const appendOwnAudit = (turn: Turn, draft: Omit<AuditDraft, 'at'>): AuditEntry =>
  appendAudit(turn, { at: timestamp(turn), ...draft });

const readHead = (turn: Turn): ChainHead =>
  turn.sql.first<HeadRow>(
    'SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1',
  ) ?? genesisHead(turn.accountId);

const readLastCheckpoint = (turn: Turn): CheckpointRow | undefined =>
  turn.sql.first<CheckpointRow>('SELECT * FROM audit_checkpoints ORDER BY sequence DESC LIMIT 1');

function askForCheckpoint(turn: Turn, lastSequence: number): void {
  const covered = readLastCheckpoint(turn)?.sequence ?? 0;
  const entries = lastSequence - covered;
  // Only the first uncovered entry and the hundredth move the time; the wish of the first one
  // stands in between.
  if (entries > 1 && entries < LIMITS.auditCheckpointEntries.value) return;
  const at = checkpointDueAt({ entries, firstAt: turn.now, now: turn.now });
  if (at !== undefined) wakeAt(turn, { kind: 'checkpoint', at });
}

/** What to sign now; null when every entry is covered. */
export function pendingCheckpoint(turn: Turn): AuditCheckpoint | null {
  const { sequence, hash } = readHead(turn);
  const last = readLastCheckpoint(turn);
  const entries = sequence - (last?.sequence ?? 0);
  if (entries === 0) return null;
  const cutBefore = planCut(turn, last?.cut_before ?? 1);
  return { accountId: turn.accountId, sequence, hash, entries, at: timestamp(turn), cutBefore };
}

/**
 * Retention cuts only behind a checkpoint: the one after which the oldest entry is young enough to
 * stay.
 */
function planCut(turn: Turn, alreadyCut: number): number {
  const keepFrom = turn.now - policyOf(turn).auditDays * DAY_MS;
  const oldest = turn.sql.first<{ sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM audit_checkpoints WHERE at <= ?',
    keepFrom,
  );
  return Math.max(alreadyCut, (oldest?.sequence ?? 0) + 1);
}

/**
 * Takes a signature over a checkpoint that was read earlier. Everything is compared again: entries
 * may have been added (fine, the checkpoint covers fewer), another signature may have come first
 * (then there is nothing to save).
 */
export function saveCheckpoint(turn: Turn, signed: SignedCheckpoint): Result<{ saved: boolean }> {
  const { checkpoint } = signed;
  const last = readLastCheckpoint(turn);
  const entry = turn.sql.first<HeadRow>(
    'SELECT sequence, hash FROM audit_entries WHERE sequence = ?',
    checkpoint.sequence,
  );
  const stillTrue =
    checkpoint.accountId === turn.accountId &&
    checkpoint.hash === entry?.hash &&
    checkpoint.entries === checkpoint.sequence - (last?.sequence ?? 0) &&
    checkpoint.entries > 0 &&
    checkpoint.cutBefore >= (last?.cut_before ?? 1);
  if (!stillTrue) return ok({ saved: false });
  turn.sql.write(
    'INSERT INTO audit_checkpoints (sequence, at, cut_before, signed) VALUES (?, ?, ?, ?)',
    checkpoint.sequence,
    turn.now,
    checkpoint.cutBefore,
    JSON.stringify(signed),
  );
  rearmCheckpoint(turn, checkpoint.sequence);
  const isCut = checkpoint.cutBefore > (last?.cut_before ?? 1);
  const retainAt = isCut ? turn.now : cutDueAt(turn);
  if (retainAt !== undefined) wakeAt(turn, { kind: 'retention', at: retainAt });
  return ok({ saved: true });
}

/**
 * Entries that came while the signature was made wait for the next checkpoint from their own time
 * on.
 */
function rearmCheckpoint(turn: Turn, covered: number): void {
  turn.sql.write("DELETE FROM due WHERE kind = 'checkpoint'");
  const uncovered = turn.sql.first<{ entries: number; firstAt: number | null }>(
    'SELECT count(*) AS entries, min(chained_at) AS firstAt FROM audit_entries WHERE sequence > ?',
    covered,
  );
  const { entries = 0, firstAt } = uncovered ?? {};
  const at = checkpointDueAt({ entries, firstAt: firstAt ?? turn.now, now: turn.now });
  if (at !== undefined) wakeAt(turn, { kind: 'checkpoint', at });
}

/**
 * When a quiet account has to announce a cut: only a checkpoint can, and without entries none is
 * made. Undefined while nothing that is left was ever covered.
 */
export function cutDueAt(turn: Turn): number | undefined {
  const oldest = turn.sql.first<{ at: number }>(
    'SELECT at FROM audit_checkpoints WHERE sequence >= ? ORDER BY sequence LIMIT 1',
    readLastCheckpoint(turn)?.cut_before ?? 1,
  );
  const days = policyOf(turn).auditDays + LIMITS.auditCutDays.value;
  return oldest && oldest.at + days * DAY_MS;
}

/**
 * Writes the entry that makes a checkpoint due, which then announces the cut. Entries that wait for
 * theirs anyway need no other; a busy account is cut by those it makes.
 */
export function announceCut(turn: Turn): void {
  const dueAt = cutDueAt(turn);
  const last = readLastCheckpoint(turn);
  if (dueAt === undefined || dueAt > turn.now || readHead(turn).sequence !== last?.sequence) return;
  appendOwnAudit(turn, {
    actor: SYSTEM_ACTOR,
    operation: 'audit.cut',
    outcome: 'ok',
    details: { cutBefore: planCut(turn, last.cut_before) },
  });
}

/**
 * Deletes entries a signed checkpoint announced as cut, a bounded number at a time; answers whether
 * more remain.
 */
export function cutAudit(turn: Turn, rowsMax: number): boolean {
  const cutBefore = readLastCheckpoint(turn)?.cut_before ?? 1;
  const deleted = turn.sql.run(
    `DELETE FROM audit_entries WHERE sequence IN
       (SELECT sequence FROM audit_entries WHERE sequence < ? ORDER BY sequence LIMIT ?)`,
    cutBefore,
    rowsMax,
  );
  return deleted === rowsMax;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  /** The sequence to go on from, in the direction of the list; null at its end. */
  readonly nextSequence: number | null;
}

export function listAudit(turn: Turn, query: AuditQuery): Result<AuditPage> {
  const limit = boundedLimit(query.limit, PRODUCT_LIMITS.pageSizeMax.value);
  const ascending = query.afterSequence !== undefined;
  const { where, parameters } = auditConditions(query);
  const rows = turn.sql.all<EntryRow>(
    `SELECT entry FROM audit_entries WHERE ${where}
     ORDER BY sequence ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
    ...parameters,
    limit + 1,
  );
  const items = rows.slice(0, limit).map(({ entry }) => toEntry(entry));
  const more = rows.length > limit;
  return ok({ items, nextSequence: more ? (items.at(-1)?.sequence ?? null) : null });
}

function auditConditions(query: AuditQuery): { where: string; parameters: SqlParameter[] } {
  const conditions: [string, SqlParameter | undefined][] = [
    ['sequence > ?', query.afterSequence],
    ['sequence < ?', query.beforeSequence],
    ['actor_id = ?', query.actorId],
    ['operation = ?', query.operation],
    ['outcome = ?', query.outcome],
    ['at >= ?', query.since],
    ['at < ?', query.until],
  ];
  const used = conditions.filter(([, value]) => value !== undefined);
  return {
    where: ['1 = 1', ...used.map(([condition]) => condition)].join(' AND '),
    parameters: used.flatMap(([, value]) => (value === undefined ? [] : [value])),
  };
}

export interface AuditExportPage extends AuditExport {
  readonly nextSequence: number | null;
}

/** A stretch of the log with the checkpoints that vouch for it, as `verifyAuditExport` takes it. */
export function exportAudit(turn: Turn, query: AuditExportQuery): Result<AuditExportPage> {
  if (query.fromSequence < 1)
    return err('request.malformed', {
      fields: [{ pointer: 'query/fromSequence', detail: 'counts from 1' }],
    });
  const limit = boundedLimit(query.limit, LIMITS.auditExportEntriesMax.value);
  const rows = turn.sql.all<EntryRow>(
    'SELECT entry FROM audit_entries WHERE sequence >= ? ORDER BY sequence LIMIT ?',
    query.fromSequence,
    limit + 1,
  );
  const entries = rows.slice(0, limit).map(({ entry }) => toEntry(entry));
  const first = entries[0]?.sequence ?? 1;
  const last = entries.at(-1)?.sequence ?? 0;
  // Those over this stretch only, so pages can be joined; where a cut took what was asked for, also
  // the one at the cut.
  const checkpoints = turn.sql
    .all<{ signed: string }>(
      'SELECT signed FROM audit_checkpoints WHERE sequence BETWEEN ? AND ? ORDER BY sequence',
      first > query.fromSequence ? first - 1 : first,
      last,
    )
    .map(({ signed }) => JSON.parse(signed) as SignedCheckpoint); // Written by saveCheckpoint alone.
  const nextSequence = rows.length > limit ? last + 1 : null;
  return ok({ accountId: turn.accountId, entries, checkpoints, nextSequence });
}

/**
 * Rows were written by appendAudit alone; their hashes are checked by whoever verifies an export.
 */
const toEntry = (text: string): AuditEntry => JSON.parse(text) as AuditEntry;

const boundedLimit = (wanted: number, most: number): number =>
  Math.max(1, Math.min(Math.trunc(wanted), most));
