/**
 * The platform's signatures: what is signed, how a signature looks, how it is checked. The signed
 * message is `signingInput`: the purpose's label, 0x00, the payload; ES256 hashes it with SHA-256.
 * One key serves all purposes, and the label keeps a signature for one from being shown as another.
 * Verification knows no clock: whether a key was in use at the time is decided by the periods in
 * the published list.
 */
import * as z from 'zod';
import { err, ok, type Result } from '../result.ts';
import { signingKeyId } from './derived-keys.ts';
import { DOMAINS, type Domain, domainSeparated } from './domains.ts';
import { decodeBase64Url, decodePublicJwk, publicJwkSchema, verifyEs256 } from './es256.ts';

const DOMAIN_OF_PURPOSE = {
  receipt: DOMAINS.receiptSignature,
  'audit-checkpoint': DOMAINS.auditCheckpointSignature,
  'trial-balance': DOMAINS.trialBalanceSignature,
} as const satisfies Record<string, Domain>;
export type SigningPurpose = keyof typeof DOMAIN_OF_PURPOSE;

export const isSigningPurpose = (text: string): text is SigningPurpose =>
  Object.hasOwn(DOMAIN_OF_PURPOSE, text);

/**
 * `neo-service-layer/<purpose>/v1` || 0x00 || payload: the exact message of the ES256 signature.
 */
export const signingInput = (purpose: SigningPurpose, payload: Uint8Array): Uint8Array =>
  domainSeparated(DOMAIN_OF_PURPOSE[purpose], payload);

const keyIdSchema = z.string().regex(/^[0-9a-f]{16}$/);

export const signatureSchema = z.strictObject({
  algorithm: z.literal('ES256'),
  keyId: keyIdSchema,
  /** base64url of r || s. */
  value: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  /** Not covered by the signature, so no verifier may accept any other value than the key's own. */
  attested: z.literal(false),
});
export type Signature = Readonly<z.infer<typeof signatureSchema>>;

export const signingPublicKeySchema = z.strictObject({
  keyId: keyIdSchema,
  algorithm: z.literal('ES256'),
  publicKey: publicJwkSchema,
});
export type SigningPublicKey = Readonly<z.infer<typeof signingPublicKeySchema>>;

export interface SignatureCheck {
  readonly purpose: SigningPurpose;
  readonly payload: Uint8Array;
  readonly signature: Signature;
  readonly publicKeys: readonly SigningPublicKey[];
}

export type SignatureRefusal = 'signing.key_unknown' | 'signing.signature_invalid';

/** Answers the id of the key that signed. */
export function verifySignature(
  check: SignatureCheck,
): Result<{ readonly keyId: string }, SignatureRefusal> {
  const publicPoint = findPublicPoint(check.signature.keyId, check.publicKeys);
  if (publicPoint === undefined) return err('signing.key_unknown');
  const signature = decodeBase64Url(check.signature.value);
  if (signature === undefined) return err('signing.signature_invalid');
  const message = signingInput(check.purpose, check.payload);
  return verifyEs256({ message, signature, publicPoint })
    ? ok({ keyId: check.signature.keyId })
    : err('signing.signature_invalid');
}

/** The id is computed again: a list that puts another key under a known id must not be believed. */
function findPublicPoint(
  keyId: string,
  publicKeys: readonly SigningPublicKey[],
): Uint8Array | undefined {
  for (const entry of publicKeys) {
    const point = entry.keyId === keyId ? decodePublicJwk(entry.publicKey) : undefined;
    if (point !== undefined && signingKeyId(point) === keyId) return point;
  }
  return undefined;
}
