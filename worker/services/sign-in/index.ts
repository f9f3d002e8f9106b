/** What other services and the sweep may ask of sign-in. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { deleteOldOpenings } from './store.ts';

/** Forgets who opened accounts more than an hour ago. */
export const sweepOpenings = (db: Database, now: number) => deleteOldOpenings(db, now);

/** Removes the settings of an account that is being purged. */
export const purgeSignInOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM sign_in_settings WHERE account_id = ${accountId}`,
];
