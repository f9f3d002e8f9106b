/** What other services and the sweep may ask of secrets. */
import { type SQL, sql } from 'drizzle-orm';

export { dataKeyOf, type VaultAccess } from './data-keys.ts';
export {
  type OpenedSecret,
  openSecretsForFunction,
  openSecretVersions,
  type SecretUse,
  type SecretUseFailure,
  type SecretUseNote,
} from './open-secrets.ts';
export type { VersionReference } from './store.ts';
export { sweepSecrets } from './sweep.ts';

/**
 * Removes everything secret of an account that is being purged. The data key goes last: without it,
 * whatever else was sealed under it (journals, copies in a backup) is unreadable for ever.
 */
export const purgeSecretsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM secret_versions WHERE account_id = ${accountId}`,
  sql`DELETE FROM secrets WHERE account_id = ${accountId}`,
  sql`DELETE FROM account_data_keys WHERE account_id = ${accountId}`,
];
