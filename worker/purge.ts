/**
 * What is left of an account whose time of grace is over: its audit log, receipts' hashes in it,
 * its row and its wallet mappings. Everything else goes: keys, functions, secrets with their data
 * key (which makes whatever was sealed under it unreadable for ever, backups included), executions,
 * logs and journals. One account is one batch and one call of its journal; an account purged
 * half-way is found again by the next sweep.
 */
import { type SQL, sql } from 'drizzle-orm';
import { toTimestamp } from './core/clock.ts';
import { runBatch } from './db/batch.ts';
import { connect } from './db/connect.ts';
import type { Env } from './env.ts';
import { listPurgeable, markPurged } from './services/accounts/index.ts';
import { purgeFunctionsOf } from './services/functions/index.ts';
import { purgeKeysOf } from './services/keys/index.ts';
import { purgeSecretsOf } from './services/secrets/index.ts';

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
    markPurged(accountId, now),
    auditLine(accountId, now),
  ]);
}

function auditLine(accountId: string, now: number): SQL {
  const body = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: 'sweep' },
    operation: 'accounts.purgeAccount',
    outcome: 'ok',
    target: { kind: 'account', id: accountId },
  };
  return sql`INSERT INTO outbox (journal, kind, body, created_at)
    VALUES (${accountId}, 'audit', ${JSON.stringify(body)}, ${now})`;
}
