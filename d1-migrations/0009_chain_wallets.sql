-- Wallets of accounts on a Neo network; their keys are made and opened in the bridge alone.
CREATE TABLE chain_wallets (
  wallet_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  address TEXT NOT NULL,
  script_hash TEXT NOT NULL,
  public_key TEXT NOT NULL,
  purpose TEXT NOT NULL,
  exportable INTEGER NOT NULL,
  sealed_key BLOB,
  label TEXT,
  status TEXT NOT NULL,
  policy TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  retired_at INTEGER,
  UNIQUE (network_magic, script_hash)
);
CREATE INDEX chain_wallets_account ON chain_wallets (account_id, wallet_id);
