/** The history of a secret: which versions it had, and which of them still open. */
import { toTimestamp } from '../../core/clock.ts';
import { err, ok } from '../../core/result.ts';
import { closePage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { parseSequenceCursor } from '../../http/sequence-cursor.ts';
import type { SecretName } from './service.ts';
import { listVersionRows, type VersionRow } from './store.ts';

export async function listVersions(
  context: RequestContext,
  { accountId, name }: SecretName,
  query: PageQuery,
) {
  const before = parseSequenceCursor(query.cursor);
  if (!before.ok) return before;
  const rows = await listVersionRows(context.db, {
    accountId,
    name,
    before: before.value,
    limit: query.limit + 1,
  });
  if (!rows) return err('request.not_found');
  const body = closePage(rows, query.limit, {
    keyOf: (row) => String(row.version),
    toItem: (row) => toVersion(row, context.now),
  });
  return ok({ status: 200, body } as const);
}

type ShownVersion = Omit<VersionRow, 'accountId' | 'name' | 'secretId' | 'sealed'>;

const toVersion = (row: ShownVersion, now: number) => ({
  version: row.version,
  status: statusOf(row, now),
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  usableUntil: row.usableUntil === null ? null : toTimestamp(row.usableUntil),
  erasedAt: row.erasedAt === null ? null : toTimestamp(row.erasedAt),
});

function statusOf({ usableUntil }: ShownVersion, now: number): 'current' | 'grace' | 'ended' {
  if (usableUntil === null) return 'current';
  return usableUntil > now ? 'grace' : 'ended';
}
