/**
 * Pages of `{ items, nextCursor }`. A store is asked for one row more than the page holds; if it
 * comes, there is a next page, and the cursor is the key of the last row shown. Keys are unique and
 * ordered, so rows inserted meanwhile shift nothing.
 */
import { encodeCursor, parseCursor } from '../core/cursor.ts';
import { ok, type Result } from '../core/result.ts';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The key after which the page starts, and how many rows to read. */
export function openPage(
  query: PageQuery,
): Result<{ readonly after: string | undefined; readonly rows: number }, 'request.malformed'> {
  if (query.cursor === undefined) return ok({ after: undefined, rows: query.limit + 1 });
  const key = parseCursor(query.cursor);
  return key.ok ? ok({ after: key.value, rows: query.limit + 1 }) : key;
}

export function closePage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { keyOf, toItem }: { readonly keyOf: (row: Row) => string; readonly toItem: (row: Row) => Item },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}
