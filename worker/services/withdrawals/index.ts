/** What other services, the senders and the sweep ask of withdrawals. */
import { type SQL, sql } from 'drizzle-orm';

export { createWithdrawal, type WithdrawalAnswer, type WithdrawalRequest } from './create.ts';
export type { OpeningContext } from './opening.ts';
export { recordSenderEvent } from './sender-events.ts';
export { sweepWithdrawals } from './sweep.ts';

/** Removes what an account that is being purged has withdrawn; what was paid is on the chain. */
export const purgeWithdrawalsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM withdrawals WHERE account_id = ${accountId} AND ended_at IS NOT NULL`,
  sql`DELETE FROM withdrawal_policies WHERE account_id = ${accountId}`,
];
