-- Secrets: a wrapped data key per account, the secrets, and every version they ever had.
CREATE TABLE account_data_keys (
  account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (account_id),
  wrapped_key TEXT NOT NULL,
  master_key_id TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE secrets (
  secret_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  name TEXT NOT NULL,
  current_version INTEGER NOT NULL,
  grants TEXT NOT NULL,
  max_age_days INTEGER,
  rotated_at INTEGER NOT NULL,
  rotation_due_at INTEGER,
  next_notice_at INTEGER,
  due_noted_version INTEGER,
  created_by TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX secrets_live_name ON secrets (account_id, name) WHERE deleted_at IS NULL;
CREATE INDEX secrets_account ON secrets (account_id, secret_id);
CREATE INDEX secrets_next_notice ON secrets (next_notice_at) WHERE next_notice_at IS NOT NULL;

-- Rows stay when their value is erased: the key itself keeps a version number from ever being used again.
CREATE TABLE secret_versions (
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  secret_id TEXT NOT NULL REFERENCES secrets (secret_id),
  sealed BLOB,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  usable_until INTEGER,
  erased_at INTEGER,
  PRIMARY KEY (account_id, name, version)
);
CREATE INDEX secret_versions_ending ON secret_versions (usable_until)
  WHERE usable_until IS NOT NULL AND erased_at IS NULL;
