/** What other services need of the chain. */
export { findBoundNetwork, findNetwork, type Network, readStanding } from './networks.ts';
export { listBalances } from './service.ts';
export { toApplicationLog, toBalance, toTransaction } from './views.ts';
