/** Counts against quotas: one query over the catalogue, one question to the account's journal. */
import { sql } from 'drizzle-orm';
import { err, ok } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { DEFAULT_QUOTAS } from './quotas.ts';
import { loadAccount } from './store.ts';

interface Counts {
  readonly keys: number;
  readonly wallets: number;
  readonly secrets: number;
  readonly functions: number;
}

export async function getUsage(context: RequestContext, accountId: string) {
  const row = await loadAccount(context.db, accountId);
  if (!row) return err('request.not_found');
  const quotas = { ...DEFAULT_QUOTAS, ...row.quotas };
  const counts = await countResources(context, accountId);
  const month = new Date(context.now).toISOString().slice(0, 7);
  const journal = await context.env.ACCOUNT_JOURNAL.getByName(accountId).usage(month);
  if (!journal.ok) return journal;
  const kept = journal.value.retention;
  const retained = (days: number, bytesMax: number, bytes: number) => ({ days, bytesMax, bytes });
  const of = (used: number, limit: number) => ({ used, limit });
  const body = {
    month,
    keys: of(counts.keys, quotas.keys),
    wallets: of(counts.wallets, quotas.wallets),
    secrets: of(counts.secrets, quotas.secrets),
    functions: of(counts.functions, quotas.functions),
    concurrentExecutions: of(journal.value.running, quotas.concurrentExecutions),
    monthlyExecutions: of(journal.value.executions, quotas.monthlyExecutions),
    monthlyFuel: of(journal.value.fuel, quotas.monthlyFuel),
    retention: {
      journals: retained(kept.journalDays, kept.journalBytes, journal.value.journalBytes),
      outputs: retained(kept.outputDays, kept.outputBytes, journal.value.outputBytes),
    },
  };
  return ok({ status: 200, body } as const);
}

/**
 * The tables belong to other services; one query here is worth the reach, as it is the whole of
 * this answer.
 */
async function countResources({ db, now }: RequestContext, accountId: string): Promise<Counts> {
  const rows = await db.all<Counts>(sql`SELECT
    (SELECT count(*) FROM api_keys WHERE account_id = ${accountId}
      AND coalesce(revoked_at, ${now} + 1) > ${now} AND coalesce(expires_at, ${now} + 1) > ${now}) AS keys,
    (SELECT count(*) FROM workspace_wallets WHERE account_id = ${accountId}) AS wallets,
    (SELECT count(*) FROM secrets WHERE account_id = ${accountId} AND deleted_at IS NULL) AS secrets,
    (SELECT count(*) FROM functions WHERE account_id = ${accountId} AND deleted_at IS NULL) AS functions`);
  return rows[0] ?? { keys: 0, wallets: 0, secrets: 0, functions: 0 };
}
