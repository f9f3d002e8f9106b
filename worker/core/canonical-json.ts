/**
 * Canonical JSON (RFC 8785) as UTF-8 bytes: equal values give equal bytes, so that a hash or a
 * signature over them can be checked by anyone in any language. Only true JSON values have a
 * canonical form here. RFC 8785 section 3.1 asks for I-JSON: lone surrogates and non-finite numbers
 * are refused; and so is whatever serializers quietly drop or reshape (undefined members, BigInt,
 * Date, Map, typed arrays), since two different values would then hash alike.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { InvariantError } from './assert.ts';
import { err, ok, type Result } from './result.ts';

/**
 * For values from outside: a JSON body may hold an escaped lone surrogate, which is the sender's
 * mistake.
 */
export function parseCanonicalJson(value: unknown): Result<Uint8Array, 'request.malformed'> {
  const text = canonicalText(value);
  if (text === undefined)
    return err('request.malformed', { detail: 'The value is not I-JSON (RFC 7493)' });
  return ok(utf8ToBytes(text));
}

/** For values of our own making: one without a canonical form is a bug. */
export function encodeCanonicalJson(value: unknown): Uint8Array {
  const text = canonicalText(value);
  if (text === undefined) throw new InvariantError('the value has no canonical JSON form');
  return utf8ToBytes(text);
}

/** Lower-case hex of SHA-256 over the canonical bytes. */
export const sha256Canonical = (value: unknown): string =>
  bytesToHex(sha256(encodeCanonicalJson(value)));

function canonicalText(value: unknown): string | undefined {
  let text: string | undefined;
  try {
    text = canonicalize(value); // Refuses cycles first, so that the walk below ends.
  } catch {
    return undefined; // Every throw of the serializer means one thing: not a JSON value.
  }
  return isJson(value) ? text : undefined;
}

/** Iterative: a body nested 100,000 deep must not overflow the stack. */
function isJson(root: unknown): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === null || typeof value === 'string' || typeof value === 'boolean') continue;
    if (typeof value === 'number') continue;
    if (typeof value !== 'object' || !isPlain(value)) return false;
    // `Array.from` and not the array itself: a hole reads as undefined and is refused.
    for (const member of Array.isArray(value) ? Array.from(value) : Object.values(value))
      pending.push(member);
  }
  return true;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return !('toJSON' in value && typeof value.toJSON === 'function');
}
