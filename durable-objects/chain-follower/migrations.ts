/**
 * Schema of a ChainFollower. Only added to, never edited. `next_*` of `follower` is the cursor of
 * delivery: the next event to hand out. `verified_*` is the end of verified headers, which may be
 * ahead of the cursor while a gap is open, and never behind it.
 */
import type { Migration } from '../migrate.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'following a chain',
    sql: `
CREATE TABLE follower (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  network_id TEXT NOT NULL,
  magic INTEGER NOT NULL,
  ms_per_block INTEGER NOT NULL,
  endpoints TEXT NOT NULL,
  quorum INTEGER NOT NULL,
  checkpoint_height INTEGER NOT NULL,
  checkpoint_hash TEXT NOT NULL,
  checkpoint_consensus TEXT NOT NULL,
  verified_height INTEGER NOT NULL,
  verified_hash TEXT NOT NULL,
  verified_consensus TEXT NOT NULL,
  verified_time INTEGER,
  next_height INTEGER NOT NULL,
  next_ordinal INTEGER NOT NULL,
  index_floor INTEGER NOT NULL,
  network_height INTEGER,
  progress_at INTEGER NOT NULL,
  fault_at INTEGER,
  fault_message TEXT,
  CHECK (next_height <= verified_height + 1)
) STRICT;

CREATE TABLE lanes (
  lane TEXT PRIMARY KEY,
  lease_number INTEGER NOT NULL,
  lease_until INTEGER,
  failures INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  to_height INTEGER NOT NULL DEFAULT 0,
  scan_id INTEGER
) STRICT;

CREATE TABLE blocks (
  height INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  next_consensus TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;

CREATE TABLE gaps (
  height INTEGER PRIMARY KEY REFERENCES blocks (height),
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

CREATE TABLE endpoint_faults (
  endpoint TEXT PRIMARY KEY,
  height INTEGER NOT NULL,
  hash TEXT,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  height INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  contract TEXT NOT NULL,
  name TEXT NOT NULL,
  trigger TEXT NOT NULL,
  tx_hash TEXT,
  block_hash TEXT NOT NULL,
  block_time INTEGER NOT NULL,
  state BLOB,
  is_contradicted INTEGER NOT NULL,
  PRIMARY KEY (height, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_of_contract ON events (contract, name, height, ordinal);

CREATE TABLE contracts (
  contract TEXT PRIMARY KEY,
  indexed_from INTEGER NOT NULL
) STRICT;

CREATE TABLE subscribers (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('live', 'catching_up')),
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
  handed_through INTEGER NOT NULL DEFAULT 0,
  acknowledged_at INTEGER NOT NULL
) STRICT;

CREATE TABLE subscriptions (
  subscriber_id TEXT NOT NULL,
  contract TEXT NOT NULL,
  is_any INTEGER NOT NULL,
  name TEXT NOT NULL,
  live_from INTEGER NOT NULL,
  PRIMARY KEY (subscriber_id, contract, is_any, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_of_contract ON subscriptions (contract);

CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  subscriber_id TEXT NOT NULL,
  height INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  UNIQUE (subscriber_id, height, ordinal)
) STRICT;
CREATE INDEX outbox_of_subscriber ON outbox (subscriber_id, position);
CREATE INDEX outbox_of_event ON outbox (height, ordinal);

CREATE TABLE outbox_total (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  rows INTEGER NOT NULL CHECK (rows >= 0)
) STRICT;
INSERT INTO outbox_total VALUES (1, 0);

CREATE TABLE scans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subscriber_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('catch_up', 'rescan')),
  contract TEXT,
  is_any INTEGER,
  name TEXT,
  next_height INTEGER NOT NULL,
  next_ordinal INTEGER NOT NULL,
  to_height INTEGER,
  anchor_height INTEGER,
  anchor_hash TEXT,
  anchor_consensus TEXT,
  turn INTEGER NOT NULL DEFAULT 0,
  CHECK ((kind = 'catch_up') = (to_height IS NULL))
) STRICT;
CREATE UNIQUE INDEX scans_one_catch_up ON scans (subscriber_id) WHERE kind = 'catch_up';
CREATE INDEX scans_by_turn ON scans (turn, id);`,
  },
  {
    name: 'handing events over',
    sql: `
ALTER TABLE subscribers ADD COLUMN deliver_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscribers ADD COLUMN deliver_tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX subscribers_waiting ON subscribers (deliver_after) WHERE pending > 0;`,
  },
];
