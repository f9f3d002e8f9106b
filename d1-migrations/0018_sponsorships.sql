-- What an account pays for, of whose transactions and how much.
CREATE TABLE sponsorship_policies (
  policy_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  gas_account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  terms TEXT NOT NULL,
  faults_per_day INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  suspended_at INTEGER
);
CREATE INDEX sponsorship_policies_account ON sponsorship_policies (account_id, policy_id);

CREATE TABLE sponsorships (
  sponsorship_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  request_id TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  policy_id TEXT NOT NULL,
  gas_account_id TEXT NOT NULL,
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  sponsor_wallet_id TEXT NOT NULL,
  sponsor TEXT NOT NULL,
  signer TEXT NOT NULL,
  wallet_id TEXT,
  end_user TEXT,
  status TEXT NOT NULL,
  status_since INTEGER NOT NULL,
  reason TEXT,
  detail TEXT,
  hash TEXT NOT NULL,
  unsigned BLOB NOT NULL,
  invocation BLOB,
  verification BLOB,
  system_fee INTEGER NOT NULL,
  network_fee INTEGER NOT NULL,
  valid_until_block INTEGER NOT NULL,
  prepared_height INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  handed_at INTEGER,
  due_at INTEGER NOT NULL,
  block_index INTEGER,
  created_by TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (account_id, request_id)
);
CREATE INDEX sponsorships_account ON sponsorships (account_id, sponsorship_id);
CREATE INDEX sponsorships_policy ON sponsorships (policy_id, ended_at);
CREATE INDEX sponsorships_waiting ON sponsorships (sponsor_wallet_id)
  WHERE handed_at IS NULL AND ended_at IS NULL;
CREATE INDEX sponsorships_due_at ON sponsorships (due_at);

-- Of a signer who has shown that an address is hers; the token is not stored, only its hash.
CREATE TABLE sponsorship_sessions (
  token_hash TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL,
  policy_id TEXT NOT NULL,
  signer TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX sponsorship_sessions_expires_at ON sponsorship_sessions (expires_at);

-- Keys for browsers: bound to one policy and to the sites that may use them.
ALTER TABLE api_keys ADD COLUMN policy_id TEXT;
ALTER TABLE api_keys ADD COLUMN origins TEXT;
