/** What other services, the senders and the sweep ask of sponsorships. */
import { type SQL, sql } from 'drizzle-orm';

export { loadPolicy as loadSponsorshipPolicy } from './policy-store.ts';
export { recordSenderEvent } from './sender-events.ts';
export { sweepSponsorships } from './sweep.ts';

/** Removes the sponsorships of an account that is being purged; the book keeps what was paid. */
export const purgeSponsorshipsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM sponsorship_sessions WHERE account_id = ${accountId}`,
  sql`DELETE FROM sponsorships WHERE account_id = ${accountId}`,
  sql`DELETE FROM sponsorship_policies WHERE account_id = ${accountId}`,
];
