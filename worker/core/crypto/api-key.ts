/**
 * Account API keys: `nsl_<environment>_<key id>_<secret>_<checksum>`. The prefix lets secret
 * scanners find a leaked key, the id names the row, the secret is 32 random bytes in base62, and
 * the CRC-32 of all before it lets a mistyped or invented key be refused before any look-up. The
 * checksum protects nothing else: only the SHA-256 of the whole text is stored, and it is compared
 * in constant time.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { ID_PREFIXES, isId } from '../ids.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 bytes need 43 characters of 62. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 8;
const FORM = new RegExp(
  `^nsl_(dev|stg|prd)_([0-9a-z]{26})_([0-9A-Za-z]{${SECRET_LENGTH}})_([0-9a-f]{${CHECKSUM_LENGTH}})$`,
);

export type KeyEnvironment = 'dev' | 'stg' | 'prd';

export interface KeyParts {
  readonly environment: KeyEnvironment;
  readonly keyId: string;
  /** Exactly 32 fresh random bytes. */
  readonly secret: Uint8Array;
}

export function encodeApiKey({ environment, keyId, secret }: KeyParts): string {
  assert(secret.length === 32, 'an API key needs exactly 32 random bytes');
  assert(isId('apiKey', keyId), 'an API key needs a key id');
  const suffix = keyId.slice(ID_PREFIXES.apiKey.length + 1);
  const body = `nsl_${environment}_${suffix}_${encodeBase62(secret)}`;
  return `${body}_${toHex(crc32(new TextEncoder().encode(body)))}`;
}

/** The key's id when form and checksum hold; null for anything else, however it is wrong. */
export function parseApiKey(
  text: string,
): { readonly keyId: string; readonly environment: string } | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, environment = '', suffix = '', , checksum] = match;
  const body = text.slice(0, -CHECKSUM_LENGTH - 1);
  if (toHex(crc32(new TextEncoder().encode(body))) !== checksum) return null;
  const keyId = `${ID_PREFIXES.apiKey}_${suffix}`;
  return isId('apiKey', keyId) ? { keyId, environment } : null;
}

/** What is stored and compared; lower-case hex. */
export const hashCredential = (text: string): string =>
  bytesToHex(sha256(new TextEncoder().encode(text)));

/** Compares two texts of equal length without stopping at the first difference. */
export function equalConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

function encodeBase62(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let position = 0; position < SECRET_LENGTH; position += 1) {
    text = BASE62.charAt(Number(value % 62n)) + text;
    value /= 62n;
  }
  return text;
}

/** CRC-32 as in ISO 3309 and zlib. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const toHex = (value: number): string => value.toString(16).padStart(CHECKSUM_LENGTH, '0');
