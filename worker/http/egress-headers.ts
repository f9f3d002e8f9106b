/**
 * Headers of outgoing requests and their answers: what a tenant may not set, what must not follow a
 * redirect to another origin, and how much of an answer's headers is taken in.
 */
import { LIMITS } from '../core/egress/limits.ts';
import { err, ok, type Result } from '../core/result.ts';

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/**
 * Framing and routing belong to the transport: a tenant who sets `Host` or `Transfer-Encoding`
 * reaches another site on the same address or smuggles a second request; forged forwarding headers
 * would speak in our edge's name.
 */
const FORBIDDEN_NAMES = new Set(
  [
    'host connection keep-alive content-length transfer-encoding te trailer upgrade expect',
    'proxy-connection proxy-authenticate via forwarded true-client-ip x-real-ip',
    'accept-encoding x-egress-refused x-egress-failed',
  ].flatMap((line) => line.split(' ')),
);
const FORBIDDEN_PREFIXES = ['cf-', 'x-forwarded-', 'mf-', 'sec-'];

const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];
/** They describe a body, so they go when a redirect turns the request into a GET (Fetch §4.4). */
const BODY_HEADERS = ['content-type', 'content-encoding', 'content-language', 'content-location'];

const USER_AGENT = 'neo-service-layer/1';

export function parseEgressHeaders(pairs: HeaderPairs): Result<Headers, 'egress.refused'> {
  if (pairs.length > LIMITS.egressHeadersMax.value) return refuse('too many request headers');
  const headers = new Headers();
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (isForbidden(lower)) return refuse(`the header ${lower.slice(0, 64)} may not be set`);
    // `append` throws on a name or value with line breaks: header injection.
    try {
      headers.append(name, value);
    } catch {
      return refuse('a request header is malformed');
    }
  }
  if (headerBytes(headers) > LIMITS.egressHeaderBytesMax.value) {
    return refuse('the request headers are too large');
  }
  if (!headers.has('user-agent')) headers.set('user-agent', USER_AGENT);
  return ok(headers);
}

/**
 * A redirect to another origin is chosen by the first host, not by the tenant who trusted it with a
 * credential.
 */
export function stripCredentials(headers: Headers, sensitive: ReadonlySet<string>): void {
  for (const name of CREDENTIALS) headers.delete(name);
  for (const name of sensitive) headers.delete(name);
}

export function stripBodyHeaders(headers: Headers): void {
  for (const name of BODY_HEADERS) headers.delete(name);
}

export function readResponseHeaders(headers: Headers): Result<HeaderPairs, 'egress.too_large'> {
  const pairs = [...headers];
  if (pairs.length > LIMITS.egressHeadersMax.value) {
    return err('egress.too_large', {
      detail: 'too many response headers',
      limit: LIMITS.egressHeadersMax.value,
      observed: pairs.length,
    });
  }
  const observed = headerBytes(headers);
  const limit = LIMITS.egressHeaderBytesMax.value;
  return observed > limit
    ? err('egress.too_large', { detail: 'response headers', limit, observed })
    : ok(pairs);
}

function isForbidden(lower: string): boolean {
  return (
    FORBIDDEN_NAMES.has(lower) || FORBIDDEN_PREFIXES.some((prefix) => lower.startsWith(prefix))
  );
}

function headerBytes(headers: Headers): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length;
  return bytes;
}

const refuse = (detail: string) => err('egress.refused', { detail });
