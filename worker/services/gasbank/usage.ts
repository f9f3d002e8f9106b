/** What was spent of a book, by day and purpose. */
import { toTimestamp } from '../../core/clock.ts';
import { encodeCursor, parseCursor } from '../../core/cursor.ts';
import { formatGas } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import { bookOf } from './books.ts';
import { LIMITS } from './limits.ts';

const DAY_MS = 86_400_000;

export interface UsageQuery extends PageQuery {
  readonly network: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export async function listUsage(context: RequestContext, accountId: string, query: UsageQuery) {
  const days = parseDays(query, context.now);
  if (!days.ok) return days;
  const after = parseUsageCursor(query.cursor);
  if (!after.ok) return after;
  const network = findNetwork(context.settings, query.network);
  if (!network.ok) return network;
  const { magic } = network.value.settings;
  const { value } = await bookOf(context.env, { magic, owner: accountId }).usage({
    ...days.value,
    limit: query.limit + 1,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const items = value.items.slice(0, query.limit).map((item) => {
    const day = formatDay(item.day);
    const { purpose, uses } = item;
    const [gas, credits] = [formatGas(item.gas), formatGas(item.credits)];
    return { id: `${day}/${purpose}`, day, purpose, gas, credits, uses };
  });
  const last = value.items.length > query.limit ? value.items[query.limit - 1] : undefined;
  const nextCursor = last === undefined ? null : encodeCursor(`${last.day}/${last.purpose}`);
  return ok({ status: 200, body: { items, nextCursor } } as const);
}

const formatDay = (day: number): string => toTimestamp(day * DAY_MS).slice(0, 10);

function parseDays(
  { from, to }: UsageQuery,
  now: number,
): Result<{ readonly fromDay: number; readonly toDay: number }, 'request.malformed'> {
  const dayOf = (date: string) => Math.max(0, Math.floor(Date.parse(date) / DAY_MS));
  const toDay = to === undefined ? Math.floor(now / DAY_MS) : dayOf(to);
  const fromDay =
    from === undefined
      ? Math.max(0, toDay - LIMITS.gasStatementDaysDefault.value + 1)
      : dayOf(from);
  const daysMax = LIMITS.gasUsageDaysMax.value;
  const refuse = (detail: string) =>
    err('request.malformed', { fields: [{ pointer: 'query/from', detail }] });
  if (fromDay > toDay) return refuse('is after `to`');
  return toDay - fromDay < daysMax
    ? ok({ fromDay, toDay })
    : refuse(`is more than ${String(daysMax)} days before \`to\``);
}

function parseUsageCursor(cursor: string | undefined) {
  if (cursor === undefined) return ok(undefined);
  const key = parseCursor(cursor);
  if (!key.ok) return key;
  const [, day, purpose] = /^(\d{1,6})\/([a-z0-9_.-]{1,64})$/.exec(key.value) ?? [];
  if (day !== undefined && purpose !== undefined) return ok({ day: Number(day), purpose });
  return err('request.malformed', {
    fields: [{ pointer: 'query/cursor', detail: 'is not a cursor of this list' }],
  });
}
