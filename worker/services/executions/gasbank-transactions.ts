/**
 * What came into a gas account and what leaves it, as functions of the earlier platform read it:
 * deposits and withdrawals in one list, newest first, with a status of few words beside our own.
 * The tables belong to other services; one query here is worth the reach, as it is the whole answer.
 */
import { sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, fromStored } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Database } from '../../db/connect.ts';
import type { GasAccountRow } from '../gasbank/index.ts';

export interface TransactionQuery {
  /** `deposit` or `withdrawal`. */
  readonly type: string | undefined;
  /** In the words of the earlier platform, or in ours. */
  readonly status: string | undefined;
  readonly limit: number;
}

interface TransactionRow {
  readonly id: string;
  readonly type: 'deposit' | 'withdrawal';
  readonly status: string;
  readonly state: string;
  readonly amount: number;
  readonly fee: number | null;
  readonly counterparty: ScriptHash | null;
  readonly hash: string | null;
  readonly created_at: number;
  readonly updated_at: number;
}

export async function listTransactionsOf(
  db: Database,
  { accountId, gasAccountId }: GasAccountRow,
  {
    type = null,
    status = null,
    limit,
  }: { [Name in keyof TransactionQuery]: TransactionQuery[Name] | null },
) {
  const rows = await db.all<TransactionRow>(sql`
    WITH moved AS (
      SELECT deposit_id AS id, 'deposit' AS type, 'completed' AS status, status AS state, amount,
        NULL AS fee, from_script_hash AS counterparty, transaction_hash AS hash, created_at, updated_at
      FROM gasbank_deposits WHERE account_id = ${accountId} AND gas_account_id = ${gasAccountId}
      UNION ALL
      SELECT withdrawal_id, 'withdrawal', CASE status
          WHEN 'awaiting_approval' THEN status WHEN 'scheduled' THEN status
          WHEN 'completed' THEN status WHEN 'cancelled' THEN status WHEN 'dead_letter' THEN status
          WHEN 'failed' THEN status WHEN 'rejected' THEN 'failed' ELSE 'pending' END,
        status, amount, fee, recipient, hash, created_at, updated_at
      FROM withdrawals WHERE account_id = ${accountId} AND gas_account_id = ${gasAccountId}
    )
    SELECT * FROM moved
    WHERE (${type} IS NULL OR type = ${type})
      AND (${status} IS NULL OR status = ${status} OR state = ${status})
    ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    status: row.status,
    state: row.state,
    gasAccountId,
    amount: formatGas(fromStored(row.amount)),
    fee: row.fee === null ? null : formatGas(fromStored(row.fee)),
    [row.type === 'deposit' ? 'from' : 'to']:
      row.counterparty === null ? null : encodeAddress(row.counterparty),
    hash: row.hash,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  }));
}
