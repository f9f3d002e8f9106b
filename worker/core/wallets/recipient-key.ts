/**
 * The public key that an exported key is sealed to: X25519 (RFC 7748), made by its owner for one
 * export. Approvals and the audit log name it by its SHA-256 (money rule M16).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { encodeHex } from '../neo/hex.ts';

const KEY_BYTES = 32;

export interface RecipientKey {
  readonly bytes: Uint8Array;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Null for what is not 32 bytes in base64; whether it is a point, the bridge finds out. */
export function parseRecipientKey(text: string): RecipientKey | null {
  try {
    const bytes = base64.decode(text);
    return bytes.length === KEY_BYTES ? { bytes, sha256: encodeHex(sha256(bytes)) } : null;
  } catch {
    return null; // The library throws for what is no base64: the caller's mistake.
  }
}
