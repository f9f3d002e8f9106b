/** Reading versions and statistics of a function. */
import { toTimestamp } from '../../core/clock.ts';
import { err, ok } from '../../core/result.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { listVersionRows, loadFunction, loadLiveVersion, type VersionRow } from './store.ts';
import type { FunctionKey } from './versions.ts';
import { toVersion } from './views.ts';

const WEEK_MS = 7 * 86_400_000;

export async function listVersions(
  context: RequestContext,
  { accountId, functionId }: FunctionKey,
  query: PageQuery & { readonly state?: VersionRow['state'] | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listVersionRows(context.db, {
    accountId,
    functionId,
    state: query.state,
    before: page.value.after,
    limit: page.value.rows,
  });
  if (!rows) return err('request.not_found');
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.versionId,
    toItem: toVersion,
  });
  return ok({ status: 200, body } as const);
}

export async function getVersion(
  context: RequestContext,
  key: FunctionKey & { readonly versionId: string },
) {
  const row = await loadLiveVersion(context.db, key);
  if (!row) return err('request.not_found');
  return ok({ status: 200, body: { ...toVersion(row), source: row.source } } as const);
}

export async function getStats(
  context: RequestContext,
  { accountId, functionId }: FunctionKey,
  query: {
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly step: 'hour' | 'day';
  },
) {
  const until = query.until === undefined ? context.now : Date.parse(query.until);
  const since = query.since === undefined ? until - WEEK_MS : Date.parse(query.since);
  const found = await loadFunction(context.db, accountId, functionId);
  if (!found) return err('request.not_found');
  const stats = await context.env.ACCOUNT_JOURNAL.getByName(accountId).stats({
    functionId,
    since,
    until,
    step: query.step,
  });
  if (!stats.ok) return stats;
  const { periods, ...total } = stats.value;
  const body = {
    ...total,
    periods: periods.map(({ from, ...period }) => ({ from: toTimestamp(from), ...period })),
  };
  return ok({ status: 200, body } as const);
}
