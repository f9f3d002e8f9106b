/**
 * Signatures with the platform's P-256 key. It signs only domain-separated messages of the closed
 * list of purposes, so even a caller that was taken over cannot have a transaction or a token
 * signed. WebCrypto draws the ECDSA nonce; the key is non-extractable. Software mode says
 * `attested: false`.
 */
import { base64urlnopad } from '@scure/base';
import { assert } from '../../worker/core/assert.ts';
import { signingKeyId } from '../../worker/core/crypto/derived-keys.ts';
import { encodePublicJwk, publicPointOf } from '../../worker/core/crypto/es256.ts';
import { LIMITS } from '../../worker/core/crypto/limits.ts';
import {
  isSigningPurpose,
  type Signature,
  type SigningPublicKey,
  signingInput,
} from '../../worker/core/crypto/signature.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { SignRequest } from '../contract.ts';

export interface Signer {
  readonly publicKey: SigningPublicKey;
  readonly key: CryptoKey;
}

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export async function createSigner(secretKey: Uint8Array): Promise<Signer> {
  const point = publicPointOf(secretKey);
  const publicKey = encodePublicJwk(point);
  const jwk = { ...publicKey, d: base64urlnopad.encode(secretKey) };
  const key = await crypto.subtle.importKey('jwk', jwk, ECDSA_P256, false, ['sign']);
  return { key, publicKey: { keyId: signingKeyId(point), algorithm: 'ES256', publicKey } };
}

export async function signPayload(
  { key, publicKey }: Signer,
  { purpose, payload }: SignRequest,
): Promise<Result<Signature, 'bridge.batch_too_large'>> {
  assert(isSigningPurpose(purpose), 'a signature has one of the listed purposes');
  const limit = LIMITS.signaturePayloadBytesMax.value;
  if (payload.length > limit)
    return err('bridge.batch_too_large', { limit, observed: payload.length });
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const bytes = await crypto.subtle.sign(algorithm, key, signingInput(purpose, payload));
  return ok({
    algorithm: 'ES256',
    keyId: publicKey.keyId,
    value: base64urlnopad.encode(new Uint8Array(bytes)),
    attested: false,
  });
}
