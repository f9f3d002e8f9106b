/**
 * The statements of a NeoSender about what its intents take from the days of the wallet. A day's
 * sum changes with the rows it is a sum of; the rows of an intent end with it, the sum stays.
 */
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import type { Spending } from '../../worker/core/neo-sender/spending.ts';
import type { Spent } from '../../worker/core/wallets/wallet-policy.ts';
import type { BoundedSql } from '../bounded-sql.ts';

type SpendingRow = { day: number; token: ScriptHash; part: Spending['part']; amount: string };

export type SpendingStore = ReturnType<typeof spendingStore>;

export const spendingStore = (sql: BoundedSql) => ({
  loadDay: (day: number): Spent => ({ day, amounts: amountsOf(sql, day) }),
  /** Of an intent that has not ended, by day; a few, as its script has calls. */
  listOf: (intentId: string): readonly Spending[] =>
    sql
      .all<SpendingRow>(
        'SELECT day, token, part, amount FROM spendings WHERE intent_id = ? ORDER BY day',
        intentId,
      )
      .map((row) => ({ ...row, amount: BigInt(row.amount) })),
  /** Once for an intent, a day, a token and a part; a second raise of a day is added to the first. */
  add(intentId: string, { day, token, part, amount }: Spending): void {
    const { amount: before = '0' } =
      sql.first<{ amount: string }>(
        `SELECT amount FROM spendings
         WHERE intent_id = ? AND day = ? AND token = ? AND part = ?`,
        intentId,
        day,
        token,
        part,
      ) ?? {};
    sql.write(
      `INSERT OR REPLACE INTO spendings (intent_id, day, token, part, amount)
       VALUES (?, ?, ?, ?, ?)`,
      intentId,
      day,
      token,
      part,
      (BigInt(before) + amount).toString(),
    );
    addToDay(sql, { day, token, amount });
  },
  /** Given back to its day, which may be forgotten by then. */
  subtract: ({ day, token, amount }: Spending): void =>
    addToDay(sql, { day, token, amount: -amount }),
  removeOf: (intentId: string): void =>
    sql.write('DELETE FROM spendings WHERE intent_id = ?', intentId),
  removeDaysBefore: (day: number): void =>
    sql.write('DELETE FROM spent_days WHERE day < ?', day - LIMITS.senderSpentKeepDays.value),
});

const amountsOf = (sql: BoundedSql, day: number): ReadonlyMap<ScriptHash, bigint> =>
  new Map(
    sql
      .all<{ token: ScriptHash; amount: string }>(
        'SELECT token, amount FROM spent_days WHERE day = ? ORDER BY token',
        day,
      )
      .map(({ token, amount }) => [token, BigInt(amount)]),
  );

function addToDay(sql: BoundedSql, { day, token, amount }: Omit<Spending, 'part'>): void {
  const known = sql.first<{ amount: string }>(
    'SELECT amount FROM spent_days WHERE day = ? AND token = ?',
    day,
    token,
  );
  if (known === undefined && amount < 0n) return;
  const sum = BigInt(known?.amount ?? '0') + amount;
  if (sum === 0n) sql.write('DELETE FROM spent_days WHERE day = ? AND token = ?', day, token);
  else
    sql.write(
      'INSERT OR REPLACE INTO spent_days (day, token, amount) VALUES (?, ?, ?)',
      day,
      token,
      sum.toString(),
    );
}
