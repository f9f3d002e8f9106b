/** What other services, the senders and the sweep ask of transactions. */
import { type SQL, sql } from 'drizzle-orm';

export type { ProposalContext, TransactionRequest } from './draft.ts';
export {
  type Attach,
  proposeTransaction,
  proposeWith,
  type TransactionAnswer,
} from './proposal.ts';
export {
  parseScopes,
  parseScript,
  parseSigners,
  type ScopesRequest,
  type SignerRequest,
} from './script-request.ts';
export { recordSenderEvent } from './sender-events.ts';
export { simulateScript } from './simulation.ts';
export { sweepTransactions } from './sweep.ts';
export { type Told, toldByEvent, toldByView } from './told.ts';

/** Removes the transactions of an account that is being purged; what was sent is on the chain. */
export const purgeTransactionsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM transactions WHERE account_id = ${accountId}`,
];
