-- Books of the gas bank as each last told of itself: which are to be asked at the next checkpoint, and
-- what stood in them at their last one. What is in them now stands in the books alone.
CREATE TABLE gasbank_books (
  network_magic INTEGER NOT NULL,
  owner TEXT NOT NULL,
  changed_height INTEGER,
  asked_height INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  available INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  in_transit INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  other_books INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (network_magic, owner)
);
CREATE INDEX gasbank_books_seen_at ON gasbank_books (seen_at);

-- Trial balances: what all books owe at a height, and what the chain had for it then.
CREATE TABLE gasbank_checkpoints (
  network_magic INTEGER NOT NULL,
  height INTEGER NOT NULL,
  network TEXT NOT NULL,
  status TEXT NOT NULL,
  stage TEXT NOT NULL,
  reason TEXT,
  is_walk INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  platform TEXT,
  addresses TEXT,
  statement TEXT,
  signature TEXT,
  seed BLOB,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  cut_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (network_magic, height)
);
-- One at a time: a book must not close a later checkpoint before it was asked about this one.
CREATE UNIQUE INDEX gasbank_checkpoints_running ON gasbank_checkpoints (network_magic)
  WHERE status = 'running';
CREATE INDEX gasbank_checkpoints_due_at ON gasbank_checkpoints (due_at) WHERE status = 'running';

-- Each customer's book at a checkpoint, with the leaves that stand for it in the Merkle sum tree.
CREATE TABLE gasbank_checkpoint_books (
  network_magic INTEGER NOT NULL,
  height INTEGER NOT NULL,
  owner TEXT NOT NULL,
  available INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  in_transit INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  other_books INTEGER NOT NULL,
  leaves TEXT,
  PRIMARY KEY (network_magic, height, owner)
);

-- The leaves of the tree in their order, a chunk a row; what is above them is computed.
CREATE TABLE gasbank_tree_chunks (
  network_magic INTEGER NOT NULL,
  height INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  nodes BLOB NOT NULL,
  root BLOB NOT NULL,
  PRIMARY KEY (network_magic, height, chunk)
);
