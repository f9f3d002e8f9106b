/** What other services and the sweep may ask of secrets. */
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
