/**
 * Every Durable Object class of the API Worker; `worker/index.ts` re-exports them for the runtime.
 */
export { AccountJournal } from './account-journal/account-journal.ts';
export { AccountLedger } from './account-ledger/account-ledger.ts';
export { AccountScheduler } from './account-scheduler/account-scheduler.ts';
export { ChainFollower } from './chain-follower/chain-follower.ts';
export { MetricsHub } from './metrics-hub/metrics-hub.ts';
export { NeoSender } from './neo-sender/neo-sender.ts';
export { RateLimiter } from './rate-limiter/rate-limiter.ts';
