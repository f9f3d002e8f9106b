/**
 * Signatures of requests, in two steps around the reading of the body: `openSignature` refuses what
 * headers alone can tell, `verifySignature` holds the signature against the content and uses its
 * nonce. A signature that is sent is always verified, needed or not, except at public operations,
 * where nothing rests on who asks. The nonce is used in one statement before the operation begins:
 * D1 has one writer, so of two requests with one nonce one passes, whichever isolates they reach. A
 * request that is refused afterwards has used it; whoever repeats a request signs it anew.
 */
import { lte } from 'drizzle-orm';
import type { Principal } from '../core/access.ts';
import {
  coveredLines,
  formatContentDigest,
  formatSignatureBase,
} from '../core/request-signature/covered-components.ts';
import { decideNeed, decideTimes, type SignatureRule } from '../core/request-signature/decide.ts';
import { LIMITS } from '../core/request-signature/limits.ts';
import { verifyEd25519 } from '../core/request-signature/signing-key.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Database } from '../db/connect.ts';
import { requestNonces } from '../db/tables.ts';
import { type Operation, signatureNeed } from './operation.ts';
import {
  carriesSignature,
  parseSignatureFields,
  type SignatureFields,
} from './signature-fields.ts';

export interface OpenedSignature {
  readonly fields: SignatureFields;
  readonly signingKey: string;
}

interface Presenting {
  readonly operation: Operation;
  readonly principal: Principal;
  /** What the account of the path, or of the caller, asks. */
  readonly rule: SignatureRule;
  readonly now: number;
}

/** Undefined for a request without a signature that needs none. */
export function openSignature(
  { headers }: Request,
  { operation, principal, rule, now }: Presenting,
): Result<OpenedSignature | undefined> {
  if (operation.access.kind === 'public') return ok(undefined);
  const isOperator = principal.kind === 'operator';
  const needed = decideNeed({ need: signatureNeed(operation), rule, isOperator });
  if (!needed.ok) return needed;
  if (!carriesSignature(headers))
    return needed.value.isNeeded ? err('signature.required') : ok(undefined);
  const fields = parseSignatureFields(headers, componentsOf(headers));
  if (!fields.ok) return fields;
  const signer = signerOf(principal);
  if (signer === undefined) return err('signature.key_absent');
  if (fields.value.keyId !== signer.id)
    return err('signature.refused', {
      detail: '`keyid` is not the id of the credential that the request is made with.',
    });
  const times = decideTimes(fields.value, now);
  return times.ok ? ok({ fields: fields.value, signingKey: signer.signingKey }) : times;
}

const componentsOf = (headers: Headers): readonly string[] =>
  coveredLines({
    method: '',
    targetUri: '',
    contentDigest: '',
    idempotencyKey: headers.get('idempotency-key'),
  }).map(([component]) => component);

function signerOf(principal: Principal) {
  if (principal.kind !== 'apiKey' && principal.kind !== 'session') return undefined;
  const { signingKey } = principal;
  const id = principal.kind === 'apiKey' ? principal.keyId : principal.sessionId;
  return signingKey === null ? undefined : { id, signingKey };
}

interface Verifying {
  readonly db: Database;
  readonly now: number;
  /** The bytes that the operation will read; none where it reads none. */
  readonly body: Uint8Array;
}

export async function verifySignature(
  request: Request,
  { fields, signingKey }: OpenedSignature,
  { db, now, body }: Verifying,
): Promise<Result<null>> {
  const { headers, method } = request;
  const contentDigest = headers.get('content-digest');
  if (contentDigest === null) return err('signature.malformed', { detail: DIGEST_MISSING });
  const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  if (contentDigest !== formatContentDigest(sha256))
    return err('signature.refused', { detail: DIGEST_OTHER });
  // As the platform sees it: behind a proxy that changes it, what the proxy makes of it. In the
  // one form of the URL standard, which clients' own `fetch` sends.
  const targetUri = new URL(request.url).href;
  const idempotencyKey = headers.get('idempotency-key');
  const lines = coveredLines({ method, targetUri, contentDigest, idempotencyKey });
  const message = new TextEncoder().encode(formatSignatureBase(lines, fields.signatureParams));
  if (!verifyEd25519({ signingKey, message, signature: fields.signature }))
    return err('signature.refused', {
      detail: `The signature does not verify over ${method} ${targetUri} and this content.`,
    });
  return useNonce(db, fields, now);
}

const DIGEST_MISSING =
  '`Content-Digest` is missing; without content it is the digest of nothing at all.';
const DIGEST_OTHER = '`Content-Digest` is not the SHA-256 of the content, alone (RFC 9530).';

async function useNonce(
  db: Database,
  { keyId, nonce }: SignatureFields,
  now: number,
): Promise<Result<null, 'signature.replayed'>> {
  const expiresAt = now + LIMITS.requestNonceKeepSeconds.value * 1000;
  const won = await db
    .insert(requestNonces)
    .values({ credentialId: keyId, nonce, expiresAt })
    .onConflictDoNothing()
    .returning({ nonce: requestNonces.nonce });
  return won.length > 0 ? ok(null) : err('signature.replayed');
}

/** Forgets nonces whose signatures are accepted no more. */
export const sweepNonces = (db: Database, now: number) =>
  db.delete(requestNonces).where(lte(requestNonces.expiresAt, now));
