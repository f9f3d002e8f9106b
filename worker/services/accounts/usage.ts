/** Counts against quotas: one query over the catalogue, one question to the account's journal. */
import { sql } from 'drizzle-orm';
import { err, ok } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { DEFAULT_QUOTAS, type Quotas } from './quotas.ts';

interface Counts {
  /** JSON, of the account itself. */
  readonly quotas: string;
  readonly keys: number;
  readonly wallets: number;
  readonly chainWallets: number;
  readonly contracts: number;
  readonly secrets: number;
  readonly functions: number;
}

export async function getUsage(context: RequestContext, accountId: string) {
  const counts = await countResources(context, accountId);
  if (!counts) return err('request.not_found');
  // Written by setQuotas alone, from a body that its schema has checked.
  const changed = JSON.parse(counts.quotas) as Partial<Quotas>;
  const quotas = { ...DEFAULT_QUOTAS, ...changed };
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
    chainWallets: of(counts.chainWallets, quotas.chainWallets),
    contracts: of(counts.contracts, quotas.contracts),
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
async function countResources(
  { db, now }: RequestContext,
  accountId: string,
): Promise<Counts | undefined> {
  const rows = await db.all<Counts>(sql`SELECT accounts.quotas,
    (SELECT count(*) FROM api_keys WHERE account_id = ${accountId}
      AND coalesce(revoked_at, ${now} + 1) > ${now} AND coalesce(expires_at, ${now} + 1) > ${now}) AS keys,
    (SELECT count(*) FROM workspace_wallets WHERE account_id = ${accountId}) AS wallets,
    (SELECT count(*) FROM chain_wallets WHERE account_id = ${accountId}) AS chainWallets,
    (SELECT count(*) FROM contracts WHERE account_id = ${accountId}) AS contracts,
    (SELECT count(*) FROM secrets WHERE account_id = ${accountId} AND deleted_at IS NULL) AS secrets,
    (SELECT count(*) FROM functions WHERE account_id = ${accountId} AND deleted_at IS NULL) AS functions
    FROM accounts WHERE accounts.account_id = ${accountId}`);
  return rows[0];
}
