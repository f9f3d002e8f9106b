/**
 * What is due, in order of time, and who attends to it. A thing is taken out of the table when it
 * is attended to, and whoever needs to be woken again says so in the same transaction. What must be
 * done outside comes back as a hand-over; it stays due until the outside's answer was applied, so a
 * lost hand-over is made again.
 */
import type { AuditCheckpoint } from '../../worker/core/audit/checkpoint.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { pendingCheckpoint } from './audit-log.ts';
import { watchExecutions } from './execution-watch.ts';
import { flushRefusals } from './refusals.ts';
import { endStep, purgeStep, retain } from './retention.ts';
import { DUE_KINDS, type DueKind, type DueRow, type Turn, wakeAt } from './turn.ts';

export interface DueThing {
  readonly kind: DueKind;
  readonly key: string;
  readonly failures: number;
}

export type WorkItems = readonly { readonly id: string; readonly kind: 'execution' | 'actions' }[];

export type Handover =
  | { readonly kind: 'sign'; readonly checkpoint: AuditCheckpoint }
  | { readonly kind: 'work'; readonly items: WorkItems };

export const nextDueAt = (turn: Turn): number | undefined =>
  turn.sql.first<{ at: number }>('SELECT at FROM due ORDER BY at LIMIT 1')?.at;

export const listDue = (turn: Turn): readonly DueThing[] =>
  turn.sql
    .all<DueRow>(
      'SELECT kind, key, at, failures FROM due WHERE at <= ? ORDER BY at LIMIT ?',
      turn.now,
      LIMITS.alarmItemsMax.value,
    )
    .flatMap(({ kind, key, failures }) => (isDueKind(kind) ? [{ kind, key, failures }] : []));

const isDueKind = (kind: string): kind is DueKind => DUE_KINDS.some((known) => known === kind);

export function attend(turn: Turn, due: DueThing): Handover | undefined {
  turn.sql.write('DELETE FROM due WHERE kind = ? AND key = ?', due.kind, due.key);
  return ATTENDANTS[due.kind](turn, due.key);
}

/** For what is done here and has nothing to hand over. */
const inside = (work: (turn: Turn, key: string) => unknown) => (turn: Turn, key: string) => {
  work(turn, key);
  return undefined;
};

const ATTENDANTS: Readonly<Record<DueKind, (turn: Turn, key: string) => Handover | undefined>> = {
  checkpoint: askForSignature,
  work: handWorkOver,
  refusals: inside(flushRefusals),
  executions: inside(watchExecutions),
  retention: inside(retain),
  purge: inside(purgeStep),
  ending: inside(endStep),
};

function askForSignature(turn: Turn): Handover | undefined {
  const checkpoint = pendingCheckpoint(turn);
  if (checkpoint === null) return undefined;
  wakeAt(turn, { kind: 'checkpoint', at: turn.now + LIMITS.resumeSeconds.value * 1000 });
  return { kind: 'sign', checkpoint };
}

function handWorkOver(turn: Turn): Handover | undefined {
  const items = turn.sql.all<{ id: string; kind: 'execution' | 'actions' }>(
    'SELECT item_id AS id, kind FROM work_outbox ORDER BY item_id LIMIT ?',
    LIMITS.batchExecutionsMax.value,
  );
  if (items.length === 0) return undefined;
  wakeAt(turn, { kind: 'work', at: turn.now + LIMITS.resumeSeconds.value * 1000 });
  return { kind: 'work', items };
}

/**
 * Doubles from 30 s to an hour; the reason is kept beside the thing for whoever looks at the
 * object.
 */
export function putOff(turn: Turn, due: DueThing, reason: string): void {
  const delayMs = Math.min(3_600_000, LIMITS.resumeSeconds.value * 1000 * 2 ** due.failures);
  turn.sql.write(
    'UPDATE due SET at = ?, failures = failures + 1, reason = ? WHERE kind = ? AND key = ?',
    turn.now + delayMs,
    reason.slice(0, 300),
    due.kind,
    due.key,
  );
}
