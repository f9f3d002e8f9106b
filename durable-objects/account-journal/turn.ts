/**
 * One command's view of the object: its storage, its account and one reading of the clock. A turn
 * lives inside one `transactionSync`; nothing in it awaits, so what it read cannot change before it
 * writes.
 */

import { toTimestamp } from '../../worker/core/clock.ts';
import { createId, type IdKind } from '../../worker/core/ids.ts';
import type { BoundedSql } from '../bounded-sql.ts';

export interface Turn {
  readonly sql: BoundedSql;
  readonly accountId: string;
  readonly now: number;
  /** Size of the object's database, free pages not counted. */
  readonly databaseBytes: () => number;
}

export const freshId = (turn: Turn, kind: IdKind): string =>
  createId(kind, { now: turn.now, random: crypto.getRandomValues(new Uint8Array(10)) });

export const timestamp = (turn: Turn): string => toTimestamp(turn.now);

export const DUE_KINDS = [
  'checkpoint',
  'refusals',
  'executions',
  'work',
  'retention',
  'purge',
  'ending',
] as const;
export type DueKind = (typeof DUE_KINDS)[number];

export type DueRow = { kind: string; key: string; at: number; failures: number };

/** Asks to be woken at a time; an earlier wish for the same thing stands. */
export function wakeAt(turn: Turn, due: { kind: DueKind; key?: string; at: number }): void {
  turn.sql.write(
    `INSERT INTO due (kind, key, at) VALUES (?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE SET at = min(at, excluded.at)`,
    due.kind,
    due.key ?? '',
    due.at,
  );
}

export function addToMeter(turn: Turn, name: MeterName, amount: number): void {
  if (amount === 0) return;
  turn.sql.write(
    `INSERT INTO meters (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = value + excluded.value`,
    name,
    amount,
  );
}

export type MeterName = 'bytes.input' | 'bytes.journal' | 'bytes.output' | 'events.dropped';

export const readMeter = (turn: Turn, name: MeterName): number =>
  turn.sql.first<{ value: number }>('SELECT value FROM meters WHERE name = ?', name)?.value ?? 0;

type SettingName = 'accountId' | 'lastOutboxId' | 'retention';

export const readSetting = (sql: BoundedSql, name: SettingName): string | undefined =>
  sql.first<{ value: string }>('SELECT value FROM settings WHERE name = ?', name)?.value;

export function writeSetting(sql: BoundedSql, name: SettingName, value: string): void {
  sql.write(
    `INSERT INTO settings (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    name,
    value,
  );
}
