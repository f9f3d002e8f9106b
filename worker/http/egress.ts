/**
 * The one door for requests that leave on behalf of a tenant. It guarantees: every address of a
 * redirect chain passed the text policy and the caller's own list, credentials never cross an
 * origin, one deadline covers the whole exchange, and no more than the bound is ever held of an
 * answer, counted after decompression. It never throws for anything the outside does. It keeps no cookies and no cache,
 * and does not retry. What a name resolves to is judged below it (worker/core/egress/policy.ts).
 */
import { LIMITS } from '../core/egress/limits.ts';
import { type EgressPolicy, parseEgressUrl } from '../core/egress/policy.ts';
import { err, type Failure, ok, type Result } from '../core/result.ts';
import {
  type HeaderPairs,
  parseEgressHeaders,
  readResponseHeaders,
  stripBodyHeaders,
  stripCredentials,
} from './egress-headers.ts';

export interface EgressRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: HeaderPairs;
  readonly body?: Uint8Array | undefined;
  /** Lower-case names of headers that hold a secret, beyond the ones known to every client. */
  readonly sensitive?: ReadonlySet<string>;
}

export interface EgressResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
  readonly finalUrl: string;
}

export interface EgressBounds {
  readonly responseBytesMax: number;
  readonly timeoutMs: number;
  readonly redirectsMax: number;
}

export interface EgressDeps {
  readonly policy: EgressPolicy;
  /**
   * The caller's own list of hosts, asked about every hop: a host on it could otherwise send a
   * request on, body and all, to one that is not.
   */
  readonly admits?: (url: URL) => boolean;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Narrower bounds than the platform's; absent ones are the platform's. */
  readonly bounds?: Partial<EgressBounds>;
  /** The caller's own end, such as a cancelled execution. */
  readonly signal?: AbortSignal;
}

export type EgressCode =
  | 'egress.refused'
  | 'egress.too_large'
  | 'egress.timed_out'
  | 'egress.failed'
  | 'egress.too_many_redirects';

type EgressResult<Value> = Result<Value, EgressCode>;

/**
 * What the door in Node (scripts/serve/outbound.ts) answers instead of a remote answer; the value
 * is the reason.
 */
const REFUSED_MARK = 'x-egress-refused';
const FAILED_MARK = 'x-egress-failed';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface Hop {
  url: URL;
  method: string;
  body: Uint8Array | undefined;
  readonly headers: Headers;
}

export async function egressFetch(
  request: EgressRequest,
  deps: EgressDeps,
): Promise<EgressResult<EgressResponse>> {
  const hop = parseRequest(request, deps);
  if (!hop.ok) return hop;
  const bounds = boundsOf(deps);
  const deadline = AbortSignal.timeout(bounds.timeoutMs);
  const signal = deps.signal ? AbortSignal.any([deps.signal, deadline]) : deadline;
  try {
    return await followRedirects(request, { deps, bounds, signal, hop: hop.value });
  } catch {
    // fetch() and body readers throw for everything the network does; their text may name inner
    // addresses.
    return deadline.aborted
      ? err('egress.timed_out', { limit: bounds.timeoutMs })
      : err('egress.failed');
  }
}

function boundsOf({ bounds = {} }: EgressDeps): EgressBounds {
  const narrower = (asked: number | undefined, max: number) => Math.min(asked ?? max, max);
  return {
    responseBytesMax: narrower(bounds.responseBytesMax, LIMITS.egressResponseBytesMax.value),
    timeoutMs: narrower(bounds.timeoutMs, LIMITS.egressTimeoutMs.value),
    redirectsMax: narrower(bounds.redirectsMax, LIMITS.egressRedirectsMax.value),
  };
}

function parseRequest(request: EgressRequest, deps: EgressDeps): EgressResult<Hop> {
  const method = (request.method ?? 'GET').toUpperCase();
  if (!METHODS.has(method)) return err('egress.refused', { detail: 'the method is not allowed' });
  const { body } = request;
  const bodyBytesMax = LIMITS.egressRequestBytesMax.value;
  if (body !== undefined && body.length > bodyBytesMax) {
    const detail = 'the request body is too large';
    return err('egress.refused', { detail, limit: bodyBytesMax, observed: body.length });
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    return err('egress.refused', { detail: `${method} has no body` });
  }
  const url = admitUrl(request.url, deps);
  if (!url.ok) return url;
  const headers = parseEgressHeaders(request.headers ?? []);
  return headers.ok ? ok({ url: url.value, method, body, headers: headers.value }) : headers;
}

function admitUrl(text: string, { policy, admits }: EgressDeps): EgressResult<URL> {
  const url = parseEgressUrl(text, policy);
  if (!url.ok || admits === undefined || admits(url.value)) return url;
  return err('egress.refused', { detail: 'the permissions do not name the host' });
}

interface Journey {
  readonly deps: EgressDeps;
  readonly bounds: EgressBounds;
  readonly signal: AbortSignal;
  readonly hop: Hop;
}

async function followRedirects(
  request: EgressRequest,
  { deps, bounds, signal, hop }: Journey,
): Promise<EgressResult<EgressResponse>> {
  for (let redirects = 0; ; redirects += 1) {
    const response = await deps.fetch(hop.url.href, {
      method: hop.method,
      headers: hop.headers,
      // Never `follow`: the platform would connect to the next address before it was judged here.
      redirect: 'manual',
      signal,
      ...(hop.body === undefined ? {} : { body: hop.body }),
    });
    const location = response.headers.get('location');
    if (location === null || !REDIRECTS.has(response.status)) {
      return readResponse(response, { bounds, signal, finalUrl: hop.url.href });
    }
    await response.body?.cancel();
    if (redirects >= bounds.redirectsMax) {
      return err('egress.too_many_redirects', { limit: bounds.redirectsMax });
    }
    const moved = redirectHop(hop, { status: response.status, location }, request, deps);
    if (moved !== undefined) return err(moved.code, moved);
  }
}

/**
 * Moves `hop` on, or tells why it may not. Method rules are those of Fetch §4.4, steps 12 to 13.
 */
function redirectHop(
  hop: Hop,
  { status, location }: { readonly status: number; readonly location: string },
  { sensitive = new Set() }: EgressRequest,
  deps: EgressDeps,
): Failure<EgressCode> | undefined {
  const target = URL.parse(location, hop.url.href);
  const next = admitUrl(target?.href ?? '', deps);
  if (!next.ok) {
    return { ...next.failure, detail: `a redirect: ${next.failure.detail ?? 'refused'}` };
  }
  const dropsBody =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  if (dropsBody) {
    hop.method = 'GET';
    hop.body = undefined;
    stripBodyHeaders(hop.headers);
  }
  // Stripped for good: a chain that returns to the first origin does not get them back.
  if (next.value.origin !== hop.url.origin) stripCredentials(hop.headers, sensitive);
  hop.url = next.value;
  return undefined;
}

interface Arrival {
  readonly bounds: EgressBounds;
  readonly signal: AbortSignal;
  readonly finalUrl: string;
}

async function readResponse(
  response: Response,
  { bounds, signal, finalUrl }: Arrival,
): Promise<EgressResult<EgressResponse>> {
  const marked = doorMark(response);
  if (marked !== undefined) {
    await response.body?.cancel();
    return err(marked.code, marked);
  }
  const headers = readResponseHeaders(response.headers);
  if (!headers.ok) {
    await response.body?.cancel();
    return headers;
  }
  const body = await readBounded(response.body, bounds.responseBytesMax, signal);
  if (!body.ok) return body;
  return ok({ status: response.status, headers: headers.value, body: body.value, finalUrl });
}

function doorMark(response: Response): Failure<EgressCode> | undefined {
  const refused = response.headers.get(REFUSED_MARK);
  if (refused !== null) return { code: 'egress.refused', detail: refused.slice(0, 100) };
  const failed = response.headers.get(FAILED_MARK);
  if (failed === 'too_large') return { code: 'egress.too_large' };
  if (failed === 'timed_out') return { code: 'egress.timed_out' };
  return failed === null ? undefined : { code: 'egress.failed', detail: failed.slice(0, 100) };
}

/** `Content-Length` is a claim and may count compressed bytes; only what was read counts. */
async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<Uint8Array, 'egress.too_large'>> {
  if (stream === null) return ok(new Uint8Array());
  const reader = stream.getReader();
  // A host that sends one byte a minute must not outlive the deadline, whatever the transport does
  // with the signal.
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  // The event is over when the signal fired before this line, and would never come.
  if (signal.aborted) stop();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (bytes > bytesMax) {
        await reader.cancel();
        return err('egress.too_large', { limit: bytesMax, observed: bytes });
      }
      chunks.push(part.value);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  // A cancelled reader ends as if the body were complete; half an answer is no answer.
  signal.throwIfAborted();
  return ok(join(chunks, bytes));
}

function join(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
