/** What other services ask of gas accounts and their books. */
export { balancesOf, type GasBalances } from './balances.ts';
export { bookOf, executeCommand } from './books.ts';
export { type NoteDeps, noteSpending } from './low-balance.ts';
export { type GasAccountRow, listGasAccountsOf, loadGasAccount } from './store.ts';
export { gasAccounts } from './tables.ts';
export { type Terms, termsOf } from './terms.ts';
