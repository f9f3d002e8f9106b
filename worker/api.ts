/** The whole API: the routes of every service bound to the app. Wiring only. */
import { createApp } from './app.ts';
import { ERRORS, LIMIT_GROUPS, operations } from './contract.ts';
import { ports } from './ports.ts';
import { RUNTIMES } from './runtimes/generated/index.ts';
import { accountRoutes } from './services/accounts/routes.ts';
import { auditRoutes } from './services/audit/routes.ts';
import { chainRoutes } from './services/chain/routes.ts';
import { contractRoutes } from './services/contracts/routes.ts';
import { eventRoutes } from './services/events/routes.ts';
import { executionRoutes } from './services/executions/routes.ts';
import { functionRoutes } from './services/functions/routes.ts';
import { gasbankRoutes } from './services/gasbank/routes.ts';
import { keyRoutes } from './services/keys/routes.ts';
import { meteringRoutes } from './services/metering/routes.ts';
import { proofRoutes } from './services/proofs/routes.ts';
import { secretRoutes } from './services/secrets/routes.ts';
import { sessionRoutes } from './services/sessions/routes.ts';
import { signInRoutes } from './services/sign-in/routes.ts';
import { sponsorshipRoutes } from './services/sponsorships/routes.ts';
import { systemRoutes } from './services/system/routes.ts';
import { transactionRoutes } from './services/transactions/routes.ts';
import { vaultRoutes } from './services/vaults/routes.ts';
import { walletRoutes } from './services/wallets/routes.ts';
import { withdrawalRoutes } from './services/withdrawals/routes.ts';
import { workspaceWalletRoutes } from './services/workspace-wallets/routes.ts';

export const api = createApp(
  [
    ...systemRoutes({
      operations,
      limits: LIMIT_GROUPS,
      errors: ERRORS,
      runtimeVersion: RUNTIMES[0].runtimeVersion,
    }),
    ...accountRoutes,
    ...keyRoutes,
    ...signInRoutes,
    ...sessionRoutes,
    ...workspaceWalletRoutes,
    ...walletRoutes,
    ...secretRoutes,
    ...functionRoutes,
    ...executionRoutes,
    ...auditRoutes,
    ...eventRoutes,
    ...chainRoutes,
    ...transactionRoutes,
    ...contractRoutes,
    ...withdrawalRoutes,
    ...sponsorshipRoutes,
    ...vaultRoutes,
    ...gasbankRoutes,
    ...proofRoutes,
    ...meteringRoutes,
  ],
  ports,
);
