/** What other services, the purge and the sweep ask of gas accounts and their books. */
export { balancesOf, type GasBalances } from './balances.ts';
export { bookOf, executeCommand } from './books.ts';
export { type NoteDeps, noteSpending } from './low-balance.ts';
export { endGasAccountsOf, gasLeftOf, purgeGasAccountsOf } from './reclaim.ts';
export { createGasAccount } from './service.ts';
export {
  type GasAccountRow,
  gasAccountQuery,
  listGasAccountsOf,
  loadGasAccount,
} from './store.ts';
export { sweepGasAccounts } from './sweep.ts';
export { gasAccounts } from './tables.ts';
export { type Terms, termsOf } from './terms.ts';
export { toBalances, toGasAccount } from './views.ts';
