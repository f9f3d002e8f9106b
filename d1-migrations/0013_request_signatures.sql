-- Signatures of requests: what an account asks for, whose key verifies them, and which were used.
ALTER TABLE accounts ADD COLUMN request_signatures TEXT NOT NULL DEFAULT 'optional';
ALTER TABLE api_keys ADD COLUMN signing_key TEXT;
ALTER TABLE sessions ADD COLUMN signing_key TEXT;

CREATE TABLE request_nonces (
  credential_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (credential_id, nonce)
);
CREATE INDEX request_nonces_expires_at ON request_nonces (expires_at);
