-- Contracts that accounts have registered, each on one network. What a node tells of them is kept as it was read last.
CREATE TABLE contracts (
  contract_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  script_hash TEXT NOT NULL,
  label TEXT,
  standing TEXT NOT NULL,
  name TEXT NOT NULL,
  update_counter INTEGER NOT NULL,
  nef_checksum INTEGER NOT NULL,
  supported_standards TEXT NOT NULL,
  deployment_transaction_id TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  read_at INTEGER,
  UNIQUE (account_id, network_magic, script_hash)
);
CREATE INDEX contracts_account ON contracts (account_id, contract_id);
