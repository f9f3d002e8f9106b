/**
 * Script hashes of Neo N3: the 20 bytes that name an account or a contract (RIPEMD-160 of SHA-256
 * of its script). Two orders of the same bytes are in use: on the wire little-endian (`UInt160`),
 * for people big-endian hexadecimal with `0x`. Here the display form is the one kept in text,
 * always in lower case; the wire form is bytes and never text.
 */
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../assert.ts';
import { decodeReversedHex, encodeReversedHex } from './hex.ts';

declare const scriptHashBrand: unique symbol;
/**
 * The display form, `0x` and 40 lower-case hexadecimal digits; made only by the functions of this
 * file.
 */
export type ScriptHash = string & { readonly [scriptHashBrand]: true };

export const SCRIPT_HASH_BYTES = 20;

/**
 * Null for anything but `0x` and 40 hexadecimal digits; digits may be of either case, as neo-go
 * accepts them.
 */
export function parseScriptHash(text: string): ScriptHash | null {
  // The cast is the brand's parser: the form has just been checked.
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? (text.toLowerCase() as ScriptHash) : null;
}

/** From wire order. */
export function decodeScriptHash(bytes: Uint8Array): ScriptHash {
  assert(bytes.length === SCRIPT_HASH_BYTES, 'a script hash has 20 bytes');
  return `0x${encodeReversedHex(bytes)}` as ScriptHash; // Of the right form by construction.
}

/** To wire order. */
export const encodeScriptHash = (hash: ScriptHash): Uint8Array => decodeReversedHex(hash);

/** The account or contract a script stands for. */
export const scriptHashOf = (script: Uint8Array): ScriptHash =>
  decodeScriptHash(ripemd160(sha256(script)));
