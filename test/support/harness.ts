/**
 * The app as callers see it, inside workerd: requests through the real Worker with real D1, objects
 * and bridge. Every answer is held against the contract: an undeclared status, an undeclared code
 * or a body off its schema fails the test.
 */
import { exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import { operations } from '../../worker/contract.ts';
import type { Role, Scope } from '../../worker/core/access.ts';
import { allErrors, type Operation } from '../../worker/http/operation.ts';
import { testOperator } from './bindings.ts';
import type { Form, RequestSigner } from './request-signer.ts';

export const ORIGIN = 'http://platform.test';

export interface CallOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly rawBody?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs the request as it is sent, or as the form says. */
  readonly signer?: RequestSigner | undefined;
  readonly form?: Form | undefined;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  /** What `JSON.parse` gave: a test reads whatever JSON came. */
  readonly body: ReturnType<JSON['parse']>;
  readonly text: string;
}

/**
 * `call('POST /accounts', { body })`; the operator's token unless another, or null for none, is
 * given.
 */
export async function call(request: string, options: CallOptions = {}): Promise<Called> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const headers = new Headers(options.headers);
  const token = options.token === undefined ? testOperator.token : options.token;
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  const body =
    options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  const url = `${ORIGIN}${path}`;
  for (const [name, value] of Object.entries(signatureOf(options, { method, url, body, headers })))
    if (!headers.has(name)) headers.set(name, value);
  const response = await exports.default.fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const called = {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== '' ? JSON.parse(text) : undefined,
  };
  checkAgainstContract(method, path, called);
  return called;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: BodyInit | undefined;
  readonly headers: Headers;
}

function signatureOf({ signer, form }: CallOptions, { method, url, body, headers }: Sent) {
  if (signer === undefined) return {};
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : undefined;
  const idempotencyKey = headers.get('idempotency-key');
  return signer.sign({ method, url: new URL(url).href, body: bytes, idempotencyKey }, form);
}

function checkAgainstContract(method: string, path: string, called: Called): void {
  const operation = findOperation(method, path);
  if (!operation) return;
  const success = operation.successes.find(({ status }) => status === called.status);
  if (success) {
    if (success.schema) {
      const parsed = success.schema.safeParse(called.body);
      expect(parsed.error?.issues ?? [], `${operation.id} answers as declared`).toEqual([]);
    }
    return;
  }
  expect(called.headers.get('content-type'), `${operation.id} ${called.status}`).toBe(
    'application/problem+json',
  );
  expect(allErrors(operation), `${operation.id} declares what it answers`).toContain(
    called.body.code,
  );
}

/** The most exact first: literal segments before parameters. */
const PLACES = operations
  .map((operation) => ({
    operation,
    method: operation.method.toUpperCase(),
    pattern: new RegExp(`^${operation.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    parameters: operation.path.split('{').length,
  }))
  .toSorted((left, right) => left.parameters - right.parameters);

export function findOperation(method: string, path: string): Operation | undefined {
  const bare = path.split('?')[0] ?? '';
  return PLACES.find((place) => place.method === method && place.pattern.test(bare))?.operation;
}

/** An open account; its id. */
export async function openAccount(name = 'payer'): Promise<string> {
  const opened = await call('POST /accounts', { body: { name } });
  expect(opened.status).toBe(201);
  return opened.body.id;
}

/** An API key of the account; the text of it. */
export async function keyOf(
  accountId: string,
  grant: { readonly role: Role } | { readonly scopes: readonly Scope[] } = { role: 'admin' },
): Promise<string> {
  const made = await call(`POST /accounts/${accountId}/keys`, { body: { name: 'test', ...grant } });
  expect(made.status).toBe(201);
  return made.body.key;
}

export interface Tenant {
  readonly accountId: string;
  readonly key: string;
  /** `tenant.call('GET /keys')`: under the account's path, with its admin key. */
  readonly call: (request: string, options?: CallOptions) => Promise<Called>;
}

export async function openTenant(name = 'payer'): Promise<Tenant> {
  const accountId = await openAccount(name);
  const key = await keyOf(accountId);
  return {
    accountId,
    key,
    call: (request, options = {}) => {
      const [method = 'GET', path = ''] = request.split(' ');
      return call(`${method} /accounts/${accountId}${path}`, { token: key, ...options });
    },
  };
}
