/**
 * What `Devpack.http.fetch` asks for and gets. The prelude makes sound requests, but user code can
 * call the door itself, so everything is checked here before it leaves (RFC 9110).
 */
import type { JsonValue } from './json-text.ts';
import { allowsUrl, type Permissions } from './permissions.ts';
import { refusal } from './recorder.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The value of a successful answer. Header names are lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/**
 * RFC 9110, section 5.5: visible characters, spaces and tabs; no line break can smuggle a header.
 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Why it must not leave, as a refusal. */
export function checkHttpRequest(request: JsonValue, permissions: Permissions): string | undefined {
  const invalid = (message: string): string => refusal('functions.call_invalid', message);
  const { url: urlText, method, headers, body } = toFields(request);
  const url = typeof urlText === 'string' ? URL.parse(urlText) : null;
  if (url === null) return invalid('The URL is not absolute');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return invalid('The URL is not HTTP');
  if (url.username !== '' || url.password !== '') return invalid('The URL holds credentials');
  if (typeof method !== 'string' || !METHODS.includes(method))
    return invalid('The method is unknown');
  if (body !== null && typeof body !== 'string') return invalid('The body is not text');
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    return invalid(`A ${method} request has no body`);
  }
  const wrong = Object.entries(toFields(headers)).find(
    ([name, value]) =>
      !HEADER_NAME.test(name) || typeof value !== 'string' || !HEADER_VALUE.test(value),
  );
  if (wrong !== undefined) return invalid(`The header "${wrong[0].slice(0, 100)}" is not valid`);
  if (allowsUrl(permissions, url)) return undefined;
  return refusal('functions.permission_denied', `The function may not reach ${url.host}`);
}

function toFields(value: JsonValue | undefined): { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [name: string]: JsonValue }) // Narrowed above; readonly arrays defeat the guard.
    : {};
}
