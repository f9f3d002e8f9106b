/**
 * The forms in which an operator may write a 32-byte key: `hex:` or `base64:` with a value, or
 * without prefix 64 hex digits, else 43 or 44 base64 characters (standard or URL alphabet), else 32
 * raw bytes that are not hex. The order is fixed, so every text has one reading. A leading `dev:`
 * marks a value that was generated for development and must be refused elsewhere. A failure never
 * carries the value, nor a part of it, nor its length.
 */
import { p256 } from '@noble/curves/nist.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64nopad, base64urlnopad } from '@scure/base';
import { err, ok, type Result } from '../result.ts';
import { KEY_BYTES } from './derived-keys.ts';

export interface SecretKeyForm {
  readonly key: Uint8Array;
  /** Made by a development start; worth nothing, because it may have been seen by anyone. */
  readonly development: boolean;
}

const DEVELOPMENT_MARK = 'dev:';
const HEX_64 = /^[0-9a-f]{64}$/i;
const HEX_ONLY = /^[0-9a-f]+$/i;

export function parseEncryptionKey(
  text: string,
): Result<SecretKeyForm, 'secrets.encryption_unconfigured'> {
  const form = parseForm(text);
  return form === undefined ? err('secrets.encryption_unconfigured') : ok(form);
}

/** A P-256 private scalar: the same forms, and in 1..n-1 (SEC 1 section 3.2.1). */
export function parseSigningKey(text: string): Result<SecretKeyForm, 'signing.unconfigured'> {
  const form = parseForm(text);
  if (form === undefined || !p256.utils.isValidSecretKey(form.key))
    return err('signing.unconfigured');
  return ok(form);
}

function parseForm(text: string): SecretKeyForm | undefined {
  const development = text.startsWith(DEVELOPMENT_MARK);
  const key = decodeForm(development ? text.slice(DEVELOPMENT_MARK.length) : text);
  return key === undefined ? undefined : { key, development };
}

function decodeForm(text: string): Uint8Array | undefined {
  if (text.startsWith('hex:')) return decodeHex(text.slice('hex:'.length));
  if (text.startsWith('base64:')) return decodeBase64(text.slice('base64:'.length));
  return decodeHex(text) ?? decodeBase64(text) ?? decodeRaw(text);
}

const decodeHex = (text: string): Uint8Array | undefined =>
  HEX_64.test(text) ? hexToBytes(text) : undefined;

/**
 * Strict: no white space, no mixed alphabets, no stray bits in the last character; a slip must not
 * give a key.
 */
function decodeBase64(text: string): Uint8Array | undefined {
  const padded = text.length === 44 && text.endsWith('=');
  if (!padded && text.length !== 43) return undefined;
  const digits = padded ? text.slice(0, -1) : text;
  for (const alphabet of [base64nopad, base64urlnopad]) {
    try {
      return alphabet.decode(digits);
    } catch {
      // Not of this alphabet; the text of the error quotes the key and must go nowhere.
    }
  }
  return undefined;
}

/**
 * 32 hex digits are half a key that somebody cut or a key of 128 bits; as raw text they would pass
 * unnoticed.
 */
function decodeRaw(text: string): Uint8Array | undefined {
  if (HEX_ONLY.test(text) || !text.isWellFormed()) return undefined;
  const bytes = utf8ToBytes(text);
  return bytes.length === KEY_BYTES ? bytes : undefined;
}
