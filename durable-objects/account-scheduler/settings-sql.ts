/**
 * The statements of an AccountScheduler about itself: totals, pauses, shares of kinds, and the one
 * settings row.
 */
import type { WorkState } from '../../worker/core/queue/item.ts';
import { WORK_KINDS, type WorkKind } from '../../worker/core/queue/kinds.ts';
import type { SavedWake } from '../../worker/core/queue/wake-by.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { PauseTarget } from './rpc.ts';

type TotalRow = { kind: WorkKind; state: WorkState; items: number; payload_bytes: number };
type SettingsRow = {
  account_id: string;
  leased_max: number;
  dead_removed: number;
  wake_by: number | null;
  wake_written_at: number | null;
  fault_at: number | null;
  fault_message: string | null;
};

export interface Settings {
  readonly accountId: string;
  readonly leasedMax: number;
  readonly deadRemoved: number;
  readonly savedWake: SavedWake | undefined;
  readonly fault: { readonly at: number; readonly message: string } | null;
}

export interface Total {
  readonly kind: WorkKind;
  readonly state: WorkState;
  readonly items: number;
  readonly payloadBytes: number;
}

export type SettingsStore = ReturnType<typeof settingsStore>;

export function settingsStore(sql: BoundedSql) {
  return {
    /** Undefined until the first item comes. */
    load(): Settings | undefined {
      const row = sql.first<SettingsRow>('SELECT * FROM scheduler');
      return row === undefined ? undefined : toSettings(row);
    },
    /** Makes the row, and changes the quota when one is given. */
    saveAccount(accountId: string, leasedMax: number | undefined, leasedDefault: number): void {
      sql.run(
        `INSERT INTO scheduler (only, account_id, leased_max) VALUES (1, ?1, coalesce(?2, ?3))
         ON CONFLICT (only) DO UPDATE SET leased_max = coalesce(?2, leased_max)`,
        accountId,
        leasedMax ?? null,
        leasedDefault,
      );
    },
    saveWake: (wake: SavedWake | undefined) =>
      sql.run(
        'UPDATE scheduler SET wake_by = ?, wake_written_at = ?',
        wake?.wakeBy ?? null,
        wake?.writtenAt ?? null,
      ),
    saveFault: (at: number, message: string) =>
      sql.run('UPDATE scheduler SET fault_at = ?, fault_message = ?', at, message),
    addDeadRemoved: (count: number) =>
      sql.run('UPDATE scheduler SET dead_removed = dead_removed + ?', count),

    listTotals: (): Total[] =>
      sql
        .all<TotalRow>('SELECT * FROM totals WHERE items > 0 ORDER BY kind, state')
        .map(({ payload_bytes: payloadBytes, ...total }) => ({ ...total, payloadBytes })),

    listPauses: (): PauseTarget[] =>
      sql
        .all<{ target: PauseTarget }>('SELECT target FROM pauses ORDER BY target')
        .map(({ target }) => target),
    savePause: (target: PauseTarget) =>
      sql.run('INSERT INTO pauses (target) VALUES (?) ON CONFLICT DO NOTHING', target),
    removePause: (target: PauseTarget) => sql.run('DELETE FROM pauses WHERE target = ?', target),

    loadCredits(): ReadonlyMap<WorkKind, number> {
      const rows = sql.all<{ kind: WorkKind; credit: number }>('SELECT kind, credit FROM kinds');
      const stored = new Map(rows.map(({ kind, credit }) => [kind, credit]));
      return new Map(WORK_KINDS.map((kind) => [kind, stored.get(kind) ?? 0]));
    },
    saveCredit: (kind: WorkKind, credit: number) =>
      sql.run(
        `INSERT INTO kinds (kind, credit) VALUES (?, ?)
         ON CONFLICT (kind) DO UPDATE SET credit = excluded.credit`,
        kind,
        credit,
      ),
  };
}

const toSettings = (row: SettingsRow): Settings => ({
  accountId: row.account_id,
  leasedMax: row.leased_max,
  deadRemoved: row.dead_removed,
  savedWake:
    row.wake_by === null || row.wake_written_at === null
      ? undefined
      : { wakeBy: row.wake_by, writtenAt: row.wake_written_at },
  fault:
    row.fault_at === null ? null : { at: row.fault_at, message: row.fault_message ?? 'unknown' },
});
