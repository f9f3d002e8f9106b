/**
 * Schema of a NeoSender. Only added to, never edited. What is due, open or owed is asked from
 * columns of the rows themselves, by partial indexes: there is no list beside them that could keep
 * what is gone. The CHECKs hold the order of money rule M4: no state from `prepared` on without the
 * stored bytes, no verdict without its block. Amounts of tokens have up to 256 bits: they are texts,
 * so what a day has spent is kept as a sum, and changed with the rows it is a sum of.
 */
import type { Migration } from '../migrate.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'senders',
    sql: `
CREATE TABLE sender (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  magic INTEGER NOT NULL,
  account TEXT NOT NULL,
  quorum INTEGER NOT NULL CHECK (quorum >= 1),
  ms_per_block INTEGER NOT NULL CHECK (ms_per_block > 0),
  proven_height INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  fault_at INTEGER,
  fault_message TEXT
) STRICT;

CREATE TABLE intents (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  template BLOB NOT NULL,
  system_fee_max INTEGER NOT NULL,
  network_fee_max INTEGER NOT NULL,
  gas_sent INTEGER NOT NULL,
  window_blocks INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'prepared', 'live', 'confirmed', 'faulted',
    'expired', 'cancelled', 'rejected', 'disputed')),
  state_since INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  reason TEXT,
  detail TEXT,
  due_at INTEGER,
  lease_number INTEGER NOT NULL,
  lease_until INTEGER,
  tries INTEGER NOT NULL,
  deadline_at INTEGER,
  reserved INTEGER NOT NULL CHECK (reserved >= 0),
  included_attempt INTEGER,
  block_index INTEGER,
  block_hash TEXT,
  vm_state TEXT,
  notifications_digest TEXT,
  ended_at INTEGER,
  CHECK ((state IN ('confirmed', 'faulted', 'cancelled')) = (block_index IS NOT NULL)),
  CHECK ((state IN ('confirmed', 'faulted', 'expired', 'cancelled', 'rejected')) = (ended_at IS NOT NULL)),
  CHECK ((state IN ('intended', 'prepared', 'live')) = (deadline_at IS NOT NULL)),
  CHECK (due_at IS NULL OR state IN ('prepared', 'live')),
  CHECK (lease_until IS NULL OR due_at IS NOT NULL)
) STRICT;
CREATE INDEX intents_due ON intents (due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX intents_leased ON intents (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX intents_aged ON intents (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX intents_owed ON intents (state) WHERE state IN ('prepared', 'live', 'disputed');
CREATE INDEX intents_included ON intents (block_index) WHERE block_index IS NOT NULL;
CREATE INDEX intents_open ON intents (id) WHERE ended_at IS NULL;
CREATE INDEX intents_ended ON intents (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE attempts (
  intent_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('original', 'replacement', 'cancel')),
  state TEXT NOT NULL CHECK (state IN ('planned', 'prepared', 'live', 'included', 'void', 'expired')),
  network_fee_max INTEGER NOT NULL,
  hash TEXT UNIQUE,
  system_fee INTEGER,
  network_fee INTEGER,
  valid_until_block INTEGER,
  prepared_height INTEGER,
  prepared_at INTEGER,
  unsigned BLOB,
  signed BLOB,
  due_at INTEGER,
  lease_number INTEGER NOT NULL,
  lease_until INTEGER,
  tries INTEGER NOT NULL,
  PRIMARY KEY (intent_id, number),
  CHECK (state IN ('planned', 'void') OR hash IS NOT NULL),
  CHECK (state NOT IN ('prepared', 'live') OR unsigned IS NOT NULL),
  CHECK (state <> 'live' OR signed IS NOT NULL),
  CHECK (due_at IS NULL OR state IN ('planned', 'prepared', 'live')),
  CHECK (lease_until IS NULL OR due_at IS NOT NULL)
) STRICT;
CREATE INDEX attempts_due ON attempts (due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX attempts_leased ON attempts (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE votes (
  intent_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  verdict TEXT NOT NULL,
  PRIMARY KEY (intent_id, attempt, endpoint, verdict)
) STRICT;

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE remembered (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  removed_state TEXT,
  ended_at INTEGER
) STRICT;`,
  },
  {
    /** What was stored before was sent by nobody's policy; its events wait to be delivered. */
    name: 'spendings',
    sql: `
ALTER TABLE sender ADD COLUMN deliver_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sender ADD COLUMN deliver_tries INTEGER NOT NULL DEFAULT 0;

ALTER TABLE intents ADD COLUMN authority TEXT NOT NULL DEFAULT 'purpose'
  CHECK (authority IN ('purpose', 'policy', 'approvals', 'elsewhere'));

CREATE TABLE spendings (
  intent_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  token TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('amount', 'fee')),
  amount TEXT NOT NULL,
  PRIMARY KEY (intent_id, day, token, part)
) STRICT;

CREATE TABLE spent_days (
  day INTEGER NOT NULL,
  token TEXT NOT NULL,
  amount TEXT NOT NULL,
  PRIMARY KEY (day, token)
) STRICT;`,
  },
];
