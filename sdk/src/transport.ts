/**
 * One call: attempts, waits and time. A call is repeated only when that is safe: it reads, or it
 * carries an `Idempotency-Key`, which is made once and sent with every attempt. Waits grow
 * exponentially with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/) and never undercut
 * `Retry-After`.
 */
import {
  type Attempt,
  type Bounds,
  type CallOptions,
  type ClientOptions,
  parseBounds,
} from './call-options.ts';
import { type Deadline, sleepFor, startDeadline, untilAborted } from './deadline.ts';
import { clientError, ServiceLayerError } from './errors.ts';
import {
  assertHeaderText,
  type Input,
  type Place,
  parseBaseUrl,
  toBody,
  toHeaders,
  toUrl,
} from './request.ts';
import { type Answer, toAnswer } from './response.ts';
import { createSigner, type Sign, type Unsigned } from './signature.ts';

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 8_000;
const KEY_BYTES = 16;

export type Send = (place: Place, input: Input, options?: CallOptions) => Promise<Answer<unknown>>;

/** Checks the options once; a client that could never work is not made. */
export function createTransport(client: ClientOptions): Send {
  const baseUrl = parseBaseUrl(client.baseUrl, client.allowPlainHttp ?? false);
  parseBounds(client);
  assertHeaderText('token', client.token);
  assertHeaderText('userAgent', client.userAgent);
  // Nothing is sent there, so it may be plain http.
  const signedBaseUrl = parseBaseUrl(client.signedBaseUrl ?? baseUrl, true);
  const signer = createSigner(client);
  return async (place, input, options = {}) => {
    const prepared = prepare({ client, baseUrl, signedBaseUrl, signer, place, input, options });
    try {
      return await send({ client, place, options }, prepared);
    } finally {
      prepared.ending.stop();
    }
  };
}

interface Call {
  readonly client: ClientOptions;
  readonly place: Place;
  readonly options: CallOptions;
}

interface Prepared {
  readonly url: string;
  readonly body: string | undefined;
  readonly headers: Headers;
  /** Makes the signature of one attempt, where the call is signed. */
  readonly sign: (() => ReturnType<Sign>) | undefined;
  readonly mayRepeat: boolean;
  readonly bounds: Bounds;
  /** Ends the whole call: the caller's signal or the overall time. */
  readonly ending: Deadline;
  readonly endsAt: number;
}

async function send(call: Call, prepared: Prepared): Promise<Answer<unknown>> {
  const { random = randomFraction, sleep = sleepFor } = call.client;
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    const outcome = await tryOnce(call, prepared);
    const report = (more: Partial<Attempt>): void =>
      call.client.onAttempt?.({
        operation: call.place.id,
        attempt,
        durationMs: performance.now() - startedAt,
        ...more,
      });
    if (!(outcome instanceof ServiceLayerError)) {
      report(present({ status: outcome.status, requestId: outcome.requestId }));
      return outcome;
    }
    const more = prepared.mayRepeat && outcome.retryable && attempt <= prepared.bounds.retries;
    const waitMs = toWaitMs(attempt, outcome.retryAfterSeconds, random());
    // A wait that outlasts the call would only turn this error into a less telling one.
    const repeats = more && performance.now() + waitMs < prepared.endsAt;
    const { status, requestId, code: errorCode } = outcome;
    report(present({ status, requestId, errorCode, retryInMs: repeats ? waitMs : undefined }));
    if (!repeats) throw outcome;
    await sleep(waitMs, prepared.ending.signal).catch(() => {
      throw ended(call, prepared);
    });
  }
}

interface Asked extends Call {
  readonly baseUrl: string;
  readonly signedBaseUrl: string;
  readonly signer: Sign | undefined;
  readonly input: Input;
}

/** Everything of a call that is the same for each of its attempts; the key above all. */
function prepare(asked: Asked): Prepared {
  const { client, baseUrl, place, input, options, signer } = asked;
  const bounds = parseBounds(client, options);
  const { row } = place;
  const idempotencyKey = row.idempotent ? (options.idempotencyKey ?? createKey()) : undefined;
  const body = toBody(place, input);
  const unsigned = (): Unsigned => ({
    method: row.method,
    url: toUrl(asked.signedBaseUrl, place, input),
    body,
    idempotencyKey,
  });
  return {
    url: toUrl(baseUrl, place, input),
    body,
    headers: toHeaders(place, { client, options, idempotencyKey, hasBody: body !== undefined }),
    sign: signer && row.signed ? () => signer(unsigned()) : undefined,
    mayRepeat: row.method === 'GET' || idempotencyKey !== undefined,
    bounds,
    ending: startDeadline(bounds.timeoutMs, options.signal),
    endsAt: performance.now() + bounds.timeoutMs,
  };
}

/** In [0, 1). */
const randomFraction = (): number => {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
};

/** `crypto.randomUUID` is missing in browsers outside secure contexts; this is not. */
const createKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** One attempt; what goes wrong is returned, so that one place decides about the next. */
async function tryOnce(
  call: Call,
  prepared: Prepared,
): Promise<Answer<unknown> | ServiceLayerError> {
  const { ending, bounds } = prepared;
  const operation = call.place.id;
  const attempt = startDeadline(bounds.attemptTimeoutMs, ending.signal);
  try {
    return await untilAborted(attempt.signal, exchange(call, prepared, attempt.signal));
  } catch (cause) {
    if (cause instanceof ServiceLayerError) return cause;
    if (ending.signal.aborted) return ended(call, prepared);
    return attempt.expired()
      ? clientError('client.timeout', `No answer within ${bounds.attemptTimeoutMs} ms.`, {
          operation,
        })
      : clientError('client.network', 'The platform could not be reached.', { operation, cause });
  } finally {
    attempt.stop();
  }
}

async function exchange(
  { client, place }: Call,
  { url, headers, body, bounds, ending, sign }: Prepared,
  signal: AbortSignal,
): Promise<Answer<unknown>> {
  ending.signal.throwIfAborted();
  const signature = sign && (await sign());
  signal.throwIfAborted();
  // Called without a receiver: browsers refuse `fetch` as a method of another object.
  const { fetch = globalThis.fetch } = client;
  const response = await fetch(url, {
    method: place.row.method,
    headers: signature ? new Headers([...headers, ...Object.entries(signature)]) : headers,
    ...(body === undefined ? {} : { body }),
    // A redirect could lead the token to another host; it is answered as an error instead.
    redirect: 'manual',
    signal,
  });
  return toAnswer(place, response, { bytesMax: bounds.responseBytesMax, token: client.token });
}

function ended({ place, options }: Call, { bounds, ending }: Prepared): ServiceLayerError {
  const operation = place.id;
  return options.signal?.aborted && !ending.expired()
    ? clientError('client.aborted', 'The call was ended by its signal.', {
        operation,
        cause: options.signal.reason,
      })
    : clientError('client.timeout', `The call did not end within ${bounds.timeoutMs} ms.`, {
        operation,
      });
}

/**
 * Full jitter; what the platform asks for is the least, with the jitter on top so that a crowd does
 * not return at once.
 */
export function toWaitMs(
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  const cap = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1));
  return Math.round((retryAfterSeconds ?? 0) * 1_000 + random * cap);
}

/** Drops what is absent: exact optional fields, and no noise in logs. */
const present = (facts: { readonly [Key in keyof Attempt]?: Attempt[Key] | undefined }) =>
  Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as Partial<Attempt>;
