/** The gas bank's side of the chain: wallets of the platform, vaults, and deposits. */
import { depositOperations } from './deposit-operations.ts';
import { instructionOperations } from './instruction-operations.ts';
import { registrationOperations } from './vault-operations.ts';
import { walletOperations } from './wallet-operations.ts';

export const vaultOperations = [
  ...walletOperations,
  ...registrationOperations,
  ...depositOperations,
  ...instructionOperations,
] as const;
