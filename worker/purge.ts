/**
 * What is left of an account whose time of grace is over: its audit log, receipts' hashes in it,
 * its row and its wallet mappings, and those for as long as records are kept. Everything else goes:
 * keys, functions, secrets with their data
 * key (which makes whatever was sealed under it unreadable for ever, backups included), executions,
 * logs and journals. One account is one batch and one call of its journal; an account purged
 * half-way is found again by the next sweep, and so is one whose records end.
 */
import { type SQL, sql } from 'drizzle-orm';
import { toTimestamp } from './core/clock.ts';
import { runBatch } from './db/batch.ts';
import { connect } from './db/connect.ts';
import type { Env } from './env.ts';
import { tell } from './http/outbox.ts';
import { endAccount, listEndable, listPurgeable, markPurged } from './services/accounts/index.ts';
import { purgeChallengesOf } from './services/challenges/index.ts';
import { purgeContractsOf } from './services/contracts/index.ts';
import { purgeFunctionsOf } from './services/functions/index.ts';
import { endGasAccountsOf, purgeGasAccountsOf } from './services/gasbank/index.ts';
import { purgeKeysOf } from './services/keys/index.ts';
import { endMeteringOf, purgeMeteringOf } from './services/metering/index.ts';
import { purgeSecretsOf } from './services/secrets/index.ts';
import { purgeSessionsOf } from './services/sessions/index.ts';
import { purgeSignInOf } from './services/sign-in/index.ts';
import { purgeSponsorshipsOf } from './services/sponsorships/index.ts';
import { purgeTransactionsOf } from './services/transactions/index.ts';
import { endDepositsOf } from './services/vaults/index.ts';
import { endChainWalletsOf, purgeChainKeysOf } from './services/wallets/index.ts';
import { purgeWithdrawalsOf } from './services/withdrawals/index.ts';
import { endWalletsOf } from './services/workspace-wallets/index.ts';

const ACCOUNTS_PER_SWEEP = 20;

export async function purgeAccounts(env: Env, now: number): Promise<number> {
  const db = connect(env.DB);
  const due = await listPurgeable(db, now, ACCOUNTS_PER_SWEEP);
  for (const { accountId } of due) await purgeAccount(env, accountId, now);
  return due.length;
}

async function purgeAccount(env: Env, accountId: string, now: number): Promise<void> {
  // The journal first: while it has not answered, the row still says that a purge is due.
  const purged = await env.ACCOUNT_JOURNAL.getByName(accountId).purge();
  if (!purged.ok) return;
  await runBatch(env.DB, [
    ...purgeFunctionsOf(accountId),
    ...purgeSecretsOf(accountId),
    ...purgeKeysOf(accountId),
    ...purgeSessionsOf(accountId),
    ...purgeSignInOf(accountId),
    ...purgeChallengesOf(accountId),
    ...purgeContractsOf(accountId),
    ...purgeChainKeysOf(accountId),
    ...purgeTransactionsOf(accountId),
    ...purgeWithdrawalsOf(accountId),
    ...purgeSponsorshipsOf(accountId),
    ...purgeGasAccountsOf(accountId, now),
    ...purgeMeteringOf(accountId),
    markPurged(accountId, now),
    auditLine({ journal: accountId, operation: 'accounts.purgeAccount', accountId, now }),
  ]);
}

/** Ends the records of accounts that were purged long ago. */
export async function endAccountRecords(env: Env, now: number): Promise<number> {
  const due = await listEndable(connect(env.DB), now, ACCOUNTS_PER_SWEEP);
  for (const { accountId } of due) await endRecords(env, accountId, now);
  return due.length;
}

async function endRecords(env: Env, accountId: string, now: number): Promise<void> {
  // The journal goes on by itself once it has begun; until it has answered, the row says what is due.
  const begun = await env.ACCOUNT_JOURNAL.getByName(accountId).endRecords();
  if (!begun.ok) return;
  await runBatch(env.DB, [
    ...endWalletsOf(accountId),
    ...endChainWalletsOf(accountId),
    ...endDepositsOf(accountId),
    ...endGasAccountsOf(accountId),
    ...endMeteringOf(accountId),
    sql`DELETE FROM scheduler_wakes WHERE account_id = ${accountId}`,
    sql`DELETE FROM outbox WHERE journal = ${accountId}`,
    endAccount(accountId),
    auditLine({ journal: 'operator', operation: 'accounts.endRecords', accountId, now }),
  ]);
}

interface SweepAct {
  readonly journal: string;
  readonly operation: string;
  readonly accountId: string;
  readonly now: number;
}

function auditLine({ journal, operation, accountId, now }: SweepAct): SQL {
  const body = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: 'sweep' },
    operation,
    outcome: 'ok',
    target: { kind: 'account', id: accountId },
  };
  return tell({ journal, kind: 'audit', body, now });
}
