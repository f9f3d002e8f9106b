/** What the sweep and the senders of transactions ask of wallets on a Neo network. */
import { type SQL, sql } from 'drizzle-orm';

/**
 * Takes the keys of an account that is being purged. The mapping of addresses stays, as a record of
 * whose they were.
 */
export const purgeChainKeysOf = (accountId: string): readonly SQL[] => [
  sql`UPDATE chain_wallets SET sealed_key = NULL, label = NULL WHERE account_id = ${accountId}`,
];

/**
 * True when no key of the account could still move money: a purge would destroy it (money rule
 * M17). A condition of the batch, so a wallet made meanwhile is not passed by.
 */
export const hasNoActiveWallet = (accountId: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM chain_wallets
    WHERE account_id = ${accountId} AND status = 'active')`;

/** Removes the mappings of an account whose records end. */
export const endChainWalletsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM chain_wallets WHERE account_id = ${accountId}`,
];

export { policyOf } from './policy.ts';
export {
  findSigningWallet,
  type SigningWallet,
  signAsWallet,
  toSigningWallet,
  verificationOf,
} from './signing.ts';
export {
  loadWallet as loadChainWallet,
  type WalletRow as ChainWalletRow,
  walletQuery as chainWalletQuery,
  walletUnchanged,
} from './store.ts';
