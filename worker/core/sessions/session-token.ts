/**
 * The access token of a session: a JWT (RFC 7519) signed with EdDSA (RFC 8037) by the bridge.
 * Algorithm and type are fixed on both sides, so neither `none`, nor another algorithm, nor a token
 * made for something else is ever looked at (RFC 8725 sections 3.1 and 3.11). The token names the
 * session, and whether that still stands is asked of the store: a revocation ends it early.
 */
import * as z from 'zod';
import { isId } from '../ids.ts';
import { parseAddress } from '../neo/address.ts';

export const SESSION_ALGORITHM = 'EdDSA';
/** RFC 8725 section 3.11: explicit typing. */
export const SESSION_TYPE = 'nsl-session+jwt';

/**
 * Who issues a token and for whom: a token of one deployment must be nothing to another, even where an
 * operator gave both the same signing key.
 */
export const sessionParties = (environment: string) => ({
  issuer: `urn:neo-service-layer:${environment}`,
  audience: `urn:neo-service-layer:${environment}:api`,
});

/** Claims as RFC 7519 names them; times are seconds since the epoch. */
export const sessionClaimsSchema = z.object({
  iss: z.string().min(1),
  aud: z.string().min(1),
  /** Address of the wallet that signed in. */
  sub: z.string().refine((text) => parseAddress(text) !== null, 'not an address'),
  sid: z.string().refine((text) => isId('session', text), 'not a session id'),
  acc: z.string().refine((text) => isId('account', text), 'not an account id'),
  iat: z.int(),
  exp: z.int(),
});
export type SessionClaims = Readonly<z.infer<typeof sessionClaimsSchema>>;

export const sessionPublicKeySchema = z.strictObject({
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  algorithm: z.literal(SESSION_ALGORITHM),
  publicKey: z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  }),
});
export type SessionPublicKey = Readonly<z.infer<typeof sessionPublicKeySchema>>;
