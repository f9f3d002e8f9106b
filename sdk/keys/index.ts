/**
 * Keys of Neo N3 on a person's own machine: NEP-2 texts, NEP-6 wallet files, WIF. An entry of its
 * own beside the client, since it carries curve and cipher code that a client of the API never
 * needs. Nothing here talks to anybody.
 */
export { encodeAddress, parseAddress } from '../../worker/core/neo/address.ts';
export type { Misshapen, Parsed } from '../../worker/core/neo/json-reader.ts';
export {
  decodePrivateKey,
  type PrivateKey,
  parsePrivateKey,
  publicKeyOf,
} from '../../worker/core/neo/private-key.ts';
export { encodeWif, parseWif } from '../../worker/core/neo/wif.ts';
export {
  createExportRecipient,
  type ExportedKey,
  type ExportedWallet,
  type ExportRecipient,
  exportRecipientOf,
  openExportedKey,
} from './exported-key.ts';
export { LIMITS as KEY_LIMITS } from './limits.ts';
export {
  addressOf,
  type Decryption,
  decryptKey,
  type Encryption,
  encryptKey,
  type Nep2Refusal,
} from './nep2.ts';
export {
  type AccountForm,
  makeAccount,
  makeWallet,
  parseWallet,
  type Wallet,
  type WalletAccount,
  type WalletContract,
} from './nep6.ts';
export { createPrivateKey } from './random-key.ts';
export { NEP2_SCRYPT, type ScryptParameters } from './scrypt.ts';
