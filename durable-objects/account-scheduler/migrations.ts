/**
 * Schema of an AccountScheduler. Only added to, never edited. `totals` is kept by triggers, in the
 * transaction of the change itself, so that the bounds of the backlog are checked by reading a few
 * rows and cannot drift from the items.
 */
import type { Migration } from '../migrate.ts';

const ADD_NEW = `INSERT INTO totals (kind, state, items, payload_bytes)
    VALUES (NEW.kind, NEW.state, 1, NEW.payload_bytes)
    ON CONFLICT (kind, state) DO UPDATE SET items = items + 1,
      payload_bytes = payload_bytes + excluded.payload_bytes;`;

const TAKE_OLD = `UPDATE totals SET items = items - 1, payload_bytes = payload_bytes - OLD.payload_bytes
    WHERE kind = OLD.kind AND state = OLD.state;`;

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'work queue',
    sql: `
CREATE TABLE items (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'leased', 'done', 'dead', 'cancelled')),
  attempts INTEGER NOT NULL,
  deaths INTEGER NOT NULL,
  lease_number INTEGER NOT NULL,
  enqueued_at INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  max_age_at INTEGER NOT NULL,
  lease_until INTEGER,
  started_lease INTEGER,
  last_outcome TEXT,
  last_reason TEXT,
  ended_at INTEGER,
  end_reason TEXT,
  fingerprint TEXT NOT NULL,
  payload_bytes INTEGER NOT NULL,
  payload BLOB,
  CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('ready', 'leased')) = (end_reason IS NULL)),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE INDEX items_due ON items (kind, next_attempt_at) WHERE state = 'ready';
CREATE INDEX items_aged ON items (max_age_at) WHERE state = 'ready';
CREATE INDEX items_leased ON items (lease_until) WHERE state = 'leased';
CREATE INDEX items_ended ON items (state, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE totals (
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  items INTEGER NOT NULL CHECK (items >= 0),
  payload_bytes INTEGER NOT NULL CHECK (payload_bytes >= 0),
  PRIMARY KEY (kind, state)
) STRICT;
CREATE TRIGGER items_made AFTER INSERT ON items BEGIN ${ADD_NEW} END;
CREATE TRIGGER items_changed AFTER UPDATE OF state, payload_bytes ON items BEGIN
  ${TAKE_OLD} ${ADD_NEW} END;
CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN ${TAKE_OLD} END;

CREATE TABLE kinds (
  kind TEXT PRIMARY KEY,
  credit INTEGER NOT NULL
) STRICT;
CREATE TABLE pauses (target TEXT PRIMARY KEY) STRICT;
CREATE TABLE scheduler (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  account_id TEXT NOT NULL,
  leased_max INTEGER NOT NULL,
  dead_removed INTEGER NOT NULL DEFAULT 0,
  wake_by INTEGER,
  wake_written_at INTEGER,
  fault_at INTEGER,
  fault_message TEXT
) STRICT;`,
  },
];
