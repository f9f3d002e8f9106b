-- What no single service owns: idempotency records, the outbox of audit lines and events, and the batch guards.
CREATE TABLE idempotency_records (
  record_id TEXT PRIMARY KEY NOT NULL,
  fingerprint TEXT NOT NULL,
  lease_id TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  answer BLOB
);
CREATE INDEX idempotency_records_expires_at ON idempotency_records (expires_at);

CREATE TABLE outbox (
  outbox_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  journal TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX outbox_journal ON outbox (journal, outbox_id);

-- How the cron sweep finds an alarm that was lost.
CREATE TABLE scheduler_wakes (
  account_id TEXT PRIMARY KEY NOT NULL,
  wake_by INTEGER NOT NULL
);
CREATE INDEX scheduler_wakes_wake_by ON scheduler_wakes (wake_by);

-- Refuses every row, so that a batch can be made to fail as a whole; each constraint names what no longer held.
CREATE TABLE batch_guards (
  quota INTEGER CONSTRAINT guard_quota CHECK (quota IS NULL),
  revision INTEGER CONSTRAINT guard_revision CHECK (revision IS NULL),
  lease INTEGER CONSTRAINT guard_lease CHECK (lease IS NULL),
  state INTEGER CONSTRAINT guard_state CHECK (state IS NULL),
  member INTEGER CONSTRAINT guard_member CHECK (member IS NULL)
);
