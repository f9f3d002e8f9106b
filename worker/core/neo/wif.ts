/**
 * Private keys as text (wallet import format): Base58Check over 0x80, the key, and 0x01 for a
 * compressed public key, 52 characters. The form for uncompressed keys is refused, as the accounts
 * of Neo N3 know none. The text is the key itself: it belongs to the SDK, the CLI and the bridge,
 * and never into a log.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { decodePrivateKey, PRIVATE_KEY_BYTES, type PrivateKey } from './private-key.ts';

const VERSION = 0x80;
const COMPRESSED = 0x01;
/** Base58 decoding is quadratic in the length; every text of this form has exactly this one. */
const WIF_CHARACTERS = 52;
const base58check = createBase58check(sha256);

export function encodeWif(key: PrivateKey): string {
  return base58check.encode(Uint8Array.of(VERSION, ...key, COMPRESSED));
}

/** Null when characters, checksum, length, prefix, suffix or the key itself are wrong. */
export function parseWif(text: string): PrivateKey | null {
  if (text.length !== WIF_CHARACTERS) return null;
  const payload = decodeChecked(text);
  if (payload?.length !== 1 + PRIVATE_KEY_BYTES + 1) return null;
  if (payload[0] !== VERSION || payload.at(-1) !== COMPRESSED) return null;
  return decodePrivateKey(payload.subarray(1, -1));
}

function decodeChecked(text: string): Uint8Array | null {
  try {
    return base58check.decode(text);
  } catch {
    // The library throws for a foreign character and for a wrong checksum: both are the caller's
    // mistake.
    return null;
  }
}
