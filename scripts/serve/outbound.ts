/**
 * The outbound door of `npm start`: every fetch of both Workers arrives here. It guarantees that a
 * connection is made to a public address only (or to an origin the operator allows), to exactly the
 * address that was judged, with the name kept for TLS and `Host`. It never follows a redirect: the
 * runtime shows it `redirect: follow` even where the Worker asked for `manual`, so following here
 * would skip the Worker's checks. A refusal is a 403 with `x-egress-refused`, a failure a 502 or
 * 504 with `x-egress-failed`; worker/http/egress.ts turns both into typed failures.
 */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { LIMITS } from '../../worker/core/egress/limits.ts';
import {
  type EgressAllowance,
  effectivePort,
  isAllowed,
  parseEgressUrl,
} from '../../worker/core/egress/policy.ts';
import {
  pinAddress,
  type ResolvedAddress,
  type Resolver,
  systemResolver,
} from './resolve-public.ts';

export interface OutboundBounds {
  readonly timeoutMs: number;
  readonly requestBytesMax: number;
  readonly responseBytesMax: number;
}

export interface OutboundOptions {
  readonly allow: readonly EgressAllowance[];
  readonly resolver?: Resolver;
  readonly bounds?: Partial<OutboundBounds>;
  /** Additional certificate authority, as PEM. */
  readonly ca?: string | undefined;
}

/** What the runtime hands over; the door needs no more of the Fetch standard than this. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Iterable<[string, string]>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Buffer<ArrayBuffer> | null;
}

type FailureReason = 'connection_failed' | 'name_not_resolved' | 'timed_out' | 'too_large';

/** Thrown inside an exchange; leaves this file as a marked answer. */
class ExchangeFailure extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * The door's bounds stand a little outside the Worker's own, so that the Worker's typed failure
 * comes first; they protect the memory of this process from requests that bypass
 * worker/http/egress.ts.
 */
const BOUNDS: OutboundBounds = {
  timeoutMs: LIMITS.egressTimeoutMs.value * 3,
  requestBytesMax: LIMITS.egressRequestBytesMax.value * 4,
  responseBytesMax: LIMITS.egressResponseBytesMax.value * 4,
};

/**
 * One connection each way: headers about this hop, the runtime's own marks, and what Node sets from
 * the URL.
 */
const HOP_HEADERS = new Set(
  [
    'connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding',
    'upgrade host content-length expect cf-connecting-ip cf-worker cf-ray x-forwarded-for x-real-ip',
  ].flatMap((line) => line.split(' ')),
);
const HOP_PREFIXES = ['mf-', 'cf-'];
/** Only the door may speak with its own marks. */
const MARKS = new Set(['x-egress-refused', 'x-egress-failed']);
const NO_BODY_STATUS = new Set([101, 204, 205, 304]);

export function createOutboundDoor(options: OutboundOptions) {
  const door: Door = {
    allow: options.allow,
    resolver: options.resolver ?? systemResolver,
    bounds: { ...BOUNDS, ...options.bounds },
    ca: options.ca,
  };
  return async (request: OutboundRequest): Promise<OutboundResponse> => {
    try {
      return await carry(request, door);
    } catch (error) {
      return failed(error instanceof ExchangeFailure ? error.reason : 'connection_failed');
    }
  };
}

type Door = Required<Pick<OutboundOptions, 'allow' | 'resolver'>> & {
  readonly bounds: OutboundBounds;
  readonly ca: string | undefined;
};

async function carry(request: OutboundRequest, door: Door): Promise<OutboundResponse> {
  // No own hosts here: they are names of public deployments; this machine's addresses are refused
  // as private.
  const parsed = parseEgressUrl(request.url, { ownHosts: [], allow: door.allow });
  if (!parsed.ok) return refused(parsed.failure.detail ?? 'refused');
  const url = parsed.value;
  const deadline = AbortSignal.timeout(door.bounds.timeoutMs);
  const allowed = door.allow.some((entry) => isAllowed(entry, url));
  const target = await pinAddress(url.hostname, { resolver: door.resolver, allowed });
  if (!target.ok) {
    return target.reason === 'address_not_public' ? refused(target.reason) : failed(target.reason);
  }
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length > door.bounds.requestBytesMax) return refused('the request body is too large');
  try {
    return await exchange({ url, request, body, pinned: target.pinned, signal: deadline }, door);
  } catch (error) {
    throw deadline.aborted ? new ExchangeFailure('timed_out') : error;
  }
}

interface Exchange {
  readonly url: URL;
  readonly request: OutboundRequest;
  readonly body: Buffer;
  readonly pinned: ResolvedAddress;
  readonly signal: AbortSignal;
}

async function exchange(turn: Exchange, door: Door): Promise<OutboundResponse> {
  const message = await send(turn, door);
  const status = message.statusCode ?? 502;
  const headers = passedHeaders(rawPairs(message));
  if (NO_BODY_STATUS.has(status) || turn.request.method === 'HEAD') {
    message.destroy();
    return { status, headers, body: null };
  }
  const body = await readDecoded(message, door.bounds.responseBytesMax);
  // The body leaves here decoded, so that the bounds above count what the Worker will hold.
  const plain = headers.filter(([name]) => name !== 'content-encoding');
  return { status, headers: plain, body };
}

function send(
  { url, request, body, pinned, signal }: Exchange,
  door: Door,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: request.method,
    // A literal address is connected to as it is; a name is answered from the pinned address,
    // whatever it resolves to now.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: effectivePort(url),
    path: `${url.pathname}${url.search}`,
    // Flat pairs keep repeated headers and stop Node from adding its own.
    headers: sentHeaders(request, { host: url.host, body }).flat(),
    lookup: (_hostname, { all }, answer) =>
      all === true ? answer(null, [pinned]) : answer(null, pinned.address, pinned.family),
    // No pool: a kept connection would be reused by name, past the address that was judged for this
    // request.
    agent: false,
    maxHeaderSize: LIMITS.egressHeaderBytesMax.value,
    signal,
  };
  const outgoing =
    url.protocol === 'https:'
      ? requestHttps({ ...options, ...(door.ca === undefined ? {} : { ca: door.ca }) })
      : requestHttp(options);
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve).on('error', reject);
    // An upgrade is not carried; without a listener Node would hold the socket open.
    outgoing.once('upgrade', (_message, socket) => {
      socket.destroy();
      reject(new ExchangeFailure('connection_failed'));
    });
    outgoing.end(body);
  });
}

function sentHeaders(
  request: OutboundRequest,
  { host, body }: { readonly host: string; readonly body: Buffer },
): [string, string][] {
  const hasBody = body.length > 0 || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(request.method);
  return [
    ['host', host],
    ...passedHeaders(request.headers),
    ...(hasBody ? [['content-length', String(body.length)] satisfies [string, string]] : []),
  ];
}

function passedHeaders(pairs: Iterable<readonly [string, string]>): [string, string][] {
  return Array.from(pairs, ([name, value]): [string, string] => [name.toLowerCase(), value]).filter(
    ([name]) =>
      !HOP_HEADERS.has(name) &&
      !MARKS.has(name) &&
      !HOP_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
}

function rawPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

async function readDecoded(message: IncomingMessage, bytesMax: number) {
  const decoder = decoderOf(message.headers['content-encoding']);
  const source: Readable = decoder === undefined ? message : message.pipe(decoder);
  // pipe() does not pass errors on; a broken connection would leave the decoder waiting for ever.
  if (decoder !== undefined) message.once('error', (error) => decoder.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const part: Buffer = chunk;
      bytes += part.length;
      // A bomb of a few KiB inflates to gigabytes: the sum is checked after decoding, chunk by
      // chunk.
      if (bytes > bytesMax) throw new ExchangeFailure('too_large');
      chunks.push(part);
    }
  } finally {
    message.destroy();
  }
  return Buffer.concat(chunks);
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      // Stacked or unknown encodings: the bytes could not be counted after decoding.
      throw new ExchangeFailure('connection_failed');
  }
}

function refused(reason: string): OutboundResponse {
  return { status: 403, headers: [['x-egress-refused', reason]], body: null };
}

function failed(reason: FailureReason): OutboundResponse {
  const status = reason === 'timed_out' ? 504 : 502;
  return { status, headers: [['x-egress-failed', reason]], body: null };
}
