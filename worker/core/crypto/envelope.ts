/**
 * The stored form of everything sealed: version (1 byte) || key id (8) || nonce (12) || ciphertext
 * || tag (16), by AES-256-GCM (NIST SP 800-38D). The cipher itself runs in the bridge; here is the
 * format and the associated data. Nonces are 96 random bits: SP 800-38D section 8.3 allows 2^32
 * seals under one key. A data key belongs to one account, which at 10 seals a second reaches that
 * in 13 years. Header bytes need no trust: version and key id are in the associated data, and a
 * changed nonce fails the tag.
 */
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { KEY_ID_BYTES } from './derived-keys.ts';
import { DOMAINS, type Domain } from './domains.ts';

export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

/** How much longer a sealed value is than its plaintext. */
export const ENVELOPE_OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

export interface Envelope {
  readonly keyId: string;
  readonly nonce: Uint8Array;
  /** Ciphertext with the tag behind it, as WebCrypto gives and takes it. */
  readonly ciphertext: Uint8Array;
}

export function encodeEnvelope({ keyId, nonce, ciphertext }: Envelope): Uint8Array {
  const keyIdBytes = hexToBytes(keyId);
  assert(keyIdBytes.length === KEY_ID_BYTES, 'a key id has 8 bytes');
  assert(nonce.length === NONCE_BYTES, 'a nonce has 12 bytes');
  assert(ciphertext.length >= TAG_BYTES, 'a ciphertext carries its tag');
  return concatBytes(Uint8Array.of(VERSION), keyIdBytes, nonce, ciphertext);
}

/** Undefined for anything that no version of ours wrote; the caller answers as for a failed tag. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length < ENVELOPE_OVERHEAD_BYTES || bytes[0] !== VERSION) return undefined;
  return {
    keyId: bytesToHex(bytes.subarray(1, 1 + KEY_ID_BYTES)),
    nonce: bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES),
    ciphertext: bytes.subarray(HEADER_BYTES),
  };
}

export const dataKeyAssociatedData = (masterKeyId: string, accountId: string): Uint8Array =>
  encodeParts(DOMAINS.wrappedDataKey, [masterKeyId, accountId]);

export interface ItemPlace {
  readonly dataKeyId: string;
  readonly accountId: string;
  /** What the item is and where it belongs: `['secret', name, '3']`, `['journal', executionId]`. */
  readonly context: readonly string[];
}

export function itemAssociatedData({ dataKeyId, accountId, context }: ItemPlace): Uint8Array {
  assert(context.length > 0, 'a sealed item says what it is');
  return encodeParts(DOMAINS.sealedItem, [dataKeyId, accountId, ...context]);
}

/**
 * Each part behind its length (u32, big endian), the domain label first. Without lengths `['ab',
 * 'c']` and `['a', 'bc']` would be one place, and a ciphertext could be moved between them.
 */
function encodeParts(domain: Domain, parts: readonly string[]): Uint8Array {
  const encoded = [domain, ...parts].map((part) => {
    // UTF-8 turns every lone surrogate into the same U+FFFD: two names would be one place.
    assert(part.length > 0 && part.isWellFormed(), 'a part is non-empty and well-formed text');
    return utf8ToBytes(part);
  });
  return concatBytes(...encoded.flatMap((bytes) => [encodeU32(bytes.length), bytes]));
}

function encodeU32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
