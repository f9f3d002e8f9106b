/**
 * 32-byte hashes of transactions and blocks (`UInt256`). As with script hashes two orders of the
 * same bytes are in use: little-endian on the wire, big-endian hexadecimal with `0x` for people.
 * The display form in lower case is the one kept in text; the wire form is bytes and never text.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../assert.ts';
import { decodeReversedHex, encodeReversedHex } from './hex.ts';

declare const hash256Brand: unique symbol;
/** `0x` and 64 lower-case hexadecimal digits; made only by the functions of this file. */
export type Hash256 = string & { readonly [hash256Brand]: true };

export const HASH256_BYTES = 32;

/** Null for anything but `0x` and 64 hexadecimal digits of either case. */
export function parseHash256(text: string): Hash256 | null {
  // The cast is the brand's parser: the form has just been checked.
  return /^0x[0-9a-fA-F]{64}$/.test(text) ? (text.toLowerCase() as Hash256) : null;
}

/** From wire order. */
export function decodeHash256(bytes: Uint8Array): Hash256 {
  assert(bytes.length === HASH256_BYTES, 'a hash of 32 bytes');
  return `0x${encodeReversedHex(bytes)}` as Hash256; // Of the right form by construction.
}

/** To wire order. */
export const encodeHash256 = (hash: Hash256): Uint8Array => decodeReversedHex(hash);

/** The hash of a transaction's or a header's unsigned part: SHA-256 once, not twice. */
export const hash256Of = (bytes: Uint8Array): Hash256 => decodeHash256(sha256(bytes));
