/**
 * Reading events: what was committed stands in the outbox first, so it is drained before each read.
 */
import type * as z from 'zod';
import type { StoredEvent } from '../../../durable-objects/account-journal/rpc.ts';
import { ok } from '../../core/result.ts';
import { drainOutbox } from '../../http/outbox.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { encodeSequenceCursor, parseSequenceCursor } from '../../http/sequence-cursor.ts';

type JsonObject = Record<string, z.core.util.JSONType>;

export async function listEvents(
  { env, db }: RequestContext,
  accountId: string,
  query: PageQuery & { readonly afterSequence: number },
) {
  const after = parseSequenceCursor(query.cursor);
  if (!after.ok) return after;
  await drainOutbox(env, db, accountId);
  const page = await env.ACCOUNT_JOURNAL.getByName(accountId).listEvents({
    afterSequence: after.value ?? query.afterSequence,
    limit: query.limit,
  });
  if (!page.ok) return page;
  const { items, nextSequence } = page.value;
  const body = { items: items.map(toEvent), nextCursor: encodeSequenceCursor(nextSequence) };
  return ok({ status: 200, body } as const);
}

const toEvent = ({ dataJson, ...event }: StoredEvent) =>
  ({
    specversion: '1.0',
    ...event,
    datacontenttype: 'application/json',
    // The journal takes JSON objects alone (core/events/platform-event.ts).
    data: JSON.parse(dataJson) as JsonObject,
  }) as const;
