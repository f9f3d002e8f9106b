/**
 * The key that a passphrase gives (RFC 7914), in the two halves that NEP-2 uses. Parameters come out
 * of files, so they are bounded before they cost anything. The passphrase is normalized to NFC: the
 * same words typed on two systems are the same bytes.
 */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { LIMITS } from './limits.ts';

export interface ScryptParameters {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** What NEP-2 prescribes. A wallet file may say others for all of its keys. */
export const NEP2_SCRYPT: ScryptParameters = { n: 16_384, r: 8, p: 8 };

const HALF_BYTES = 32;

/** The rule they break; null when there is none. */
export function faultOfScrypt({ n, r, p }: ScryptParameters): string | null {
  if (![n, r, p].every((value) => Number.isSafeInteger(value) && value > 0))
    return 'scrypt parameters that are no positive integers';
  if (n < 2 || !Number.isInteger(Math.log2(n))) return 'a scrypt n that is no power of two';
  if (128 * n * r > LIMITS.scryptBytesMax.value)
    return 'scrypt parameters that take too much memory';
  return n * r * p > LIMITS.scryptBlocksMax.value
    ? 'scrypt parameters that take too much time'
    : null;
}

/** Null for what is no text, and for one that is too long. */
export function encodePassphrase(passphrase: string): Uint8Array | null {
  // Half a surrogate pair would be written as a replacement: two passphrases with one key.
  if (!passphrase.isWellFormed() || passphrase.length > LIMITS.passphraseBytesMax.value)
    return null;
  const bytes = new TextEncoder().encode(passphrase.normalize('NFC'));
  return bytes.length > LIMITS.passphraseBytesMax.value ? null : bytes;
}

export interface DerivedKey {
  /** Laid over the private key. */
  readonly mask: Uint8Array;
  readonly cipherKey: Uint8Array<ArrayBuffer>;
}

/** Yields now and then, so that a page or a server stays alive meanwhile. */
export async function deriveKey(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { n, r, p }: ScryptParameters,
): Promise<DerivedKey> {
  const bytes = await scryptAsync(passphrase, salt, { N: n, r, p, dkLen: 2 * HALF_BYTES });
  return { mask: bytes.slice(0, HALF_BYTES), cipherKey: bytes.slice(HALF_BYTES) };
}
