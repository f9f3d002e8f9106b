/** What executions, the sweep and the purge ask of prices and credits. */
import { type SQL, sql } from 'drizzle-orm';

export { checkAffordable, type Meter, openMeter } from './meter.ts';
export { sweepMetering } from './sweep.ts';

/**
 * What was given away once stays known for as long as the records of the account: who deletes an
 * account is not given the same again with the same wallet.
 */
export const purgeMeteringOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM billing_accounts WHERE account_id = ${accountId}`,
  sql`DELETE FROM credit_orders WHERE account_id = ${accountId} AND kind <> 'initial'`,
];

/** When its records end. */
export const endMeteringOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM credit_orders WHERE account_id = ${accountId}`,
];
