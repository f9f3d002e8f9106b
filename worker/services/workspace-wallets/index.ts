/** What other services and the sweep may ask of workspace wallets. */
import { type SQL, sql } from 'drizzle-orm';

export { requireGovernance } from './policy.ts';

/** Removes the mappings of an account whose records end; a purge keeps them. */
export const endWalletsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM wallet_policies WHERE account_id = ${accountId}`,
  sql`DELETE FROM workspace_wallets WHERE account_id = ${accountId}`,
];
