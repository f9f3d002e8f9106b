/**
 * The statements of an AccountLedger about holds, the counters of budgets, and usage by day. What a
 * hold has counted is kept with it until it ends.
 */

import type { Usage } from '../../worker/core/ledger/change.ts';
import type { Charge, CounterName, Hold } from '../../worker/core/ledger/hold.ts';
import { fromStored, toStored } from '../../worker/core/money.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import type { ListUsage, UsageView } from './rpc.ts';

type HoldRow = {
  key: string;
  fund: string;
  kind: Hold['kind'];
  state: Hold['state'];
  gas: number;
  credits: number;
  payout: number;
  route: Hold['route'];
  purpose: string;
  charges: string | null;
  created_at: number;
  expires_at: number | null;
  ended_at: number | null;
  verdict: string | null;
};

const COLUMNS = `key, fund, kind, state, gas, credits, payout, route, purpose, charges, created_at,
  expires_at, ended_at, verdict`;

export const holdStore = (sql: BoundedSql) => ({
  ...holdRows(sql),
  ...counterRows(sql),
  ...usageRows(sql),
});

const holdRows = (sql: BoundedSql) => ({
  loadHold(key: string): Hold | undefined {
    const row = sql.first<HoldRow>(`SELECT ${COLUMNS} FROM holds WHERE key = ?`, key);
    return row && toHold(row);
  },
  addHold: (hold: Hold): void =>
    sql.write(
      `INSERT INTO holds (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      hold.key,
      hold.fund,
      hold.kind,
      hold.state,
      toStored(hold.gas),
      toStored(hold.credits),
      toStored(hold.payout),
      hold.route,
      hold.purpose,
      hold.charges.length === 0 ? null : formatCharges(hold.charges),
      hold.createdAt,
      hold.expiresAt,
      hold.endedAt,
      hold.verdict,
    ),
  /** What may change. */
  saveHold: ({ key, kind, state, charges, expiresAt, endedAt, verdict }: Hold): void =>
    sql.write(
      `UPDATE holds SET kind = ?, state = ?, charges = ?, expires_at = ?, ended_at = ?, verdict = ?
       WHERE key = ?`,
      kind,
      state,
      charges.length === 0 ? null : formatCharges(charges),
      expiresAt,
      endedAt,
      verdict,
      key,
    ),
  listOverdue: (now: number, limit: number): Hold[] =>
    sql
      .all<HoldRow>(
        `SELECT ${COLUMNS} FROM holds WHERE state = 'held' AND COALESCE(expires_at, 0) > 0
           AND COALESCE(expires_at, 0) <= ? ORDER BY COALESCE(expires_at, 0) LIMIT ?`,
        now,
        limit,
      )
      .map(toHold),
  /** Open ones: first those that only a verdict ends, then by the time they are over. */
  listOpen: (after: { readonly expiresAt: number; readonly key: string }, limit: number): Hold[] =>
    sql
      .all<HoldRow>(
        `SELECT ${COLUMNS} FROM holds WHERE state = 'held' AND COALESCE(expires_at, 0) >= ?
           AND (COALESCE(expires_at, 0), key) > (?, ?)
         ORDER BY COALESCE(expires_at, 0), key LIMIT ?`,
        after.expiresAt,
        after.expiresAt,
        after.key,
        limit,
      )
      .map(toHold),
});

const toHold = (row: HoldRow): Hold => ({
  key: row.key,
  fund: row.fund,
  kind: row.kind,
  state: row.state,
  gas: fromStored(row.gas),
  credits: fromStored(row.credits),
  payout: fromStored(row.payout),
  route: row.route,
  purpose: row.purpose,
  charges: row.charges === null ? [] : parseCharges(row.charges),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  verdict: row.verdict,
});

/** Short, since every open hold of a policy has some: window, counter, amount, what it counts. */
type StoredCharge = readonly [number, string, string, Charge['counts']];

const formatCharges = (charges: readonly Charge[]): string =>
  JSON.stringify(
    charges.map(
      ({ window, counter, amount, counts }): StoredCharge => [
        window,
        counter,
        amount.toString(),
        counts,
      ],
    ),
  );

// Written above from charges, and by nobody else.
const parseCharges = (text: string): readonly Charge[] =>
  (JSON.parse(text) as readonly StoredCharge[]).map(([window, counter, amount, counts]) => ({
    window,
    counter,
    amount: BigInt(amount),
    counts,
  }));

const counterRows = (sql: BoundedSql) => ({
  used({ window, counter }: CounterName): bigint {
    const row = sql.first<{ used: number }>(
      'SELECT used FROM counters WHERE span = ? AND counter = ?',
      window,
      counter,
    );
    return row === undefined ? 0n : fromStored(row.used);
  },
  count: ({ window, counter, amount }: Charge): void =>
    sql.write(
      `INSERT INTO counters (span, counter, used) VALUES (?, ?, ?)
       ON CONFLICT (span, counter) DO UPDATE SET used = used + excluded.used`,
      window,
      counter,
      toStored(amount),
    ),
  /** Of a day that was forgotten meanwhile there is nothing to give back to. */
  uncount: ({ window, counter, amount }: CounterName & { readonly amount: bigint }): void =>
    sql.write(
      'UPDATE counters SET used = used - ? WHERE span = ? AND counter = ?',
      toStored(amount),
      window,
      counter,
    ),
  firstDay: (): number | null =>
    sql.first<{ day: number | null }>('SELECT MIN(span) AS day FROM counters WHERE span >= 0')
      ?.day ?? null,
  /** Answers how many rows of days before this one are gone. */
  removeDaysBefore: (day: number, limit: number): number =>
    sql.run(
      `DELETE FROM counters WHERE (span, counter) IN
         (SELECT span, counter FROM counters WHERE span >= 0 AND span < ? LIMIT ?)`,
      day,
      limit,
    ),
});

type UsageRow = { day: number; purpose: string; gas: number; credits: number; uses: number };

const usageRows = (sql: BoundedSql) => ({
  addUsage: ({ day, purpose, gas, credits }: Usage): void =>
    sql.write(
      `INSERT INTO usage_days (day, purpose, gas, credits, uses) VALUES (?, ?, ?, ?, 1)
       ON CONFLICT (day, purpose) DO UPDATE SET gas = gas + excluded.gas,
         credits = credits + excluded.credits, uses = uses + 1`,
      day,
      purpose,
      toStored(gas),
      toStored(credits),
    ),
  /** No purpose is before the empty word. */
  listUsage: ({ fromDay, toDay, after = { day: fromDay, purpose: '' }, limit }: ListUsage) =>
    sql
      .all<UsageRow>(
        `SELECT day, purpose, gas, credits, uses FROM usage_days
         WHERE (day, purpose) > (?, ?) AND day <= ? ORDER BY day, purpose LIMIT ?`,
        after.day,
        after.purpose,
        toDay,
        limit,
      )
      .map(
        (row): UsageView => ({
          ...row,
          gas: fromStored(row.gas),
          credits: fromStored(row.credits),
        }),
      ),
});
