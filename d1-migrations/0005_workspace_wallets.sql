-- Wallets of a workspace, and the policy that k of n of them approve its gravest changes.
CREATE TABLE workspace_wallets (
  wallet_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  script_hash TEXT,
  label TEXT,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (account_id, kind, address)
);
CREATE INDEX workspace_wallets_account ON workspace_wallets (account_id, wallet_id);

CREATE TABLE wallet_policies (
  account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (account_id),
  threshold INTEGER NOT NULL,
  members TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
