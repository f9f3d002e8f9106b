/**
 * The commands of the services that commands written by hand work with, from the contracts
 * themselves.
 */
import { accountOperations } from '../../../worker/services/accounts/contract.ts';
import { auditOperations } from '../../../worker/services/audit/contract.ts';
import { contractOperations } from '../../../worker/services/contracts/contract.ts';
import { executionOperations } from '../../../worker/services/executions/contract.ts';
import { functionOperations } from '../../../worker/services/functions/contract.ts';
import { proofOperations } from '../../../worker/services/proofs/contract.ts';
import { secretOperations } from '../../../worker/services/secrets/contract.ts';
import { systemOperations } from '../../../worker/services/system/contract.ts';
import { workspaceWalletOperations } from '../../../worker/services/workspace-wallets/contract.ts';
import { tableOf } from './operations.ts';

export const CONTRACT_TABLE = tableOf([
  ...systemOperations,
  ...accountOperations,
  ...workspaceWalletOperations,
  ...secretOperations,
  ...auditOperations,
  ...functionOperations,
  ...executionOperations,
  ...contractOperations,
  ...proofOperations,
]);
