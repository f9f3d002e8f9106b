/** Schema of a RateLimiter: the one bucket of its caller. Only added to, never edited. */
import type { Migration } from '../migrate.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'bucket',
    sql: `CREATE TABLE bucket (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      milli_tokens INTEGER NOT NULL CHECK (milli_tokens >= 0),
      refilled_at INTEGER NOT NULL,
      full_at INTEGER NOT NULL
    ) STRICT`,
  },
];
