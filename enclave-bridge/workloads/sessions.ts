/**
 * Access tokens of sessions: the bridge alone can make one. Issuer and audience come from the API
 * Worker; lifetime, algorithm and type are fixed here, so a caller that was taken over can mint
 * tokens of fifteen minutes while it is there and none that outlive it by more.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { base64urlnopad } from '@scure/base';
import { importJWK, SignJWT } from 'jose';
import { assert } from '../../worker/core/assert.ts';
import { deriveSessionSeed, sessionKeyId } from '../../worker/core/crypto/derived-keys.ts';
import { LIMITS } from '../../worker/core/sessions/limits.ts';
import {
  SESSION_ALGORITHM,
  SESSION_TYPE,
  type SessionPublicKey,
  sessionClaimsSchema,
} from '../../worker/core/sessions/session-token.ts';
import type { SessionRequest, SessionToken } from '../contract.ts';

export interface SessionSigner {
  readonly publicKey: SessionPublicKey;
  readonly key: CryptoKey;
}

export async function createSessionSigner(signingKey: Uint8Array): Promise<SessionSigner> {
  const seed = deriveSessionSeed(signingKey);
  const point = ed25519.getPublicKey(seed);
  const publicKey = { kty: 'OKP', crv: 'Ed25519', x: base64urlnopad.encode(point) } as const;
  const jwk = { ...publicKey, d: base64urlnopad.encode(seed), ext: false };
  const key = await importJWK(jwk, SESSION_ALGORITHM);
  assert(key instanceof CryptoKey, 'jose answers bytes for symmetric keys alone');
  return {
    key,
    publicKey: { keyId: sessionKeyId(point), algorithm: SESSION_ALGORITHM, publicKey },
  };
}

export async function signSession(
  { key, publicKey }: SessionSigner,
  request: SessionRequest,
): Promise<SessionToken> {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + LIMITS.accessTokenMinutes.value * 60;
  const claims = sessionClaimsSchema.parse({
    iss: request.issuer,
    aud: request.audience,
    sub: request.address,
    sid: request.sessionId,
    acc: request.accountId,
    iat,
    exp,
  });
  const header = { alg: SESSION_ALGORITHM, typ: SESSION_TYPE, kid: publicKey.keyId };
  const token = await new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
  return { token, expiresAt: exp * 1000 };
}
