/**
 * Statements: what a gas account began and ended a time with, and the entries between. Each page asks
 * the book for a fixed number of short reads, however long it is.
 */
import { toTimestamp } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { encodeSequenceCursor, parseSequenceCursor } from '../../http/sequence-cursor.ts';
import { balancesOf, type GasBalances } from './balances.ts';
import { formatCsv } from './csv.ts';
import { LIMITS } from './limits.ts';
import { type EntryQuery, findPlaced, readEntries, timeOf } from './reading.ts';
import type { GasAccountPlace } from './service.ts';
import type { GasAccountRow } from './store.ts';
import { type GasEntry, toBalances, toEntry } from './views.ts';

const DAY_MS = 86_400_000;
/** What a book answers at once. */
const PAGE_MAX = 500;

export interface PeriodQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

function parsePeriod({ from, to }: PeriodQuery, now: number): Result<Period, 'request.malformed'> {
  // What was written in this very millisecond belongs to it.
  const end = to === undefined ? now + 1 : timeOf(to);
  const begin =
    from === undefined
      ? Math.max(0, end - LIMITS.gasStatementDaysDefault.value * DAY_MS)
      : timeOf(from);
  return begin < end
    ? ok({ from: begin, to: end })
    : err('request.malformed', {
        fields: [{ pointer: 'query/from', detail: 'is not before `to`' }],
      });
}

interface Statement {
  readonly row: GasAccountRow;
  readonly period: Period;
  readonly opening: GasBalances;
  readonly closing: GasBalances;
}

async function openStatement(
  context: RequestContext,
  place: GasAccountPlace,
  query: PeriodQuery,
): Promise<Result<Statement, 'request.malformed' | 'request.not_found'>> {
  const period = parsePeriod(query, context.now);
  if (!period.ok) return period;
  const found = await findPlaced(context, place);
  if (!found.ok) return found;
  const row = found.value;
  const opening = await balancesOf(context.env, row, period.value.from - 1);
  const closing = await balancesOf(context.env, row, period.value.to - 1);
  return ok({ row, period: period.value, opening, closing });
}

interface StatementPage {
  readonly items: readonly GasEntry[];
  readonly nextBefore: number | null;
}

/** Those of the period that are older than `before`. */
async function readPeriod(
  context: RequestContext,
  { row, opening, closing }: Statement,
  { before, limit }: EntryQuery,
): Promise<StatementPage> {
  const end = closing.entry + 1;
  const page = await readEntries(context, row, {
    before: before === undefined ? end : Math.min(before, end),
    limit,
  });
  const within = page.items.filter(({ number }) => number > opening.entry);
  const isOver = within.length < page.items.length || page.nextBefore === opening.entry + 1;
  return {
    items: within.map((entry) => toEntry(row, entry)),
    nextBefore: isOver ? null : page.nextBefore,
  };
}

export async function getStatement(
  context: RequestContext,
  place: GasAccountPlace,
  query: PeriodQuery & PageQuery,
) {
  const before = parseSequenceCursor(query.cursor);
  if (!before.ok) return before;
  const opened = await openStatement(context, place, query);
  if (!opened.ok) return opened;
  const { row, period, opening, closing } = opened.value;
  const { limit } = query;
  const page = await readPeriod(context, opened.value, { before: before.value, limit });
  const body = {
    gasAccountId: row.gasAccountId,
    network: row.network,
    from: toTimestamp(period.from),
    to: toTimestamp(period.to),
    opening: toBalances(opening),
    closing: toBalances(closing),
    items: [...page.items],
    nextCursor: encodeSequenceCursor(page.nextBefore),
  };
  return ok({ status: 200, body } as const);
}

export async function exportStatement(
  context: RequestContext,
  place: GasAccountPlace,
  query: PeriodQuery & { readonly before?: number | undefined },
) {
  const opened = await openStatement(context, place, query);
  if (!opened.ok) return opened;
  const { period } = opened.value;
  const items: GasEntry[] = [];
  let before: number | null | undefined = query.before;
  do {
    const page: StatementPage = await readPeriod(context, opened.value, {
      before,
      limit: PAGE_MAX,
    });
    items.push(...page.items);
    before = page.nextBefore;
  } while (before !== null && items.length < LIMITS.gasStatementLinesMax.value);
  const headers = before === null ? {} : { link: linkTo(place, period, before) };
  return ok({ status: 200, body: formatCsv(items), headers } as const);
}

function linkTo({ accountId, gasAccountId }: GasAccountPlace, { from, to }: Period, next: number) {
  const path = `/accounts/${accountId}/gasbank/gas-accounts/${gasAccountId}/statement.csv`;
  const query = new URLSearchParams({
    from: toTimestamp(from),
    to: toTimestamp(to),
    before: String(next),
  });
  return `<${path}?${query.toString()}>; rel="next"`;
}
