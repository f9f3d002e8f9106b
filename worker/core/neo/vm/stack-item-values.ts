/**
 * Readers for those who know what a contract answers: each takes one form and gives null for any
 * other, so that a contract that answers something else is noticed instead of being converted.
 * They are strict where the VM converts: a ByteString is no Integer here (`decodeInteger` reads the
 * bytes of one), and an Integer is no Boolean. Hashes are taken in wire order, as contracts hold
 * them, and given as display text.
 */
import { decodeHash256, HASH256_BYTES, type Hash256 } from '../hash256.ts';
import { decodePublicKey, type PublicKey } from '../public-key.ts';
import { decodeScriptHash, SCRIPT_HASH_BYTES, type ScriptHash } from '../script-hash.ts';
import type { MapEntry, StackItem, StackIterator } from './stack-item.ts';

export const isNull = (item: StackItem): boolean => item.type === 'Any';

export const asBoolean = (item: StackItem): boolean | null =>
  item.type === 'Boolean' ? item.value : null;

export const asBigInt = (item: StackItem): bigint | null =>
  item.type === 'Integer' ? item.value : null;

/** Null too for an integer that a number cannot hold exactly. */
export function asInteger(item: StackItem): number | null {
  const value = asBigInt(item);
  if (value === null) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** A ByteString's or a Buffer's; whoever cares which looks at the type. */
export const asBytes = (item: StackItem): Uint8Array | null =>
  item.type === 'ByteString' || item.type === 'Buffer' ? item.value : null;

/** Null for bytes that are not UTF-8: a text with replaced characters would be another text. */
export function asUtf8(item: StackItem): string | null {
  const bytes = asBytes(item);
  if (bytes === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // The decoder's only error is: not UTF-8.
  }
}

export function asHash160(item: StackItem): ScriptHash | null {
  const bytes = asBytes(item);
  return bytes?.length === SCRIPT_HASH_BYTES ? decodeScriptHash(bytes) : null;
}

export function asHash256(item: StackItem): Hash256 | null {
  const bytes = asBytes(item);
  return bytes?.length === HASH256_BYTES ? decodeHash256(bytes) : null;
}

export function asPublicKey(item: StackItem): PublicKey | null {
  const bytes = asBytes(item);
  return bytes === null ? null : decodePublicKey(bytes);
}

/** An Array's or a Struct's. */
export const asList = (item: StackItem): readonly StackItem[] | null =>
  item.type === 'Array' || item.type === 'Struct' ? item.value : null;

export const asMap = (item: StackItem): readonly MapEntry[] | null =>
  item.type === 'Map' ? item.value : null;

export const asIterator = (item: StackItem): StackIterator | null =>
  item.type === 'InteropInterface' ? item.iterator : null;
