/**
 * Neo N3 addresses: Base58Check over the version byte 0x35 and a script hash in wire order, 34
 * characters that begin with `N`. The checksum catches a mistyped character; case is part of the
 * text. Addresses of Neo Legacy (version 0x17) and of other networks are refused: the same hash
 * there is another owner's.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from './script-hash.ts';

const ADDRESS_VERSION = 0x35;
/**
 * Base58 decoding is quadratic in the length; every address of this version has exactly this one.
 */
const ADDRESS_CHARACTERS = 34;
const base58check = createBase58check(sha256);

export function encodeAddress(hash: ScriptHash): string {
  const payload = new Uint8Array(1 + SCRIPT_HASH_BYTES);
  payload[0] = ADDRESS_VERSION;
  payload.set(encodeScriptHash(hash), 1);
  return base58check.encode(payload);
}

/**
 * The script hash an address stands for; null when characters, checksum, length or version are
 * wrong.
 */
export function parseAddress(text: string): ScriptHash | null {
  if (text.length !== ADDRESS_CHARACTERS) return null;
  const payload = decodeChecked(text);
  if (payload?.length !== 1 + SCRIPT_HASH_BYTES || payload[0] !== ADDRESS_VERSION) return null;
  return decodeScriptHash(payload.slice(1));
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
