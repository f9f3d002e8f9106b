-- When the sweep looks at a gas account next: for a low balance, or to reclaim what a deleted account left.
ALTER TABLE gas_accounts ADD COLUMN due_at INTEGER;
CREATE INDEX gas_accounts_due ON gas_accounts (due_at) WHERE due_at IS NOT NULL;
