/**
 * Reading the audit log. What was committed stands in the outbox first, so it is drained before
 * each read: whoever was answered `ok` finds the entry of what he did.
 */
import { ok } from '../../core/result.ts';
import { drainOutbox } from '../../http/outbox.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { encodeSequenceCursor, parseSequenceCursor } from '../../http/sequence-cursor.ts';

/** The journal of operators' acts that belong to no account. */
export const OPERATOR_JOURNAL = 'operator';

async function openJournal({ env, db }: RequestContext, journal: string) {
  await drainOutbox(env, db, journal);
  return env.ACCOUNT_JOURNAL.getByName(journal);
}

interface EntryFilter {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly outcome?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export async function listEntries(
  context: RequestContext,
  journal: string,
  query: PageQuery & EntryFilter,
) {
  const before = parseSequenceCursor(query.cursor);
  if (!before.ok) return before;
  const stub = await openJournal(context, journal);
  const page = await stub.listAudit({
    limit: query.limit,
    ...given({
      beforeSequence: before.value,
      actorId: query.actor,
      operation: query.operation,
      outcome: query.outcome,
      since: toMs(query.since),
      until: toMs(query.until),
    }),
  });
  if (!page.ok) return page;
  const { items, nextSequence } = page.value;
  const body = { items: [...items], nextCursor: encodeSequenceCursor(nextSequence) };
  return ok({ status: 200, body } as const);
}

const toMs = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);

/** An absent filter is absent, not one for nothing. */
const given = <Filters extends object>(filters: Filters) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Filters]?: Exclude<Filters[Name], undefined>;
  };

export interface ExportRange {
  readonly fromSequence: number;
  readonly limit: number;
}

/**
 * The body is what a verifier takes as it is; where the next stretch begins is told in a header
 * (RFC 8288).
 */
export async function exportLog(
  context: RequestContext,
  { journal, path }: { readonly journal: string; readonly path: string },
  range: ExportRange,
) {
  const stub = await openJournal(context, journal);
  const page = await stub.exportAudit(range);
  if (!page.ok) return page;
  const { nextSequence, ...body } = page.value;
  const next = `<${path}?fromSequence=${nextSequence}&limit=${range.limit}>; rel="next"`;
  return ok({
    status: 200,
    body,
    headers: nextSequence === null ? {} : { link: next },
  } as const);
}
