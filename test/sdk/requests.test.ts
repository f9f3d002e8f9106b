/** What a call sends, and what is refused before anything is sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions, ClientOptions } from '../../sdk/src/call-options.ts';
import type { Place } from '../../sdk/src/request.ts';
import { createTransport } from '../../sdk/src/transport.ts';
import { json, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { keyed, read, text, unkeyed, whole } from './places.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.stop());

const send = async (
  place: Place,
  input: Readonly<Record<string, unknown>>,
  more: { readonly call?: CallOptions; readonly client?: Partial<ClientOptions> } = {},
) => {
  server.answer(json(200, {}));
  await createTransport({ baseUrl: server.baseUrl, ...more.client })(place, input, more.call);
  return server.asked[0];
};

describe('a request', () => {
  it('puts each field where it belongs, encoded, and leaves out what is undefined', async () => {
    const asked = await send(read, { name: 'a/b?c#d é', limit: 5 });
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/things/a%2Fb%3Fc%23d%20%C3%A9?limit=5',
      body: '',
    });
    expect((await send(read, { name: 'x', limit: undefined }))?.url).toBe('/things/x');
  });

  it('sends the remaining fields as the body, the empty object when there are none', async () => {
    const asked = await send(keyed, { a: 1, b: undefined });
    expect(asked).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect((await send(keyed, {}))?.body).toBe('{}');
    expect((await send(whole, { name: 'x', body: [1] }))?.body).toBe('[1]');
  });

  it('carries token, ETag, trace and user agent', async () => {
    const asked = await send(
      whole,
      { name: 'x', body: 1 },
      {
        client: { token: 'tok', userAgent: 'shop/1 (x)' },
        call: { ifMatch: '"v1"', traceparent: '00-a-b-01' },
      },
    );
    expect(asked?.headers).toMatchObject({
      authorization: 'Bearer tok',
      'if-match': '"v1"',
      traceparent: '00-a-b-01',
      'user-agent': 'shop/1 (x)',
      accept: 'application/json',
    });
  });

  it('keeps the path of the base address', async () => {
    const asked = await send(
      text,
      { name: 'x' },
      { client: { baseUrl: `${server.baseUrl}/api/` } },
    );
    expect(asked?.url).toBe('/api/things/x');
  });
});

describe('nothing is sent', () => {
  const CYCLE: Record<string, unknown> = {};
  CYCLE.self = CYCLE;
  const REFUSED: readonly (readonly [
    string,
    Place,
    Readonly<Record<string, unknown>>,
    CallOptions,
  ])[] = [
    ['when `..` would lead to another operation', read, { name: '..' }, {}],
    ['when `.` would be folded away', read, { name: '.' }, {}],
    ['when a path parameter is empty', read, { name: '' }, {}],
    ['when a path parameter is missing', read, {}, {}],
    ['when a path parameter is an object', read, { name: {} }, {}],
    ['when a path parameter has a lone surrogate', read, { name: '\ud800' }, {}],
    ['when a query parameter is not finite', read, { name: 'x', limit: Number.NaN }, {}],
    ['when a field has no place', read, { name: 'x', limt: 5 }, {}],
    ['when the body is cyclic', keyed, CYCLE, {}],
    ['when the body holds a BigInt', keyed, { amount: 1n }, {}],
    ['when a whole body is missing', whole, { name: 'x' }, {}],
    ['when the key would break the header', keyed, {}, { idempotencyKey: 'a\r\nb: c' }],
    ['when the key is empty', keyed, {}, { idempotencyKey: '' }],
    ['when If-Match would be ignored', unkeyed, {}, { ifMatch: '"v1"' }],
    ['when a bound is out of range', read, { name: 'x' }, { retries: 11 }],
    ['when a time is not a number', read, { name: 'x' }, { timeoutMs: Number.NaN }],
  ];

  it.each(REFUSED)('%s', async (_, place, input, call) => {
    await expect(send(place, input, { call })).rejects.toMatchObject({
      code: 'client.input_invalid',
    });
    expect(server.asked).toHaveLength(0);
  });
});

describe('a client is not made', () => {
  it.each([
    ['without an address', { baseUrl: 'api.example.com' }],
    ['for another protocol', { baseUrl: 'ftp://api.example.com' }],
    ['with a password in the address', { baseUrl: 'https://user:hunter2@api.example.com' }],
    ['with a query in the address', { baseUrl: 'https://api.example.com/?a=1' }],
    ['for plain http to another machine', { baseUrl: 'http://api.example.com' }],
    ['for a name that only looks local', { baseUrl: 'http://127.0.0.1.example.com' }],
    [
      'with a token that would break the header',
      { baseUrl: 'https://a.example', token: 'hunter2\n' },
    ],
    ['with an empty token', { baseUrl: 'https://a.example', token: '' }],
    ['with a bound out of range', { baseUrl: 'https://a.example', attemptTimeoutMs: 0 }],
  ])('%s, and the refusal holds no secret', (_, options) => {
    expect(() => createTransport(options)).toThrow(
      expect.objectContaining({
        code: 'client.input_invalid',
        message: expect.not.stringContaining('hunter2') as string,
      }),
    );
  });

  it.each([
    'http://localhost:8787',
    'http://[::1]:8787',
    'http://127.0.0.1',
    'https://api.example.com/x',
  ])('but is made for %s', (baseUrl) => {
    expect(() => createTransport({ baseUrl, token: 't' })).not.toThrow();
  });

  it('except for plain http where that is allowed by name', () => {
    const options = { baseUrl: 'http://api.internal', allowPlainHttp: true };
    expect(() => createTransport(options)).not.toThrow();
  });
});
