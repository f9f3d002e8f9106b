-- Public halves of every key the bridge has ever signed with; rows are never deleted.
CREATE TABLE signing_keys (
  key_id TEXT PRIMARY KEY NOT NULL,
  algorithm TEXT NOT NULL,
  public_key TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  retired_at INTEGER
);
