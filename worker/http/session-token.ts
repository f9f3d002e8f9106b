/**
 * Reads an access token. Only EdDSA, only our type, only for us: what a token says of its own
 * algorithm chooses nothing (RFC 8725 section 3.1). Whether its session still stands is for the
 * store to say.
 */
import { errors, importJWK, jwtVerify } from 'jose';
import {
  SESSION_ALGORITHM,
  SESSION_TYPE,
  type SessionClaims,
  type SessionPublicKey,
  sessionClaimsSchema,
} from '../core/sessions/session-token.ts';

export interface TokenReader {
  readonly publicKey: SessionPublicKey;
  readonly issuer: string;
  readonly audience: string;
  readonly now: number;
}

/** Undefined for whatever is not a sound token of ours at this time. */
export async function verifySessionToken(
  token: string,
  { publicKey, issuer, audience, now }: TokenReader,
): Promise<SessionClaims | undefined> {
  const key = await importJWK(publicKey.publicKey, SESSION_ALGORITHM);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [SESSION_ALGORITHM],
      typ: SESSION_TYPE,
      issuer,
      audience,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'iat'],
    });
    return sessionClaimsSchema.safeParse(payload).data;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return undefined;
    throw thrown;
  }
}
