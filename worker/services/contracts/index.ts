/** What the sweep asks of contracts. */
import type { SQL } from 'drizzle-orm';
import { purgeContracts } from './store.ts';

/** Removes the registrations of an account that is being purged. */
export const purgeContractsOf = (accountId: string): readonly SQL[] => [purgeContracts(accountId)];
