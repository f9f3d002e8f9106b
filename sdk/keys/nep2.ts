/**
 * NEP-2: a private key under a passphrase, as text of 58 characters that begins with 6P. The salt is
 * taken from the address, so the text says whose key it is, and a wrong passphrase is told from a
 * right one. Keys of Neo Legacy have the same form with another address and are refused by name, as
 * their accounts are not these. Half a second of scrypt: for a person's machine, not for a Worker.
 */

import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import {
  decodePrivateKey,
  type PrivateKey,
  publicKeyOf,
} from '../../worker/core/neo/private-key.ts';
import { encodePublicKey } from '../../worker/core/neo/public-key.ts';
import { scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import { encodeSignatureScript } from '../../worker/core/neo/verification-script.ts';
import { decryptBlocks, encryptBlocks } from './aes-blocks.ts';
import {
  type DerivedKey,
  deriveKey,
  encodePassphrase,
  faultOfScrypt,
  NEP2_SCRYPT,
  type ScryptParameters,
} from './scrypt.ts';

/** Encrypted without EC multiplication, for a compressed public key: the only form Neo knows. */
const PREFIX = Uint8Array.of(0x01, 0x42, 0xe0);
const SALT_BYTES = 4;
const KEY_BYTES = 32;
const CHARACTERS = 58;
const LEGACY_ADDRESS_VERSION = 0x17;
const base58check = createBase58check(sha256);

export interface Encryption {
  readonly privateKey: PrivateKey;
  readonly passphrase: string;
  /** Those of NEP-2 unless a wallet file says others. */
  readonly scrypt?: ScryptParameters;
}

export interface Decryption {
  readonly encrypted: string;
  readonly passphrase: string;
  readonly scrypt?: ScryptParameters;
}

export type Nep2Refusal =
  /** Another length, alphabet, checksum or prefix. */
  | 'not_nep2'
  /** Also what other scrypt parameters than those of the encryption look like. */
  | 'wrong_passphrase'
  /** The key of an account of Neo Legacy. */
  | 'legacy_key'
  | 'passphrase_malformed'
  | 'scrypt_refused';

type Outcome<Name extends string, Value> =
  | ({ readonly ok: true } & Readonly<Record<Name, Value>>)
  | { readonly ok: false; readonly refusal: Nep2Refusal };

export async function encryptKey(given: Encryption): Promise<Outcome<'encrypted', string>> {
  const { privateKey, passphrase, scrypt = NEP2_SCRYPT } = given;
  const salt = saltOf(addressOf(privateKey));
  const derived = await derive(passphrase, salt, scrypt);
  if (typeof derived === 'string') return { ok: false, refusal: derived };
  const blocks = await encryptBlocks(derived.cipherKey, xor(privateKey, derived.mask));
  return { ok: true, encrypted: base58check.encode(Uint8Array.of(...PREFIX, ...salt, ...blocks)) };
}

export async function decryptKey(given: Decryption): Promise<Outcome<'privateKey', PrivateKey>> {
  const { encrypted, passphrase, scrypt = NEP2_SCRYPT } = given;
  const payload = decodePayload(encrypted);
  if (payload === null) return { ok: false, refusal: 'not_nep2' };
  const { salt, blocks } = payload;
  const derived = await derive(passphrase, salt, scrypt);
  if (typeof derived === 'string') return { ok: false, refusal: derived };
  const bytes = xor(await decryptBlocks(derived.cipherKey, blocks), derived.mask);
  const privateKey = decodePrivateKey(bytes);
  if (privateKey === null) return { ok: false, refusal: 'wrong_passphrase' };
  if (areEqual(saltOf(addressOf(privateKey)), salt)) return { ok: true, privateKey };
  const isLegacy = areEqual(saltOf(legacyAddressOf(privateKey)), salt);
  return { ok: false, refusal: isLegacy ? 'legacy_key' : 'wrong_passphrase' };
}

/** The account of one key. */
export const addressOf = (privateKey: PrivateKey): string =>
  encodeAddress(scriptHashOf(encodeSignatureScript(publicKeyOf(privateKey))));

function decodePayload(text: string): { salt: Uint8Array; blocks: Uint8Array } | null {
  // Base58 decoding is quadratic in the length; every text of this form has exactly this one.
  if (text.length !== CHARACTERS) return null;
  let payload: Uint8Array;
  try {
    payload = base58check.decode(text);
  } catch {
    return null; // A foreign character, or a wrong checksum.
  }
  if (payload.length !== PREFIX.length + SALT_BYTES + KEY_BYTES) return null;
  if (!areEqual(payload.subarray(0, PREFIX.length), PREFIX)) return null;
  const rest = payload.subarray(PREFIX.length);
  return { salt: rest.slice(0, SALT_BYTES), blocks: rest.slice(SALT_BYTES) };
}

async function derive(
  passphrase: string,
  salt: Uint8Array,
  scrypt: ScryptParameters,
): Promise<DerivedKey | Nep2Refusal> {
  const bytes = encodePassphrase(passphrase);
  if (bytes === null) return 'passphrase_malformed';
  return faultOfScrypt(scrypt) === null ? deriveKey(bytes, salt, scrypt) : 'scrypt_refused';
}

const saltOf = (address: string): Uint8Array =>
  sha256(sha256(new TextEncoder().encode(address))).slice(0, SALT_BYTES);

/** A push of 33 bytes and CHECKSIG, as scripts of Neo Legacy wrote them. */
function legacyAddressOf(privateKey: PrivateKey): string {
  const script = Uint8Array.of(0x21, ...encodePublicKey(publicKeyOf(privateKey)), 0xac);
  return base58check.encode(Uint8Array.of(LEGACY_ADDRESS_VERSION, ...ripemd160(sha256(script))));
}

const xor = (one: Uint8Array, other: Uint8Array): Uint8Array =>
  one.map((byte, index) => byte ^ (other[index] ?? 0));

const areEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
