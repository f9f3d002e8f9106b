/** What other services and the sweep may ask of workspace wallets. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';

export { requireGovernance } from './approvals.ts';
export { listApproversOf } from './policy.ts';
export { draftVerifiedWallet } from './service.ts';
export {
  deleteApprovals,
  isVerified,
  listVerifiedNeo,
  loadWallet as loadWorkspaceWallet,
} from './store.ts';
export { workspaceWallets } from './tables.ts';

const APPROVALS_PER_SWEEP = 1000;

/** Removes approvals that ended unused. */
export const sweepApprovals = (db: Database, now: number) =>
  db.run(sql`DELETE FROM wallet_approvals WHERE approval_id IN
    (SELECT approval_id FROM wallet_approvals WHERE expires_at <= ${now}
      LIMIT ${APPROVALS_PER_SWEEP})`);

/** Removes the mappings of an account whose records end; a purge keeps them. */
export const endWalletsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM wallet_approvals WHERE account_id = ${accountId}`,
  sql`DELETE FROM wallet_policies WHERE account_id = ${accountId}`,
  sql`DELETE FROM workspace_wallets WHERE account_id = ${accountId}`,
];
