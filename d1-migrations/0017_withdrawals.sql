-- GAS on its way out: withdrawals of accounts, returns of deposits in suspense, refills of sponsor wallets.
CREATE TABLE withdrawals (
  withdrawal_id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  gas_account_id TEXT,
  deposit_id TEXT,
  platform_wallet_id TEXT,
  fund TEXT NOT NULL,
  network TEXT NOT NULL,
  network_magic INTEGER NOT NULL,
  route TEXT NOT NULL,
  vault TEXT,
  recipient TEXT NOT NULL,
  amount INTEGER NOT NULL,
  system_fee_max INTEGER NOT NULL,
  network_fee_max INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_since INTEGER NOT NULL,
  reason TEXT,
  detail TEXT,
  ending TEXT,
  threshold INTEGER,
  approvers TEXT NOT NULL,
  intent_hash TEXT NOT NULL,
  expires_at INTEGER,
  scheduled_at INTEGER,
  eta_at INTEGER,
  sender TEXT,
  attempt INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  handed_at INTEGER,
  due_at INTEGER NOT NULL,
  hash TEXT,
  block_index INTEGER,
  fee INTEGER,
  reference TEXT,
  note TEXT,
  created_by TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (account_id, network_magic, request_id)
);
CREATE INDEX withdrawals_account ON withdrawals (account_id, withdrawal_id);
CREATE INDEX withdrawals_open ON withdrawals (network_magic, status) WHERE ended_at IS NULL;
CREATE INDEX withdrawals_due_at ON withdrawals (due_at) WHERE ended_at IS NULL;
CREATE INDEX withdrawals_recipient ON withdrawals (network_magic, recipient, ended_at)
  WHERE reason = 'faulted';

-- Each wallet once for each withdrawal; a row counts while its wallet is verified.
CREATE TABLE withdrawal_approvals (
  withdrawal_id TEXT NOT NULL REFERENCES withdrawals (withdrawal_id) ON DELETE CASCADE,
  wallet_id TEXT NOT NULL,
  layout TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (withdrawal_id, wallet_id)
);

-- Every time it was handed over, and what came of it.
CREATE TABLE withdrawal_attempts (
  withdrawal_id TEXT NOT NULL REFERENCES withdrawals (withdrawal_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sender TEXT,
  outcome TEXT,
  detail TEXT,
  hash TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (withdrawal_id, number)
);

-- What an account lets leave by itself, on each network.
CREATE TABLE withdrawal_policies (
  account_id TEXT NOT NULL REFERENCES accounts (account_id),
  network_magic INTEGER NOT NULL,
  network TEXT NOT NULL,
  approvals_above INTEGER,
  per_day INTEGER,
  destinations TEXT,
  open_at INTEGER,
  delay_ms INTEGER NOT NULL,
  delay_before TEXT,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, network_magic)
);

-- Until when a resolver asked to be left alone.
CREATE TABLE resolver_pauses (
  url TEXT PRIMARY KEY NOT NULL,
  until_at INTEGER NOT NULL
);
