/** What other services ask of gas accounts and their books. */
export { bookOf, executeCommand } from './books.ts';
export { type GasAccountRow, loadGasAccount } from './store.ts';
export { gasAccounts } from './tables.ts';
