-- What work costs on a network. Versions are only ever added; the highest one holds.
CREATE TABLE price_lists (
  network_magic INTEGER NOT NULL,
  version INTEGER NOT NULL,
  network TEXT NOT NULL,
  execution INTEGER NOT NULL,
  fuel INTEGER NOT NULL,
  storage INTEGER NOT NULL,
  credits_per_gas INTEGER,
  initial_credits INTEGER,
  initial_total INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_magic, version)
);

-- The gas account that pays for the metered work of an account, where it has chosen one.
CREATE TABLE billing_accounts (
  account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (account_id),
  gas_account_id TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);

-- How far the sweep has come with the storage of a day: one row.
CREATE TABLE storage_walks (
  walk INTEGER PRIMARY KEY NOT NULL CHECK (walk = 1),
  day INTEGER NOT NULL,
  after_account TEXT NOT NULL
);

-- Credits that were bought or given: the intention first, the book's word in `booked_at`.
CREATE TABLE credit_orders (
  account_id TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  order_key TEXT NOT NULL,
  network TEXT NOT NULL,
  kind TEXT NOT NULL,
  gas_account_id TEXT,
  amount INTEGER NOT NULL,
  credits_per_gas INTEGER,
  price_version INTEGER NOT NULL,
  wallet TEXT,
  reason TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  booked_at INTEGER,
  PRIMARY KEY (account_id, network_magic, order_key)
);
CREATE UNIQUE INDEX credit_orders_wallet ON credit_orders (network_magic, wallet) WHERE wallet IS NOT NULL;
CREATE INDEX credit_orders_due_at ON credit_orders (due_at) WHERE booked_at IS NULL;

-- What of the gas bank the actions of a version may do: as much as whoever made or deployed it. Versions of before may
-- do nothing there.
ALTER TABLE function_versions ADD COLUMN gas_scopes TEXT NOT NULL DEFAULT '[]';
