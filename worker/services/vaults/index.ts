/** What other services ask of vaults and of the platform's wallets. */
export { findPlatformWallet, signAsPlatformWallet } from './signing.ts';
export { listPlatformWallets, loadVault, type PlatformWalletRow, type VaultRow } from './store.ts';
export { platformWallets, type RefillRule, vaults } from './tables.ts';
