/**
 * ES256: ECDSA on P-256 with SHA-256, signatures as r || s (RFC 7518 section 3.4), public keys as
 * JWK (RFC 7517). Verification is pure, so that the CLI and anyone else checks our signatures
 * without asking us. Signatures with a high s are accepted, as FIPS 186-5 and WebCrypto make them:
 * a second valid signature can be made from the first, so a signature is never used as an id or for
 * uniqueness.
 */
import { p256 } from '@noble/curves/nist.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import * as z from 'zod';

const COORDINATE_BYTES = 32;
const SIGNATURE_BYTES = 64;
const UNCOMPRESSED = 0x04;

const coordinateSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const publicJwkSchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinateSchema,
  y: coordinateSchema,
});
export type PublicJwk = Readonly<z.infer<typeof publicJwkSchema>>;

export const publicPointOf = (secretKey: Uint8Array): Uint8Array =>
  p256.getPublicKey(secretKey, false);

export function encodePublicJwk(point: Uint8Array): PublicJwk {
  const x = base64urlnopad.encode(point.slice(1, 1 + COORDINATE_BYTES));
  const y = base64urlnopad.encode(point.slice(1 + COORDINATE_BYTES));
  return { kty: 'EC', crv: 'P-256', x, y };
}

/** The uncompressed point; undefined unless it lies on the curve. */
export function decodePublicJwk(jwk: PublicJwk): Uint8Array | undefined {
  const x = decodeBase64Url(jwk.x);
  const y = decodeBase64Url(jwk.y);
  if (x?.length !== COORDINATE_BYTES || y?.length !== COORDINATE_BYTES) return undefined;
  const point = concatBytes(Uint8Array.of(UNCOMPRESSED), x, y);
  return p256.utils.isValidPublicKey(point, false) ? point : undefined;
}

export interface Es256Check {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** Uncompressed point. */
  readonly publicPoint: Uint8Array;
}

export function verifyEs256({ message, signature, publicPoint }: Es256Check): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return p256.verify(signature, message, publicPoint, { lowS: false, prehash: true });
}

/** Strict RFC 4648 section 5 without padding: one text per value. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  try {
    return base64urlnopad.decode(text);
  } catch {
    return undefined; // The only error of a decoder is: not of this alphabet.
  }
}
