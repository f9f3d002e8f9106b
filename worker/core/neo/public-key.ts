/**
 * Public keys of Neo N3: points of secp256r1 (P-256), 33 bytes compressed (SEC 1, section 2.3.3) on
 * the wire, in scripts and in text. A key that is no point of the curve is refused where it comes
 * in, since a script with it could never be satisfied.
 */
import { p256 } from '@noble/curves/nist.js';
import { assert } from '../assert.ts';
import { encodeHex, parseHex } from './hex.ts';
import { LIMITS } from './limits.ts';

declare const publicKeyBrand: unique symbol;
/** 66 lower-case hexadecimal digits of a compressed point; made only by this file's functions. */
export type PublicKey = string & { readonly [publicKeyBrand]: true };

export const PUBLIC_KEY_BYTES = 33;

/** Null when the text is no compressed point of the curve. */
export function parsePublicKey(text: string): PublicKey | null {
  const bytes = parseHex(text);
  return bytes && decodePublicKey(bytes);
}

/**
 * Keys that were found on the curve, the latest of them. Looking takes a square root, and the same few
 * keys come again and again: validators in every header, wallets in every request. A key is a point
 * for ever, and no secret, so how long the answer takes tells nothing; who sends many others only
 * makes room for them.
 */
const found = new Set<string>();

/** Null when the bytes are no compressed point of the curve. */
export function decodePublicKey(bytes: Uint8Array): PublicKey | null {
  if (bytes.length !== PUBLIC_KEY_BYTES) return null;
  const text = encodeHex(bytes);
  if (!found.has(text)) {
    if (!isPoint(bytes)) return null;
    remember(text);
  }
  return text as PublicKey; // Its form has just been checked, or was before.
}

function isPoint(bytes: Uint8Array): boolean {
  try {
    p256.Point.fromBytes(bytes);
    return true;
  } catch {
    // The library throws for what is no point: the sender's mistake, not ours.
    return false;
  }
}

function remember(text: string): void {
  const [oldest] = found;
  if (oldest !== undefined && found.size >= LIMITS.publicKeysRememberedMax.value)
    found.delete(oldest);
  found.add(text);
}

export function encodePublicKey(key: PublicKey): Uint8Array {
  const bytes = parseHex(key);
  assert(bytes?.length === PUBLIC_KEY_BYTES, 'a compressed public key');
  return bytes;
}

/**
 * Neo's order of the keys of a multi-signature script and of committees: by point, X first and then
 * Y. Not the order of the compressed text, where a 03... key stands after every 02... key.
 */
export function comparePublicKeys(one: PublicKey, other: PublicKey): number {
  const [x1, x2] = [one.slice(2), other.slice(2)];
  if (x1 !== x2) return x1 < x2 ? -1 : 1;
  const [y1, y2] = [yOf(one), yOf(other)];
  return y1 === y2 ? 0 : y1 < y2 ? -1 : 1;
}

const yOf = (key: PublicKey): bigint => p256.Point.fromHex(key).toAffine().y;
