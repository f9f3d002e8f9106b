/** The deposit in suspense that a return is about, as it changes with the return (money rule M2). */
import { type SQL, sql } from 'drizzle-orm';
import { type PayoutRow, payoutAsRead } from './store.ts';

/** Statements of the batch that ends the return; before its row changes. */
export function depositAfter(after: PayoutRow, before: PayoutRow): readonly SQL[] {
  if (after.kind !== 'return') return [];
  const status = after.status === 'completed' ? 'returned' : 'suspense';
  return [
    sql`UPDATE gasbank_deposits
      SET status = ${status}, revision = revision + 1, updated_at = ${after.updatedAt}
      WHERE deposit_id = ${after.depositId} AND status = 'returning'
        AND EXISTS (SELECT 1 FROM ${payoutAsRead(before)})`,
  ];
}

/** Statements after the row of a return was taken away: the book holds nothing of it. */
export const depositUnopened = (row: PayoutRow, now: number): readonly SQL[] =>
  row.kind !== 'return'
    ? []
    : [
        sql`UPDATE gasbank_deposits SET status = 'suspense', revision = revision + 1,
          updated_at = ${now}
          WHERE deposit_id = ${row.depositId} AND status = 'returning'
            AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE withdrawal_id = ${row.withdrawalId})`,
      ];
