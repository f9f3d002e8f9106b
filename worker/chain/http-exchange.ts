/**
 * One POST to one RPC endpoint. One deadline covers the whole of it, so that a connection that is
 * accepted, or half closed, and then silent ends too; of an answer no more is held than the bound;
 * a redirect is not followed, since the operator configured this endpoint and no other. It never
 * throws for anything the outside does, and what it says names no address.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ExchangeDeps {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
  readonly nowMs: number;
}

export type TransportFailure =
  | 'timed out'
  | 'no connection'
  | 'bad status'
  | 'too large'
  | 'not JSON'
  | 'rate limited'
  /** It failed a moment ago and was not asked. */
  | 'backing off';

export type Exchange =
  | { readonly kind: 'body'; readonly body: unknown }
  | {
      readonly kind: 'failed';
      readonly reason: Exclude<TransportFailure, 'rate limited' | 'backing off'>;
    }
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null };

export async function exchange(url: string, body: string, deps: ExchangeDeps): Promise<Exchange> {
  const deadline = AbortSignal.timeout(deps.timeoutMs);
  try {
    const response = await deps.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: deadline,
    });
    return await readResponse(response, deps);
  } catch {
    // fetch() and body readers throw for everything the network does, in texts with addresses.
    return { kind: 'failed', reason: deadline.aborted ? 'timed out' : 'no connection' };
  }
}

async function readResponse(response: Response, deps: ExchangeDeps): Promise<Exchange> {
  const retryAfter = response.headers.get('retry-after');
  if (response.status === 429 || (response.status === 503 && retryAfter !== null)) {
    await response.body?.cancel();
    return { kind: 'limited', retryAfterMs: parseRetryAfter(retryAfter, deps.nowMs) };
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    return { kind: 'failed', reason: 'bad status' };
  }
  const bytes = await readBounded(response, deps.answerBytesMax);
  return bytes === null ? { kind: 'failed', reason: 'too large' } : parseBody(bytes);
}

function parseBody(bytes: Uint8Array): Exchange {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { kind: 'body', body: JSON.parse(text) };
  } catch {
    return { kind: 'failed', reason: 'not JSON' };
  }
}

/** Null as soon as there is more than the bound: `content-length` may be absent or a lie. */
async function readBounded(response: Response, bytesMax: number): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > bytesMax) {
      await reader.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** RFC 9110, section 10.2.3: seconds, or a date. Null when it says neither. */
function parseRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
