-- When the key of a wallet was last given out; from then on the bridge is not the only one to have it.
ALTER TABLE chain_wallets ADD COLUMN exported_at INTEGER;
