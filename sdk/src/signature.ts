/**
 * Signatures of requests: RFC 9421 with Ed25519, over the one set of components the platform takes.
 * Each attempt is signed anew, with a nonce of its own, since a nonce is accepted once. The key never
 * leaves WebCrypto once it is there, and stands in no error. The two fields have one fixed form,
 * which is written here as RFC 9651 would serialize it.
 */
import type { ClientOptions } from './call-options.ts';
import { clientError, type ServiceLayerError } from './errors.ts';

export interface Unsigned {
  readonly method: string;
  /** As the platform will see it. */
  readonly url: string;
  readonly body: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The headers that make a request a signed one. */
export type Sign = (request: Unsigned) => Promise<Readonly<Record<string, string>>>;

const ALGORITHM = 'Ed25519';
const NONCE_BYTES = 16;
const encoder = new TextEncoder();

/** Undefined without a key. Whatever could never sign is refused before anything is sent. */
export function createSigner({
  signingKey,
  token,
}: Pick<ClientOptions, 'signingKey' | 'token'>): Sign | undefined {
  if (signingKey === undefined) return undefined;
  const keyId = credentialIdOf(token ?? '');
  if (keyId === undefined)
    throw refuse('needs the credential that it belongs to: an API key, or a session');
  const load = keyLoader(signingKey);
  return async (request) => sign(request, keyId, await load());
}

const refuse = (why: string): ServiceLayerError =>
  clientError('client.input_invalid', `signingKey ${why}.`);

function keyLoader(signingKey: CryptoKeyPair | JsonWebKey): () => Promise<CryptoKey> {
  if ('privateKey' in signingKey) {
    const { privateKey } = signingKey;
    if (privateKey.algorithm.name !== ALGORITHM || !privateKey.usages.includes('sign'))
      throw refuse('must be of Ed25519 and for signing');
    return async () => privateKey;
  }
  const { kty, crv, d, x } = signingKey;
  if (kty !== 'OKP' || crv !== ALGORITHM || typeof d !== 'string' || typeof x !== 'string')
    throw refuse('must be a private JWK of Ed25519');
  let loaded: Promise<CryptoKey> | undefined;
  // Only what is needed: a member such as `key_ops` could make WebCrypto refuse a good key.
  return () => (loaded ??= importKey({ kty, crv, d, x }));
}

async function importKey(jwk: JsonWebKey): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', jwk, ALGORITHM, false, ['sign']);
  } catch {
    // What WebCrypto says of a key may hold a part of it.
    throw refuse('is not a key of Ed25519, or this platform knows no Ed25519');
  }
}

/** The id stands in the text of an API key, and in the claims of an access token (RFC 7519). */
function credentialIdOf(token: string): string | undefined {
  const [, suffix] = /^nsl_[a-z]+_([0-9a-z]{26})_/.exec(token) ?? [];
  if (suffix !== undefined) return `key_${suffix}`;
  const [, claims] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? [];
  return claims === undefined ? undefined : sessionIn(claims);
}

function sessionIn(claims: string): string | undefined {
  try {
    const text = atob(claims.replace(/-/g, '+').replace(/_/g, '/'));
    const parsed: unknown = JSON.parse(text);
    const sid = typeof parsed === 'object' && parsed !== null && 'sid' in parsed && parsed.sid;
    return typeof sid === 'string' && /^ses_[0-9a-z]{26}$/.test(sid) ? sid : undefined;
  } catch {
    // Not a token of this platform.
    return undefined;
  }
}

async function sign(
  { method, url, body, idempotencyKey }: Unsigned,
  keyId: string,
  key: CryptoKey,
): Promise<Readonly<Record<string, string>>> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(body ?? ''));
  const contentDigest = `sha-256=:${toBase64(digest)}:`;
  const lines: readonly (readonly [string, string])[] = [
    ['@method', method],
    // `fetch` sends the address in the form of the URL standard, and so it is signed.
    ['@target-uri', new URL(url).href],
    ['content-digest', contentDigest],
    ...(idempotencyKey === undefined ? [] : [['idempotency-key', idempotencyKey] as const]),
  ];
  const names = lines.map(([name]) => `"${name}"`).join(' ');
  const created = Math.floor(Date.now() / 1000);
  const params = `(${names});created=${created};nonce="${createNonce()}";keyid="${keyId}";alg="ed25519"`;
  const text = [...lines, ['@signature-params', params] as const]
    .map(([name, value]) => `"${name}": ${value}`)
    .join('\n');
  const signature = await crypto.subtle.sign(ALGORITHM, key, encoder.encode(text));
  return {
    'content-digest': contentDigest,
    'signature-input': `sig=${params}`,
    signature: `sig=:${toBase64(signature)}:`,
  };
}

const createNonce = (): string =>
  toBase64(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).buffer)
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');

const toBase64 = (bytes: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
