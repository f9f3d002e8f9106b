/**
 * The public key that a credential's requests are signed with: Ed25519 (RFC 8032), as `x` of its
 * JWK (RFC 8037), 32 bytes in base64url. A point of small order would verify signatures nobody made,
 * and one with a part of small order has twins; neither is taken as a key, and verification is the
 * strict one (no ZIP-215 encodings, s below the group's order), so a signature has one form.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { decodeBase64Url } from '../crypto/es256.ts';

export const SIGNING_KEY_PATTERN = /^[A-Za-z0-9_-]{43}$/;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Whether the text is a key that only its owner can sign for. */
export function isSigningKey(text: string): boolean {
  const bytes = decodeBase64Url(text);
  if (bytes?.length !== KEY_BYTES) return false;
  try {
    const point = ed25519.Point.fromBytes(bytes);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    // Not canonical, or not on the curve; noble says so by throwing.
    return false;
  }
}

export interface SignedMessage {
  /** One that `isSigningKey` accepts. */
  readonly signingKey: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export function verifyEd25519({ signingKey, message, signature }: SignedMessage): boolean {
  const key = decodeBase64Url(signingKey);
  if (key?.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, message, key, { zip215: false });
}
