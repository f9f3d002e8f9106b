/**
 * The schema of an account's journal, in the order it grew. Only added to, never edited: `migrate`
 * refuses an object whose recorded history differs. Row types and statements over these tables
 * stand in sql.ts.
 */
import type { Migration } from '../migrate.ts';

const AUDIT_LOG = `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE due (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_at ON due (at);

CREATE TABLE audit_entries (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  chained_at INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  outcome TEXT NOT NULL,
  hash TEXT NOT NULL,
  entry TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, sequence);
CREATE INDEX audit_entries_operation ON audit_entries (operation, sequence);
CREATE INDEX audit_entries_outcome ON audit_entries (outcome, sequence);

CREATE TABLE audit_checkpoints (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  cut_before INTEGER NOT NULL,
  signed TEXT NOT NULL
) STRICT;

CREATE TABLE repeated_refusals (
  key_id TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  latest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

const EXECUTIONS = `
CREATE TABLE executions (
  id TEXT PRIMARY KEY,
  function_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  status TEXT NOT NULL,
  mode TEXT NOT NULL,
  store TEXT NOT NULL,
  actor TEXT NOT NULL,
  request_id TEXT,
  trace_id TEXT,
  idempotency_id TEXT,
  fuel_max INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  code_ended_at INTEGER,
  ended_at INTEGER,
  lease_number INTEGER NOT NULL DEFAULT 0,
  lease_held INTEGER NOT NULL DEFAULT 0,
  watch_at INTEGER NOT NULL,
  cancel_requested_at INTEGER,
  code_outcome TEXT,
  error TEXT,
  fuel INTEGER,
  duration_ms INTEGER,
  timings TEXT,
  receipt TEXT,
  receipt_hash TEXT,
  receipt_signature TEXT,
  journal_state TEXT NOT NULL DEFAULT 'none',
  output_state TEXT NOT NULL DEFAULT 'none'
) STRICT;
CREATE INDEX executions_function ON executions (function_id, id);
CREATE INDEX executions_status ON executions (status, id);
CREATE INDEX executions_watch ON executions (watch_at) WHERE status IN ('queued', 'running');

CREATE TABLE execution_bodies (
  kind TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (kind, execution_id, part)
) STRICT;

CREATE TABLE execution_actions (
  execution_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  params TEXT,
  sealed_params BLOB,
  result TEXT,
  error TEXT,
  ended_at INTEGER,
  PRIMARY KEY (execution_id, n)
) STRICT;

CREATE TABLE work_outbox (
  item_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_records (
  record_id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  execution_ids TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_records_expires_at ON idempotency_records (expires_at);

CREATE TABLE usage_months (
  month TEXT PRIMARY KEY,
  executions INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  fuel INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE function_hours (
  function_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  fuel INTEGER NOT NULL,
  durations TEXT NOT NULL,
  PRIMARY KEY (function_id, hour)
) STRICT, WITHOUT ROWID;
`;

const EVENTS = `
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  time TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (source, id)
) STRICT;
`;

export const MIGRATIONS: readonly Migration[] = [
  { name: 'audit log', sql: AUDIT_LOG },
  { name: 'executions', sql: EXECUTIONS },
  { name: 'platform events', sql: EVENTS },
];
