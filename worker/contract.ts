/**
 * The contract: every operation of every service, and every bound. Data only. The app binds these
 * operations, the generators write document, SDK, CLI and docs from them, and the contract tests
 * walk them.
 */
import { LIMITS as audit } from './core/audit/limits.ts';
import { LIMITS as chainFollower } from './core/chain-follower/limits.ts';
import { LIMITS as crypto } from './core/crypto/limits.ts';
import { LIMITS as egress } from './core/egress/limits.ts';
import { ERRORS } from './core/errors.ts';
import { LIMITS as events } from './core/events/limits.ts';
import { LIMITS as executionRecords } from './core/executions/limits.ts';
import { LIMITS as functionRuns } from './core/functions-runtime/limits.ts';
import { LIMITS as ledger } from './core/ledger/limits.ts';
import { type Limit, LIMITS as requests } from './core/limits.ts';
import { LIMITS as metricsLimits } from './core/metrics/limits.ts';
import { LIMITS as neoBlocks } from './core/neo/block/limits.ts';
import { LIMITS as neoContracts } from './core/neo/contract/limits.ts';
import { LIMITS as neoNetworks } from './core/neo/limits.ts';
import { LIMITS as neoMessages } from './core/neo/message/limits.ts';
import { LIMITS as neoRpc } from './core/neo/rpc/limits.ts';
import { LIMITS as neoScripts } from './core/neo/script/limits.ts';
import { LIMITS as neoTransactions } from './core/neo/transaction/limits.ts';
import { LIMITS as neoVm } from './core/neo/vm/limits.ts';
import { LIMITS as neoSender } from './core/neo-sender/limits.ts';
import { LIMITS as queue } from './core/queue/limits.ts';
import { LIMITS as rateLimits } from './core/rate-limit/limits.ts';
import { LIMITS as requestSignatures } from './core/request-signature/limits.ts';
import { LIMITS as runSlots } from './core/run-slots/limits.ts';
import { LIMITS as sessions } from './core/sessions/limits.ts';
import { LIMITS as sponsored } from './core/sponsorships/limits.ts';
import { LIMITS as proposals } from './core/transactions/limits.ts';
import { LIMITS as moneyPolicies } from './core/wallets/limits.ts';
import { LIMITS as payouts } from './core/withdrawals/limits.ts';
import type { Operation } from './http/operation.ts';
import { accountOperations } from './services/accounts/contract.ts';
import { LIMITS as accounts } from './services/accounts/limits.ts';
import { auditOperations } from './services/audit/contract.ts';
import { chainOperations } from './services/chain/contract.ts';
import { LIMITS as chain } from './services/chain/limits.ts';
import { contractOperations } from './services/contracts/contract.ts';
import { LIMITS as contracts } from './services/contracts/limits.ts';
import { eventOperations } from './services/events/contract.ts';
import { executionOperations } from './services/executions/contract.ts';
import { functionOperations } from './services/functions/contract.ts';
import { LIMITS as functions } from './services/functions/limits.ts';
import { gasbankOperations } from './services/gasbank/contract.ts';
import { LIMITS as gasbank } from './services/gasbank/limits.ts';
import { keyOperations } from './services/keys/contract.ts';
import { LIMITS as keys } from './services/keys/limits.ts';
import { meteringOperations } from './services/metering/contract.ts';
import { LIMITS as metering } from './services/metering/limits.ts';
import { proofOperations } from './services/proofs/contract.ts';
import { LIMITS as proofs } from './services/proofs/limits.ts';
import { secretOperations } from './services/secrets/contract.ts';
import { LIMITS as secrets } from './services/secrets/limits.ts';
import { sessionOperations } from './services/sessions/contract.ts';
import { signInOperations } from './services/sign-in/contract.ts';
import { sponsorshipOperations } from './services/sponsorships/contract.ts';
import { LIMITS as sponsorships } from './services/sponsorships/limits.ts';
import { systemOperations } from './services/system/contract.ts';
import { transactionOperations } from './services/transactions/contract.ts';
import { LIMITS as transactions } from './services/transactions/limits.ts';
import { vaultOperations } from './services/vaults/contract.ts';
import { LIMITS as vaults } from './services/vaults/limits.ts';
import { walletOperations } from './services/wallets/contract.ts';
import { LIMITS as wallets } from './services/wallets/limits.ts';
import { withdrawalOperations } from './services/withdrawals/contract.ts';
import { LIMITS as withdrawals } from './services/withdrawals/limits.ts';
import { workspaceWalletOperations } from './services/workspace-wallets/contract.ts';
import { LIMITS as workspaceWallets } from './services/workspace-wallets/limits.ts';

export const operations: readonly Operation[] = [
  ...systemOperations,
  ...accountOperations,
  ...keyOperations,
  ...signInOperations,
  ...sessionOperations,
  ...workspaceWalletOperations,
  ...walletOperations,
  ...secretOperations,
  ...functionOperations,
  ...executionOperations,
  ...auditOperations,
  ...eventOperations,
  ...chainOperations,
  ...transactionOperations,
  ...contractOperations,
  ...withdrawalOperations,
  ...sponsorshipOperations,
  ...vaultOperations,
  ...gasbankOperations,
  ...proofOperations,
  ...meteringOperations,
];

export const LIMIT_GROUPS: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  requests,
  requestSignatures,
  rateLimits,
  metrics: metricsLimits,
  queue,
  ledger,
  runSlots,
  functionRuns,
  executionRecords,
  crypto,
  functions,
  egress,
  neoNetworks,
  neoSender,
  sessions,
  neoVm,
  neoTransactions,
  neoScripts,
  neoRpc,
  neoMessages,
  neoContracts,
  neoBlocks,
  chain,
  transactions,
  contracts,
  withdrawals,
  payouts,
  proofs,
  proposals,
  sponsored,
  sponsorships,
  metering,
  vaults,
  chainFollower,
  accounts,
  keys,
  workspaceWallets,
  wallets,
  moneyPolicies,
  secrets,
  gasbank,
  audit,
  events,
};

export { ERRORS };
