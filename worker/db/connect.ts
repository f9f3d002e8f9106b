/** The drizzle client over D1. Tables are declared by the services that own them. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database & { $client: D1Database };

/** One client for a binding, so that what is prepared on it is prepared once in an isolate. */
const clients = new WeakMap<D1Database, Database>();

/** Reads of credentials and of what was just written must not come from a lagging replica. */
export function connect(binding: D1Database): Database {
  const known = clients.get(binding);
  if (known !== undefined) return known;
  const client = drizzle(binding);
  clients.set(binding, client);
  return client;
}
