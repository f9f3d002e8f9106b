-- Signatures of members over transactions of multisig accounts: each key once for each transaction.
CREATE TABLE transaction_signatures (
  transaction_id TEXT NOT NULL REFERENCES transactions (transaction_id) ON DELETE CASCADE,
  public_key TEXT NOT NULL,
  signature BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (transaction_id, public_key)
);

-- What operators have to look at; there are few.
CREATE INDEX transactions_disputed ON transactions (transaction_id) WHERE status = 'disputed';
