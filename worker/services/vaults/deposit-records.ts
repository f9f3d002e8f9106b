/**
 * Deposits in D1: told there once each, by their chain key, after the platform's book has them; the
 * row, its audit line and its event are one batch under one condition. Whether the other book took
 * what it was sent is looked at later: what it refused lies in suspense again.
 */
import { sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { available, suspenseOf } from '../../core/ledger/book.ts';
import { formatGas, toStored } from '../../core/money.ts';
import type { SuspenseReason } from '../../core/vaults/bookings.ts';
import type { GasMove } from '../../core/vaults/gas-moves.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import { tellIf } from '../../http/outbox.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { gasAccounts } from '../gasbank/index.ts';
import { type DepositRow, insertDeposit, updateDeposit } from './deposit-store.ts';
import { LIMITS } from './limits.ts';
import type { VaultRow } from './store.ts';
import { gasbankDeposits } from './tables.ts';

type RecordDeps = Pick<RequestContext, 'db' | 'now'>;

export interface BookedDeposit {
  readonly vault: VaultRow;
  readonly move: GasMove;
  /** As the receipt has it: `suspense`, or an account and its fund. */
  readonly decided: string;
  readonly reason: SuspenseReason | null;
}

export async function recordDeposit(deps: RecordDeps, booked: BookedDeposit): Promise<void> {
  const { now, db } = deps;
  const row = await rowOf(deps, booked);
  const once = sql`(SELECT 1 WHERE NOT EXISTS
    (SELECT 1 FROM gasbank_deposits WHERE chain_key = ${row.chainKey}))`;
  await runBatch(db.$client, [
    ...linesOf(row, 'vaults.recordDeposit', now).map((line) => tellIf(line, once)),
    insertDeposit(db, row).getSQL(),
  ]);
}

async function rowOf({ db, now }: RecordDeps, booked: BookedDeposit): Promise<DepositRow> {
  const { vault, move, decided, reason } = booked;
  const { event, from, to, amount } = move;
  const owner = await findOwner(db, vault.networkMagic, decided);
  return {
    depositId: newId('deposit', now),
    chainKey: event.id,
    network: vault.network,
    networkMagic: vault.networkMagic,
    accountId: owner?.accountId ?? null,
    gasAccountId: owner?.gasAccountId ?? null,
    amount: toStored(amount),
    fromScriptHash: from,
    toScriptHash: to ?? vault.contract,
    transactionHash: event.transaction,
    height: event.height,
    status: owner === null ? 'suspense' : 'credited',
    // Decided when it first came; by now it might have been another way.
    reason: owner === null ? (reason ?? 'account_unknown') : null,
    dueAt: owner === null ? null : now + LIMITS.depositCheckSeconds.value * 1_000,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

async function findOwner(db: Database, magic: number, decided: string) {
  const [accountId = '', fund] = decided.split('/');
  if (fund === undefined) return null;
  const [row] = await db
    .select({ gasAccountId: gasAccounts.gasAccountId })
    .from(gasAccounts)
    .where(
      sql`${gasAccounts.accountId} = ${accountId} AND ${gasAccounts.networkMagic} = ${magic}
        AND ${gasAccounts.fund} = ${fund}`,
    );
  return { accountId, gasAccountId: row?.gasAccountId ?? null };
}

/** The audit line and the event of what a deposit has become: of its account, or the operator's. */
function linesOf(row: DepositRow, operation: string, now: number) {
  const journal = row.accountId ?? 'operator';
  const isSuspense = row.status === 'suspense';
  const facts = {
    depositId: row.depositId,
    network: row.network,
    networkMagic: row.networkMagic,
    gasAccountId: row.gasAccountId,
    amount: formatGas(BigInt(row.amount)),
    transactionHash: row.transactionHash,
    blockIndex: row.height,
    reason: row.reason,
  };
  const audit = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: 'chain' },
    operation,
    outcome: 'ok',
    target: { kind: 'deposit', id: row.depositId },
    details: facts,
  };
  const event = {
    id: newId('event', now),
    source: `/accounts/${journal}`,
    specversion: '1.0',
    time: toTimestamp(now),
    type: isSuspense ? 'gasbank.deposit_in_suspense' : 'gasbank.deposit_credited',
    subject: `deposits/${row.depositId}`,
    data: facts,
  };
  return [
    { journal, kind: 'audit', body: audit, now },
    { journal, kind: 'event', body: event, now },
  ] as const;
}

/** Where the book has what no account took. */
export const suspenseAccountOf = ({ chainKey }: Pick<DepositRow, 'chainKey'>) =>
  available(suspenseOf(chainKey));

/** The other book was closed: what was sent to it has come back (M17). */
export async function recordRefused(deps: RecordDeps, row: DepositRow): Promise<void> {
  const { db, now } = deps;
  const refused: DepositRow = {
    ...row,
    accountId: null,
    gasAccountId: null,
    status: 'suspense',
    reason: 'account_closed',
    dueAt: null,
    revision: row.revision + 1,
    updatedAt: now,
  };
  const same = sql`deposit_id = ${row.depositId} AND revision = ${row.revision}`;
  await runBatch(db.$client, [
    ...linesOf(refused, 'vaults.recordRefused', now).map((line) =>
      tellIf(line, sql`gasbank_deposits WHERE ${same}`),
    ),
    updateDeposit(db, row, refused, same).getSQL(),
  ]);
}

/** A book answers within seconds; one that cannot be reached is looked at for some days. */
export async function noteTaken({ db, now }: RecordDeps, row: DepositRow): Promise<void> {
  const age = now - row.updatedAt;
  const isOver = age > LIMITS.depositCheckHoursMax.value * 3_600_000;
  const wait = Math.max(LIMITS.depositCheckSeconds.value * 1_000, 4 * age);
  await db
    .update(gasbankDeposits)
    .set({ dueAt: isOver ? null : now + wait })
    .where(
      sql`${gasbankDeposits.depositId} = ${row.depositId}
        AND ${gasbankDeposits.revision} = ${row.revision}`,
    );
}
