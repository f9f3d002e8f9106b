/**
 * Private keys of Neo N3 and what is signed with them: ECDSA on secp256r1 with SHA-256, signatures
 * r || s. Signing is deterministic (RFC 6979) and equal to neo-go's byte for byte, high s and all.
 * It hashes the message itself: for a transaction that is the network's magic and the hash, 36
 * bytes, never the hash alone. No key is made here, since core has no randomness.
 */
import { p256 } from '@noble/curves/nist.js';
import { assert } from '../assert.ts';
import { parseHex } from './hex.ts';
import { decodePublicKey, type PublicKey } from './public-key.ts';

declare const privateKeyBrand: unique symbol;
/** 32 bytes, a number below the order of the curve and not zero; made only by this file. */
export type PrivateKey = Uint8Array & { readonly [privateKeyBrand]: true };

export const PRIVATE_KEY_BYTES = 32;

/**
 * Of the table that multiplies the base point, in bits, made at the first multiplication. The curves
 * package takes 6; with 8 a blinded signature has 49 additions and not 65. Wider ones take longer to
 * make than they ever save.
 */
const BASE_WINDOW_BITS = 8;
p256.Point.BASE.precompute(BASE_WINDOW_BITS);

/** Null for another length, for zero, and for the order of the curve and above. */
export function decodePrivateKey(bytes: Uint8Array): PrivateKey | null {
  if (bytes.length !== PRIVATE_KEY_BYTES || !p256.utils.isValidSecretKey(bytes)) return null;
  return bytes.slice() as PrivateKey; // Its range has just been checked.
}

/** From 64 hexadecimal digits. */
export function parsePrivateKey(text: string): PrivateKey | null {
  const bytes = parseHex(text);
  return bytes && decodePrivateKey(bytes);
}

export function publicKeyOf(key: PrivateKey): PublicKey {
  const publicKey = decodePublicKey(p256.getPublicKey(key, true));
  assert(publicKey, 'a private key has a public key');
  return publicKey;
}

export function signMessage(message: Uint8Array, key: PrivateKey): Uint8Array {
  return p256.sign(message, key, { lowS: false, prehash: true });
}
