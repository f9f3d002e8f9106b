/** What other services may ask of functions. */
import { type SQL, sql } from 'drizzle-orm';

export { checkInputs, checkParams } from './input-schema.ts';
export { findRunnable, findVersion, type Runnable } from './runnable.ts';
export { loadGasScopes, type VersionRow } from './store.ts';
export { loadStoredContent, type StoredContent } from './stored-content.ts';

/** Removes the functions of an account that is being purged. */
export const purgeFunctionsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM function_versions WHERE account_id = ${accountId}`,
  sql`DELETE FROM functions WHERE account_id = ${accountId}`,
];
