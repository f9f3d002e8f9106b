-- The platform has a data key as accounts have one, for the keys of its own wallets, and is no account.
CREATE TABLE data_keys (
  account_id TEXT PRIMARY KEY NOT NULL,
  wrapped_key TEXT NOT NULL,
  master_key_id TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);
INSERT INTO data_keys SELECT account_id, wrapped_key, master_key_id, updated_at FROM account_data_keys;
DROP TABLE account_data_keys;
ALTER TABLE data_keys RENAME TO account_data_keys;

-- What an address held when it began to be booked: fixed here before any book is told, and never read again.
ALTER TABLE platform_wallets ADD COLUMN opening_height INTEGER;
ALTER TABLE platform_wallets ADD COLUMN opening INTEGER;
ALTER TABLE vaults ADD COLUMN opening_height INTEGER;
ALTER TABLE vaults ADD COLUMN opening INTEGER;

-- Deposits as the platform's book decided them, each under its chain key. The book alone has the money.
CREATE TABLE gasbank_deposits (
  deposit_id TEXT PRIMARY KEY NOT NULL,
  chain_key TEXT NOT NULL UNIQUE,
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  account_id TEXT,
  gas_account_id TEXT,
  amount INTEGER NOT NULL,
  from_script_hash TEXT,
  to_script_hash TEXT NOT NULL,
  transaction_hash TEXT,
  height INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  due_at INTEGER,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX gasbank_deposits_account ON gasbank_deposits (account_id, deposit_id)
  WHERE account_id IS NOT NULL;
CREATE INDEX gasbank_deposits_suspense ON gasbank_deposits (network_magic, deposit_id)
  WHERE status = 'suspense';
CREATE INDEX gasbank_deposits_due_at ON gasbank_deposits (due_at) WHERE due_at IS NOT NULL;
