/** What the cron sweep asks of the system service. */
export { recordSigningKey } from './signing-keys.ts';
