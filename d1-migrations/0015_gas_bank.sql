-- Gas accounts: the funds of an account's books, each on one network. Balances are in the books alone.
CREATE TABLE gas_accounts (
  gas_account_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  fund TEXT NOT NULL,
  label TEXT,
  status TEXT NOT NULL,
  minimum_balance INTEGER NOT NULL,
  low_balance INTEGER,
  daily_limit INTEGER,
  top_up TEXT,
  low_since INTEGER,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (account_id, network_magic, fund)
);
CREATE INDEX gas_accounts_account ON gas_accounts (account_id, gas_account_id);

-- Wallets of the platform itself: they pay releases of the vault, and fees of sponsored transactions.
CREATE TABLE platform_wallets (
  wallet_id TEXT PRIMARY KEY NOT NULL,
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  address TEXT NOT NULL,
  script_hash TEXT NOT NULL,
  public_key TEXT NOT NULL,
  sealed_key BLOB NOT NULL,
  status TEXT NOT NULL,
  watched_height INTEGER,
  refill_rule TEXT,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  retired_at INTEGER,
  UNIQUE (network_magic, script_hash)
);

-- The vault contract of each network.
CREATE TABLE vaults (
  network_magic INTEGER PRIMARY KEY NOT NULL,
  network TEXT NOT NULL,
  contract TEXT NOT NULL,
  operator_wallet_id TEXT NOT NULL REFERENCES platform_wallets (wallet_id),
  minimum_deposit INTEGER NOT NULL,
  funding TEXT NOT NULL,
  watched_height INTEGER,
  booked_height INTEGER,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
