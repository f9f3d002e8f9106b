/**
 * Balances, entries, statements and usage, as the book has them. Each answer asks the book for a
 * fixed number of short reads, however long it is.
 */
import type { EntryPage } from '../../../durable-objects/account-ledger/rpc.ts';
import { toTimestamp } from '../../core/clock.ts';
import { encodeCursor, parseCursor } from '../../core/cursor.ts';
import { formatGas } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { encodeSequenceCursor, parseSequenceCursor } from '../../http/sequence-cursor.ts';
import { findNetwork } from '../chain/index.ts';
import { balancesOf, type GasBalances, ownBookOf, partsOf } from './balances.ts';
import { bookOf } from './books.ts';
import { formatCsv } from './csv.ts';
import { LIMITS } from './limits.ts';
import type { GasAccountPlace } from './service.ts';
import { type GasAccountRow, loadGasAccount } from './store.ts';
import { type GasEntry, toBalances, toEntry } from './views.ts';

const DAY_MS = 86_400_000;
/** What a book answers at once. */
const PAGE_MAX = 500;

async function placed(
  { db }: RequestContext,
  { accountId, gasAccountId }: GasAccountPlace,
): Promise<Result<GasAccountRow, 'request.not_found'>> {
  const row = await loadGasAccount(db, accountId, gasAccountId);
  return row ? ok(row) : err('request.not_found');
}

/** Its form was checked; years that no clock of ours has shown are taken for the first. */
const timeOf = (text: string): number => Math.max(0, Date.parse(text));

export async function getBalance(
  context: RequestContext,
  place: GasAccountPlace,
  at: string | undefined,
) {
  const found = await placed(context, place);
  if (!found.ok) return found;
  const row = found.value;
  const time = at === undefined ? undefined : timeOf(at);
  const isPast = time !== undefined && time < context.now;
  const balances = await balancesOf(context.env, row, isPast ? time : undefined);
  const body = {
    gasAccountId: row.gasAccountId,
    network: row.network,
    at: toTimestamp(isPast ? time : context.now),
    sequence: balances.entry,
    ...toBalances(balances),
    credits: {
      available: formatGas(balances.creditsAvailable),
      reserved: formatGas(balances.creditsReserved),
    },
  };
  return ok({ status: 200, body } as const);
}

export async function listEntries(
  context: RequestContext,
  place: GasAccountPlace,
  { cursor, limit }: PageQuery,
) {
  const before = parseSequenceCursor(cursor);
  if (!before.ok) return before;
  const found = await placed(context, place);
  if (!found.ok) return found;
  const page = await readEntries(context, found.value, { before: before.value, limit });
  const items = page.items.map((entry) => toEntry(found.value, entry));
  const body = { items, nextCursor: encodeSequenceCursor(page.nextBefore) };
  return ok({ status: 200, body } as const);
}

interface EntryQuery {
  readonly before: number | undefined;
  readonly limit: number;
}

async function readEntries(
  { env }: RequestContext,
  row: GasAccountRow,
  { before, limit }: EntryQuery,
): Promise<EntryPage> {
  const page = await ownBookOf(env, row).entries({
    accounts: partsOf(row),
    limit,
    ...(before === undefined ? {} : { before }),
  });
  return page.value;
}

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
  const found = await placed(context, place);
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
