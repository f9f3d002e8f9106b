/**
 * Queries of the hot reads, built once. To build and print one costs drizzle some 70 microseconds of
 * CPU, about a fifth of the keyed read it is for; what is left for each request is to bind its
 * values. A prepared query holds no values and no request, so requests may share it.
 */
import type { Database } from './connect.ts';

/** `shape` tells apart the queries of one place, such as a list with and without a filter. */
export function preparedOnce<Query>(
  build: (db: Database, shape: string) => Query,
): (db: Database, shape?: string) => Query {
  const built = new WeakMap<Database, Map<string, Query>>();
  return (db, shape = '') => {
    const queries = built.get(db) ?? new Map<string, Query>();
    built.set(db, queries);
    const known = queries.get(shape);
    if (known !== undefined) return known;
    const query = build(db, shape);
    queries.set(shape, query);
    return query;
  };
}
