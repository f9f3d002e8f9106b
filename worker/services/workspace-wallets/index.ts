/** What other services may ask of workspace wallets. */
export { requireGovernance } from './policy.ts';
