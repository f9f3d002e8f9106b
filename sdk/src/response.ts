/**
 * An HTTP response as the answer of an operation, or as the error it stands for. Reading is
 * bounded, redirects are refused, and nothing of an answer that is not understood is repeated in an
 * error: it can be anybody's page.
 */
import { clientError, type ErrorFacts, type FieldProblem, ServiceLayerError } from './errors.ts';
import { ERROR_CODES } from './generated/operations.ts';
import type { ErrorCode } from './generated/types.ts';
import type { Place } from './request.ts';

/**
 * An answer with what stands around it; `client.call` gives it whole,
 * `client.<service>.<operation>` its body.
 */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  /** For `ifMatch` of the next change; absent where the operation sends none. */
  readonly etag?: string;
  readonly requestId?: string;
  readonly headers: Headers;
}

export interface ReadOptions {
  readonly bytesMax: number;
  readonly token: string | undefined;
}

const RETRYABLE_STATUSES = [429, 500, 502, 503, 504];

export async function toAnswer(
  place: Place,
  response: Response,
  options: ReadOptions,
): Promise<Answer<unknown>> {
  const { status, headers } = response;
  // A browser shows a manual redirect as an opaque answer with status 0.
  if ((response.type as string) === 'opaqueredirect' || (status >= 300 && status < 400)) {
    await response.body?.cancel();
    throw clientError('client.redirect_refused', 'The platform answered with a redirect.', {
      operation: place.id,
      ...(status === 0 ? {} : { status }),
    });
  }
  const bytes = await readBytes(place, response, options.bytesMax);
  const requestId = headers.get('x-request-id') ?? undefined;
  if (!response.ok) throw toError({ place, response, bytes, token: options.token });
  const etag = headers.get('etag');
  return {
    status,
    body: decode(place, response, bytes),
    ...(etag === null ? {} : { etag }),
    ...(requestId === undefined ? {} : { requestId }),
    headers,
  };
}

/**
 * Counts while reading: neither a wrong Content-Length nor a compressed body gets past the bound.
 */
async function readBytes(place: Place, response: Response, bytesMax: number): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > bytesMax) {
      await reader.cancel();
      throw clientError(
        'client.response_too_large',
        `The answer is larger than ${bytesMax} bytes.`,
        {
          operation: place.id,
          status: response.status,
          limit: bytesMax,
          observed: size,
        },
      );
    }
    chunks.push(part.value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function decode({ id, row }: Place, response: Response, bytes: Uint8Array): unknown {
  if (response.status === 204 || row.answer === 'none') return undefined;
  if (row.answer === 'bytes') return bytes;
  if (row.answer === 'text') return new TextDecoder().decode(bytes);
  const value = isJson(response) ? parseJson(new TextDecoder().decode(bytes)) : undefined;
  if (value === undefined)
    throw clientError('client.unexpected_response', 'The answer is not JSON.', {
      operation: id,
      status: response.status,
    });
  return value;
}

const isJson = (response: Response): boolean =>
  /^application\/([\w.+-]+\+)?json *(;|$)/i.test(response.headers.get('content-type') ?? '');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

interface Refused {
  readonly place: Place;
  readonly response: Response;
  readonly bytes: Uint8Array;
  readonly token: string | undefined;
}

function toError({ place, response, bytes, token }: Refused): ServiceLayerError {
  const { status } = response;
  const text = new TextDecoder().decode(bytes);
  // A proxy that echoes the request must not bring the token into logs of errors.
  const clean = token === undefined ? text : text.replaceAll(token, '[token]');
  const problem = isJson(response) ? parseProblem(parseJson(clean)) : undefined;
  const retryAfterSeconds = parseRetryAfter(response.headers);
  const around = { status, operation: place.id, retryAfterSeconds };
  if (problem === undefined)
    return clientError(
      'client.unexpected_response',
      `The answer has status ${status} and no problem.`,
      {
        ...around,
        requestId: response.headers.get('x-request-id') ?? undefined,
        retryable: RETRYABLE_STATUSES.includes(status),
      },
    );
  const { code } = problem;
  return new ServiceLayerError({
    ...problem,
    ...around,
    retryable: Object.hasOwn(ERROR_CODES, code)
      ? ERROR_CODES[code as ErrorCode].retryable
      : RETRYABLE_STATUSES.includes(status),
  });
}

/** RFC 9457 as this platform writes it; every part but the code may be missing. */
function parseProblem(value: unknown): Omit<ErrorFacts, 'retryable'> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const problem = value as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined);
  const number = (name: string) => (typeof problem[name] === 'number' ? problem[name] : undefined);
  const code = text('code');
  if (code === undefined) return undefined;
  return {
    code,
    detail: text('detail') ?? text('title') ?? code,
    fields: Array.isArray(problem.fields) ? problem.fields.filter(isField) : undefined,
    requestId: text('requestId'),
    limit: number('limit'),
    observed: number('observed'),
  };
}

function isField(value: unknown): value is FieldProblem {
  if (typeof value !== 'object' || value === null) return false;
  const { pointer, detail } = value as Readonly<Record<string, unknown>>;
  return typeof pointer === 'string' && typeof detail === 'string';
}

/**
 * Whole seconds only: the platform never sends the date form of RFC 9110 section 10.2.3, and a
 * clock may be wrong.
 */
function parseRetryAfter(headers: Headers): number | undefined {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
