/** The drizzle client over D1. Tables are declared by the services that own them. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database<Record<string, never>> & { $client: D1Database };

/** Reads of credentials and of what was just written must not come from a lagging replica. */
export const connect = (binding: D1Database): Database => drizzle(binding);
