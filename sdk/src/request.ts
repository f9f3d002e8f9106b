/**
 * The input of an operation as an HTTP request. Everything that could turn one operation into
 * another, leak the token or be rejected by `fetch` with the token in its message is refused here,
 * before anything is sent.
 */
import type { CallOptions, ClientOptions } from './call-options.ts';
import { clientError } from './errors.ts';

/** One row of the generated table. */
export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly params: readonly string[];
  readonly query: readonly string[];
  /** `fields`: what is neither path nor query is the body. `whole`: the field `body` is it. */
  readonly body: 'none' | 'fields' | 'whole';
  readonly answer: 'json' | 'text' | 'bytes' | 'none';
  readonly idempotent: boolean;
  readonly ifMatch: boolean;
  /** Set where an account can require a signature; a client with a `signingKey` signs these. */
  readonly signed?: true;
}

export interface Place {
  readonly id: string;
  readonly row: OperationRow;
}

export type Input = Readonly<Record<string, unknown>>;

const LOOPBACK = /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The address every path is added to, without a slash at its end. */
export function parseBaseUrl(text: string, allowPlainHttp: boolean): string {
  const refuse = (why: string) => clientError('client.input_invalid', `baseUrl ${why}.`);
  if (!URL.canParse(text)) throw refuse('is not an absolute address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must be https or http');
  // fetch would refuse these with the whole address, password included, in its message.
  if (url.username !== '' || url.password !== '') throw refuse('must hold no credentials');
  if (url.search !== '' || url.hash !== '') throw refuse('must have no query and no fragment');
  if (url.protocol === 'http:' && !allowPlainHttp && !LOOPBACK.test(url.hostname))
    throw refuse('is plain http to another machine; use https, or set allowPlainHttp');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

export function toUrl(baseUrl: string, { id, row }: Place, input: Input): string {
  refuseUnknown({ id, row }, input);
  const path = row.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    toSegment(id, name, input[name]),
  );
  const query = new URLSearchParams();
  for (const name of row.query) {
    const value = input[name];
    if (value !== undefined) query.set(name, toText(id, name, value));
  }
  return `${baseUrl}${path}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

/**
 * A field that has no place in the request would be dropped without a word; a typing mistake must
 * not be.
 */
function refuseUnknown({ id, row }: Place, input: Input): void {
  if (row.body === 'fields') return;
  const known = [...row.params, ...row.query, ...(row.body === 'whole' ? ['body'] : [])];
  const stray = Object.keys(input).find(
    (name) => !known.includes(name) && input[name] !== undefined,
  );
  if (stray !== undefined)
    throw clientError('client.input_invalid', `${id} takes no field ${stray}.`, { operation: id });
}

function toSegment(id: string, name: string, value: unknown): string {
  const text = toText(id, name, value);
  // `.` and `..` survive encoding and are folded away by URL parsers: the call would reach another
  // operation.
  if (text === '' || text === '.' || text === '..')
    throw clientError('client.input_invalid', `${id}: ${name} must not be "${text}".`, {
      operation: id,
    });
  return encode(id, name, text);
}

function encode(id: string, name: string, text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate has no UTF-8 form.
    throw clientError('client.input_invalid', `${id}: ${name} is not valid text.`, {
      operation: id,
    });
  }
}

function toText(id: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw clientError('client.input_invalid', `${id} needs ${name} as text, a number or a boolean.`, {
    operation: id,
  });
}

export function toBody({ id, row }: Place, input: Input): string | undefined {
  if (row.body === 'none') return undefined;
  const placed = new Set([...row.params, ...row.query]);
  const value =
    row.body === 'whole'
      ? input.body
      : Object.fromEntries(Object.entries(input).filter(([name]) => !placed.has(name)));
  const text = encodeJson(id, value);
  if (text === undefined)
    throw clientError('client.input_invalid', `${id} needs a body.`, { operation: id });
  return text;
}

function encodeJson(id: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    // Cycles and BigInt.
    throw clientError('client.input_invalid', `${id}: the input is not JSON.`, {
      operation: id,
      cause,
    });
  }
}

export interface HeaderFacts {
  readonly client: Pick<ClientOptions, 'token' | 'userAgent'>;
  readonly options: CallOptions;
  readonly idempotencyKey: string | undefined;
  readonly hasBody: boolean;
}

export function toHeaders({ id, row }: Place, facts: HeaderFacts): Headers {
  const { client, options, idempotencyKey, hasBody } = facts;
  if (options.ifMatch !== undefined && !row.ifMatch)
    throw clientError('client.input_invalid', `${id} takes no ifMatch.`, { operation: id });
  if (options.idempotencyKey !== undefined && !row.idempotent)
    throw clientError('client.input_invalid', `${id} takes no idempotencyKey.`, { operation: id });
  const { ifMatch, traceparent } = options;
  const headers = new Headers({ accept: row.answer === 'json' ? 'application/json' : '*/*' });
  if (hasBody) headers.set('content-type', 'application/json');
  if (client.token !== undefined) headers.set('authorization', `Bearer ${client.token}`);
  const given = {
    'user-agent': client.userAgent,
    'idempotency-key': idempotencyKey,
    'if-match': ifMatch,
    traceparent,
  };
  for (const [name, value] of Object.entries(given)) {
    assertHeaderText(name, value);
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

/**
 * Printable ASCII. `Headers` would refuse the rest too, but with the value, a token perhaps, in its
 * message.
 */
export function assertHeaderText(name: string, value: string | undefined): void {
  if (value !== undefined && !/^[!-~]([ -~]*[!-~])?$/.test(value))
    throw clientError('client.input_invalid', `${name} must be printable ASCII characters.`);
}
