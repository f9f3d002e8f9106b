/** What accounts accept for a sign-in, and which accounts were opened by one within the hour. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ChallengeForm } from '../../core/sessions/challenge.ts';

/** An account without a row accepts texts alone. */
export const signInSettings = sqliteTable('sign_in_settings', {
  accountId: text('account_id').primaryKey(),
  forms: text('forms', { mode: 'json' }).$type<readonly ChallengeForm[]>().notNull(),
  revision: integer('revision').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

/** Bounds how many accounts one address opens; rows go with the sweep after an hour. */
export const accountOpenings = sqliteTable(
  'account_openings',
  {
    accountId: text('account_id').primaryKey(),
    /** SHA-256 of the address or network: enough to count, nothing to read. */
    caller: text('caller').notNull(),
    openedAt: integer('opened_at').notNull(),
  },
  (table) => [
    index('account_openings_caller').on(table.caller, table.openedAt),
    index('account_openings_opened_at').on(table.openedAt),
  ],
);
