/** The statements of an AccountLedger about moves to other books: its outbox of money. */

import type { OutgoingMove } from '../../worker/core/ledger/change.ts';
import { fromStored, toStored } from '../../worker/core/money.ts';
import type { BoundedSql } from '../bounded-sql.ts';

type MoveRow = {
  number: number;
  id: string;
  command: string;
  state: 'moving' | 'taken' | 'refused';
  to_owner: string;
  to_fund: string;
  fund: string;
  amount: number;
  closed_height: number;
  sent_at: number;
  tries: number;
};

export interface StoredMove extends OutgoingMove {
  readonly number: number;
  readonly command: string;
  readonly state: MoveRow['state'];
  readonly closedHeight: number;
  readonly sentAt: number;
  readonly tries: number;
}

const COLUMNS =
  'number, id, command, state, to_owner, to_fund, fund, amount, closed_height, sent_at, tries';

export const moveStore = (sql: BoundedSql) => ({
  addMove: (
    move: OutgoingMove,
    sent: { readonly command: string; readonly closedHeight: number; readonly now: number },
  ): void =>
    sql.write(
      `INSERT INTO moves (id, command, state, to_owner, to_fund, fund, amount, closed_height,
         sent_at, due_at) VALUES (?, ?, 'moving', ?, ?, ?, ?, ?, ?, ?)`,
      move.id,
      sent.command,
      move.toOwner,
      move.toFund,
      move.fund,
      toStored(move.amount),
      sent.closedHeight,
      sent.now,
      sent.now,
    ),
  loadMove(number: number): StoredMove | undefined {
    const row = sql.first<MoveRow>(`SELECT ${COLUMNS} FROM moves WHERE number = ?`, number);
    return row && toMove(row);
  },
  listDueMoves: (now: number, limit: number): StoredMove[] =>
    sql
      .all<MoveRow>(
        `SELECT ${COLUMNS} FROM moves WHERE due_at IS NOT NULL AND due_at <= ?
         ORDER BY due_at, number LIMIT ?`,
        now,
        limit,
      )
      .map(toMove),
  tellAgainAt: (number: number, dueAt: number): void =>
    sql.write('UPDATE moves SET due_at = ?, tries = tries + 1 WHERE number = ?', dueAt, number),
  endMove: (number: number, state: 'taken' | 'refused', now: number): void =>
    sql.write(
      'UPDATE moves SET state = ?, due_at = NULL, ended_at = ? WHERE number = ?',
      state,
      now,
      number,
    ),
  /** Those that wait for an answer: how many, and since when the first. */
  countMoving: (): { readonly moves: number; readonly since: number | null } =>
    sql.first<{ moves: number; since: number | null }>(
      'SELECT COUNT(*) AS moves, MIN(sent_at) AS since FROM moves WHERE due_at IS NOT NULL',
    ) ?? { moves: 0, since: null },
});

const toMove = (row: MoveRow): StoredMove => ({
  number: row.number,
  id: row.id,
  command: row.command,
  state: row.state,
  toOwner: row.to_owner,
  toFund: row.to_fund,
  fund: row.fund,
  amount: fromStored(row.amount),
  closedHeight: row.closed_height,
  sentAt: row.sent_at,
  tries: row.tries,
});
