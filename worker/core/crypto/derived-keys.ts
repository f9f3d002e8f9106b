/**
 * What is derived from long-lived keys: the key that wraps data keys, the key of sessions, and the
 * public ids of all keys. HKDF-SHA-256 (RFC 5869) without salt: the input is a uniformly random key already (section
 * 3.3). An id is the first 8 bytes of a hash over a public key or over a check value that is used
 * for nothing else, so it says which key was used and gives away nothing of it; 64 bits are ample
 * to tell apart the few keys one installation ever has.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { DOMAINS, type Domain, domainSeparated } from './domains.ts';

export const KEY_BYTES = 32;
export const KEY_ID_BYTES = 8;

export const deriveWrappingKey = (masterKey: Uint8Array): Uint8Array =>
  deriveKey(masterKey, DOMAINS.wrappingKey);

export const masterKeyId = (masterKey: Uint8Array): string =>
  keyId(DOMAINS.masterKeyId, deriveKey(masterKey, DOMAINS.masterKeyCheck));

export const dataKeyId = (dataKey: Uint8Array): string =>
  keyId(DOMAINS.dataKeyId, deriveKey(dataKey, DOMAINS.dataKeyCheck));

/**
 * Over the uncompressed point (SEC 1 section 2.3.3, 65 bytes), so anyone can check a published id.
 */
export const signingKeyId = (publicPoint: Uint8Array): string =>
  keyId(DOMAINS.signingKeyId, publicPoint);

/** Seed of the Ed25519 key of sessions (RFC 8032 section 5.1.5): changes with the signing key. */
export const deriveSessionSeed = (signingKey: Uint8Array): Uint8Array =>
  deriveKey(signingKey, DOMAINS.sessionKey);

export const sessionKeyId = (publicKey: Uint8Array): string =>
  keyId(DOMAINS.sessionKeyId, publicKey);

function deriveKey(key: Uint8Array, domain: Domain): Uint8Array {
  assert(key.length === KEY_BYTES, 'a symmetric key has 32 bytes');
  return hkdf(sha256, key, undefined, utf8ToBytes(domain), KEY_BYTES);
}

const keyId = (domain: Domain, value: Uint8Array): string =>
  bytesToHex(sha256(domainSeparated(domain, value)).subarray(0, KEY_ID_BYTES));
