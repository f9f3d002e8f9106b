/** What other services, the follower and the sweep ask of vaults and of the platform's wallets. */
export { type DepositRow, endDepositsOf, findDeposit } from './deposit-store.ts';
export { bookChainEvents } from './feed.ts';
export { findPlatformWallet, signAsPlatformWallet } from './signing.ts';
export {
  listPlatformWallets,
  loadVault,
  type PlatformWalletRow,
  platformWalletsQuery,
  type VaultRow,
} from './store.ts';
export { sweepVaults } from './sweep.ts';
export { platformWallets, type RefillRule, vaults } from './tables.ts';
export { isBooking } from './watching.ts';
