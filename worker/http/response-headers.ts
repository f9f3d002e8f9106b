/**
 * Headers every answer carries: no sniffing, framing, caching or referrers; nothing on a page of
 * ours may load from elsewhere. And CORS by configuration (Fetch standard): credentials are bearer
 * tokens that scripts add themselves, so `Access-Control-Allow-Credentials` is never sent and a
 * listed origin gains nothing it could not do with the token.
 */
import type { Settings } from '../env.ts';

const SECURITY: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'interest-cohort=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const REQUEST_HEADERS =
  'Authorization, Content-Digest, Content-Type, Idempotency-Key, If-Match, Signature, ' +
  'Signature-Input, Traceparent';
const EXPOSED_HEADERS =
  'ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Traceparent, X-Request-Id, ' +
  'Idempotency-Replayed, Deprecation, Sunset, Link';
const PREFLIGHT_SECONDS = '600';

export function setSecurityHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(SECURITY))
    if (!headers.has(name)) headers.set(name, value);
}

/**
 * Marks the answer readable for a listed origin; for others nothing is set and the browser refuses.
 */
export function setCorsHeaders(
  headers: Headers,
  origin: string | undefined,
  settings: Settings,
): void {
  const allowed = settings.CORS_ORIGINS;
  if (allowed.length === 0 || origin === undefined) return;
  headers.append('vary', 'Origin');
  if (!allowed.includes('*') && !allowed.includes(origin)) return;
  headers.set('access-control-allow-origin', allowed.includes('*') ? '*' : origin);
  headers.set('access-control-expose-headers', EXPOSED_HEADERS);
  headers.set('cross-origin-resource-policy', 'cross-origin');
}

/**
 * What publishable keys may ask for answers pages of any site: which sites a key is for is decided
 * with the key, which a preflight does not show.
 */
export function setOpenCorsHeaders(headers: Headers): void {
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-expose-headers', EXPOSED_HEADERS);
  headers.set('cross-origin-resource-policy', 'cross-origin');
}

export function setPreflightHeaders(headers: Headers, methods: string): void {
  headers.set('access-control-allow-methods', methods);
  headers.set('access-control-allow-headers', REQUEST_HEADERS);
  headers.set('access-control-max-age', PREFLIGHT_SECONDS);
}
