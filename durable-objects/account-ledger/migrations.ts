/**
 * Schema of an AccountLedger. Only added to, never edited. What must never be is held here, under
 * the code that should not let it happen: balances change by entries alone and are noted with each
 * (`lines`); entries are never changed or removed; an entry moves one unit, so credits never become
 * GAS (M17); only what the chain or other books owe may be below zero; a hold ends once, and one
 * bound to the chain only with a verdict (M7).
 */
import type { Migration } from '../migrate.ts';

const MAX = '9007199254740991';

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'book',
    sql: `
CREATE TABLE book (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  magic INTEGER NOT NULL,
  owner TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  checkpoint_height INTEGER NOT NULL DEFAULT 0,
  checkpoint_entry INTEGER NOT NULL DEFAULT 0,
  chain_height INTEGER NOT NULL DEFAULT 0,
  fault_at INTEGER,
  fault_message TEXT
) STRICT;
CREATE TRIGGER book_is_one BEFORE UPDATE OF magic, owner ON book BEGIN
  SELECT RAISE(ABORT, 'a book stays whose it is'); END;

CREATE TABLE funds (
  name TEXT PRIMARY KEY,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;

CREATE TABLE accounts (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  heading TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('gas', 'credit')),
  is_bounded INTEGER NOT NULL CHECK (is_bounded IN (0, 1)),
  balance INTEGER NOT NULL DEFAULT 0,
  CHECK (balance BETWEEN -${MAX} AND ${MAX}),
  CHECK (balance >= 0 OR is_bounded = 0),
  CHECK (is_bounded = 1 OR name LIKE 'chain/%'
    OR name IN ('other_books', 'credits_issued', 'available/equity', 'available/clearing')),
  CHECK ((unit = 'credit') = (name IN ('credits_issued', 'credits_available', 'credits_reserved',
    'credits_spent')))
) STRICT;

CREATE TABLE commands (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  gas INTEGER NOT NULL CHECK (gas BETWEEN 0 AND ${MAX}),
  credits INTEGER NOT NULL CHECK (credits BETWEEN 0 AND ${MAX}),
  available INTEGER NOT NULL,
  expires_at INTEGER,
  destination TEXT,
  closed_height INTEGER,
  note TEXT
) STRICT, WITHOUT ROWID;
CREATE TRIGGER commands_stay BEFORE DELETE ON commands BEGIN
  SELECT RAISE(ABORT, 'an id is kept for the life of the book'); END;

CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  command TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_account INTEGER NOT NULL,
  to_account INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND ${MAX}),
  CHECK (from_account <> to_account)
) STRICT;
CREATE TABLE lines (
  account INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  PRIMARY KEY (account, entry)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entries_have_one_unit BEFORE INSERT ON entries
  WHEN (SELECT 1 FROM accounts f, accounts t WHERE f.number = NEW.from_account
        AND t.number = NEW.to_account AND f.unit = t.unit) IS NULL BEGIN
  SELECT RAISE(ABORT, 'an entry moves one unit between two accounts'); END;
CREATE TRIGGER entries_post AFTER INSERT ON entries BEGIN
  UPDATE accounts SET balance = balance - NEW.amount WHERE number = NEW.from_account;
  UPDATE accounts SET balance = balance + NEW.amount WHERE number = NEW.to_account;
  INSERT INTO lines (account, entry, balance) VALUES
    (NEW.from_account, NEW.number,
      (SELECT balance FROM accounts WHERE number = NEW.from_account)),
    (NEW.to_account, NEW.number, (SELECT balance FROM accounts WHERE number = NEW.to_account));
END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN
  SELECT RAISE(ABORT, 'entries stay'); END;
CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries BEGIN
  SELECT RAISE(ABORT, 'entries are final'); END;

CREATE TABLE holds (
  key TEXT PRIMARY KEY,
  fund TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('timed', 'chain')),
  state TEXT NOT NULL CHECK (state IN ('held', 'captured', 'released', 'expired')),
  gas INTEGER NOT NULL CHECK (gas BETWEEN 0 AND ${MAX}),
  credits INTEGER NOT NULL CHECK (credits BETWEEN 0 AND ${MAX}),
  payout INTEGER NOT NULL CHECK (payout BETWEEN 0 AND gas),
  route TEXT CHECK (route IN ('vault', 'resolver')),
  purpose TEXT NOT NULL,
  charges TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  ended_at INTEGER,
  verdict TEXT,
  CHECK (gas + credits > 0),
  CHECK (charges IS NULL OR state = 'held'),
  CHECK ((route IS NULL) = (payout = 0)),
  CHECK ((kind = 'timed') = (expires_at IS NOT NULL)),
  CHECK ((state = 'held') = (ended_at IS NULL)),
  CHECK (credits = 0 OR (kind = 'timed' AND route IS NULL)),
  CHECK (kind = 'timed' OR state <> 'expired'),
  CHECK (kind = 'timed' OR state = 'held' OR verdict IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_open ON holds (COALESCE(expires_at, 0), key) WHERE state = 'held';
CREATE TRIGGER holds_end_once BEFORE UPDATE ON holds WHEN OLD.state <> 'held'
  OR OLD.gas <> NEW.gas OR OLD.credits <> NEW.credits OR OLD.payout <> NEW.payout
  OR (OLD.kind = 'chain' AND NEW.kind <> 'chain') BEGIN
  SELECT RAISE(ABORT, 'a hold ends once and does not change'); END;
CREATE TRIGGER holds_stay BEFORE DELETE ON holds BEGIN
  SELECT RAISE(ABORT, 'holds stay'); END;

CREATE TABLE counters (
  span INTEGER NOT NULL,
  counter TEXT NOT NULL,
  used INTEGER NOT NULL CHECK (used BETWEEN 0 AND ${MAX}),
  PRIMARY KEY (span, counter)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_days (
  day INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  gas INTEGER NOT NULL CHECK (gas BETWEEN 0 AND ${MAX}),
  credits INTEGER NOT NULL CHECK (credits BETWEEN 0 AND ${MAX}),
  uses INTEGER NOT NULL,
  PRIMARY KEY (day, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE moves (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  command TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('moving', 'taken', 'refused')),
  to_owner TEXT NOT NULL,
  to_fund TEXT NOT NULL,
  fund TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND ${MAX}),
  closed_height INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  due_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER,
  CHECK ((state = 'moving') = (due_at IS NOT NULL)),
  CHECK ((state = 'moving') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX moves_moving ON moves (id) WHERE state = 'moving';
CREATE UNIQUE INDEX moves_taken ON moves (id) WHERE state = 'taken';
CREATE INDEX moves_due ON moves (due_at) WHERE due_at IS NOT NULL;
CREATE TRIGGER moves_end_once BEFORE UPDATE ON moves WHEN OLD.state <> 'moving' BEGIN
  SELECT RAISE(ABORT, 'a move ends once'); END;

CREATE TABLE watched (
  address TEXT PRIMARY KEY,
  since_height INTEGER NOT NULL
) STRICT;
CREATE TABLE checkpoints (
  height INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  at INTEGER NOT NULL,
  sums TEXT NOT NULL
) STRICT;
CREATE TABLE notices (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;`,
  },
  {
    /** What was stored before waits to be told, too. */
    name: 'notices are delivered',
    sql: `
ALTER TABLE book ADD COLUMN deliver_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE book ADD COLUMN deliver_tries INTEGER NOT NULL DEFAULT 0;`,
  },
];
