-- Roots of proven checkpoints on their way to the chain: one row a checkpoint, one transaction an attempt.
CREATE TABLE gasbank_anchors (
  network_magic INTEGER NOT NULL,
  height INTEGER NOT NULL,
  network TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  attempt INTEGER NOT NULL,
  sender TEXT,
  handed_at INTEGER,
  transaction_hash TEXT,
  block_index INTEGER,
  due_at INTEGER,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (network_magic, height)
);
CREATE INDEX gasbank_anchors_due_at ON gasbank_anchors (due_at) WHERE due_at IS NOT NULL;
