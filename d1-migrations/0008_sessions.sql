-- Challenges that wallets sign, the sessions they open, and what each account accepts for it.
CREATE TABLE wallet_challenges (
  challenge_id TEXT PRIMARY KEY NOT NULL,
  purpose TEXT NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT,
  wallet_id TEXT,
  network TEXT NOT NULL,
  address TEXT NOT NULL,
  form TEXT NOT NULL,
  origin TEXT NOT NULL,
  nonce TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX wallet_challenges_expires_at ON wallet_challenges (expires_at);
CREATE INDEX wallet_challenges_wallet ON wallet_challenges (wallet_id) WHERE wallet_id IS NOT NULL;

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  wallet_id TEXT NOT NULL,
  address TEXT NOT NULL,
  network TEXT NOT NULL,
  form TEXT NOT NULL,
  layout TEXT NOT NULL,
  family_hash TEXT NOT NULL,
  refresh_hash TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL,
  refreshed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT
);
CREATE INDEX sessions_account ON sessions (account_id, session_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE sign_in_settings (
  account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (account_id),
  forms TEXT NOT NULL,
  revision INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

-- Accounts that wallets have opened within the hour, by the address they came from.
CREATE TABLE account_openings (
  account_id TEXT PRIMARY KEY NOT NULL,
  caller TEXT NOT NULL,
  opened_at INTEGER NOT NULL
);
CREATE INDEX account_openings_caller ON account_openings (caller, opened_at);
CREATE INDEX account_openings_opened_at ON account_openings (opened_at);

-- Approvals of members of a wallet policy, each for one act under one revision of it.
CREATE TABLE wallet_approvals (
  approval_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  wallet_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  digest TEXT NOT NULL,
  layout TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account_id, digest, wallet_id)
);
CREATE INDEX wallet_approvals_account ON wallet_approvals (account_id, approval_id);
CREATE INDEX wallet_approvals_expires_at ON wallet_approvals (expires_at);

-- A wallet that signed in is looked for in every account.
CREATE INDEX workspace_wallets_address ON workspace_wallets (kind, address);

-- A challenge is used in the batch of its effect, or the batch fails.
ALTER TABLE batch_guards ADD COLUMN challenge INTEGER CONSTRAINT guard_challenge CHECK (challenge IS NULL);
