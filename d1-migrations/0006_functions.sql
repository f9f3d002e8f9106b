-- Functions and their immutable versions.
CREATE TABLE functions (
  function_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  name TEXT NOT NULL,
  live_name TEXT,
  description TEXT,
  active_version_id TEXT,
  previous_version_id TEXT,
  latest_version_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX functions_live_name ON functions (account_id, live_name);
CREATE INDEX functions_account ON functions (account_id, function_id);

CREATE TABLE function_versions (
  version_id TEXT PRIMARY KEY NOT NULL,
  function_id TEXT NOT NULL REFERENCES functions (function_id),
  account_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  code_hash TEXT NOT NULL,
  source TEXT NOT NULL,
  source_bytes INTEGER NOT NULL,
  entry_form TEXT NOT NULL,
  secrets TEXT NOT NULL,
  permissions TEXT NOT NULL,
  limits TEXT NOT NULL,
  input_schema TEXT,
  uses TEXT NOT NULL,
  state TEXT NOT NULL,
  failure TEXT,
  runtime_version TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX function_versions_number ON function_versions (function_id, number);
CREATE UNIQUE INDEX function_versions_content ON function_versions (function_id, code_hash);
