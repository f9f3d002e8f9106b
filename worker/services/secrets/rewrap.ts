/**
 * Moves data keys to the current master key, some accounts a step. The bridge does the wrapping; a
 * key that was changed by another step meanwhile is left alone, so steps may overlap, stop anywhere
 * and be repeated.
 */
import { asc, gt, sql } from 'drizzle-orm';
import { ok, type Result } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { listFacts } from './grants.ts';
import { accountDataKeys } from './tables.ts';

type KeyRow = typeof accountDataKeys.$inferSelect;

export async function rewrapKeys(
  context: RequestContext,
  request: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const page = openPage(request);
  if (!page.ok) return page;
  const { after, rows: limit } = page.value;
  const rows = await context.db
    .select()
    .from(accountDataKeys)
    .where(after === undefined ? undefined : gt(accountDataKeys.accountId, after))
    .orderBy(asc(accountDataKeys.accountId))
    .limit(limit);
  const { items, nextCursor } = closePage(rows, request.limit, {
    keyOf: (row) => row.accountId,
    toItem: (row) => row,
  });
  const outcome = await rewrapAll(context, items);
  if (!outcome.ok) return outcome;
  const { changed, undecryptable } = outcome.value;
  const step = { checked: items.length, rewrapped: changed.length, undecryptable, nextCursor };
  return commit(context, {
    statements: changed.map(
      ({ row, wrappedKey, masterKeyId }) =>
        sql`UPDATE account_data_keys
          SET wrapped_key = ${wrappedKey}, master_key_id = ${masterKeyId}, updated_at = ${context.now}
          WHERE account_id = ${row.accountId} AND wrapped_key = ${row.wrappedKey}`,
    ),
    accountId: undefined,
    details: {
      checked: step.checked,
      rewrapped: step.rewrapped,
      ...listFacts('undecryptable', undecryptable),
    },
    answer: { status: 200, body: step },
  });
}

interface Rewrapped {
  readonly row: KeyRow;
  readonly wrappedKey: string;
  readonly masterKeyId: string;
}

async function rewrapAll(
  { env }: RequestContext,
  rows: readonly KeyRow[],
): Promise<Result<{ readonly changed: readonly Rewrapped[]; readonly undecryptable: string[] }>> {
  const changed: Rewrapped[] = [];
  const undecryptable: string[] = [];
  const outcomes = await Promise.all(
    rows.map(async (row) => ({ row, outcome: await env.BRIDGE.rewrapDataKey(row) })),
  );
  for (const { row, outcome } of outcomes) {
    if (outcome.ok && outcome.value.changed) changed.push({ row, ...outcome.value });
    if (outcome.ok) continue;
    // One damaged key must not hold up the rotation of all others; without a master key there is
    // nothing to go on with.
    if (outcome.failure.code !== 'secrets.undecryptable') return outcome;
    undecryptable.push(row.accountId);
  }
  return ok({ changed, undecryptable });
}
