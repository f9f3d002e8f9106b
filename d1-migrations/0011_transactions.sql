-- Transactions of accounts: proposed, approved, handed to the sender of their wallet, and what became of them.
CREATE TABLE transactions (
  transaction_id TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  request_id TEXT,
  request_digest TEXT,
  kind TEXT NOT NULL,
  wallet_id TEXT,
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  sender TEXT NOT NULL,
  status TEXT NOT NULL,
  status_since INTEGER NOT NULL,
  reason TEXT,
  detail TEXT,
  unsigned BLOB NOT NULL,
  verification BLOB,
  system_fee_max INTEGER NOT NULL,
  network_fee_max INTEGER NOT NULL,
  gas_sent INTEGER NOT NULL,
  window_blocks INTEGER NOT NULL,
  intent_hash TEXT NOT NULL,
  threshold INTEGER,
  approvers TEXT NOT NULL,
  reasons TEXT NOT NULL,
  valid_until_block INTEGER,
  prepared_height INTEGER,
  expires_at INTEGER,
  handed_at INTEGER,
  due_at INTEGER NOT NULL,
  hash TEXT,
  block_index INTEGER,
  vm_state TEXT,
  system_fee INTEGER,
  network_fee INTEGER,
  note TEXT,
  created_by TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (account_id, request_id)
);
CREATE INDEX transactions_account ON transactions (account_id, transaction_id);
CREATE INDEX transactions_open ON transactions (account_id) WHERE ended_at IS NULL;
CREATE INDEX transactions_due_at ON transactions (due_at);

-- Each wallet once for each transaction; a row counts while its wallet is verified.
CREATE TABLE transaction_approvals (
  transaction_id TEXT NOT NULL REFERENCES transactions (transaction_id) ON DELETE CASCADE,
  wallet_id TEXT NOT NULL,
  layout TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (transaction_id, wallet_id)
);
