/**
 * Signatures of Neo N3 accounts, checked as the node checks them: ECDSA on secp256r1 with SHA-256
 * over the message, 64 bytes r || s. Both s and n - s are valid, so from one signature anybody
 * makes a second: it is never an id, a nonce or a proof that something happened once.
 */
import { p256 } from '@noble/curves/nist.js';
import { encodePublicKey, type PublicKey } from './public-key.ts';

export const SIGNATURE_BYTES = 64;

export interface SignatureCheck {
  /** Not its hash: that is taken here. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: PublicKey;
}

export function verifySignature({ message, signature, publicKey }: SignatureCheck): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  // Both defaults of the library are spelled out: low s alone would refuse half of all signatures.
  return p256.verify(signature, message, encodePublicKey(publicKey), {
    lowS: false,
    prehash: true,
  });
}
