/** What comes back: bodies, headers and errors; and what of a hostile answer never reaches the caller. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from '../../sdk/src/call-options.ts';
import { isServiceLayerError, ServiceLayerError } from '../../sdk/src/errors.ts';
import { createTransport } from '../../sdk/src/transport.ts';
import {
  json,
  problem,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-server.ts';
import { bytes, read, removal, text } from './places.ts';

const TOKEN = 'nsl_test_canary_token';
let server: ScriptedServer;
let other: ScriptedServer;
beforeAll(async () => {
  [server, other] = await Promise.all([startScriptedServer(), startScriptedServer()]);
});
afterAll(() => Promise.all([server.stop(), other.stop()]));

const transport = (options: Partial<ClientOptions> = {}) =>
  createTransport({ baseUrl: server.baseUrl, token: TOKEN, retries: 0, ...options });
const errorOf = async (
  script: Script,
  options: Partial<ClientOptions> = {},
): Promise<ServiceLayerError> => {
  server.answer(script);
  const error: unknown = await transport(options)(read, { name: 'x' }).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceLayerError))
    throw new Error('no error of the SDK', { cause: error });
  return error;
};

describe('an answer', () => {
  it('comes with status, ETag and request id', async () => {
    server.answer(json(201, { a: 1 }, { etag: '"v3"', 'x-request-id': 'req_9' }));
    expect(await transport()(read, { name: 'x' })).toMatchObject({
      status: 201,
      body: { a: 1 },
      etag: '"v3"',
      requestId: 'req_9',
    });
  });

  it('is undefined for 204, text for text and bytes for anything else', async () => {
    server.answer((response) => response.writeHead(204).end());
    expect((await transport()(removal, { name: 'x' })).body).toBeUndefined();
    server.answer((response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('up 1'),
    );
    expect((await transport()(text, { name: 'x' })).body).toBe('up 1');
    server.answer((response) => response.writeHead(200).end(Buffer.from([0, 255])));
    expect((await transport()(bytes, { name: 'x' })).body).toStrictEqual(new Uint8Array([0, 255]));
  });
});

describe('an error', () => {
  it('carries everything the problem says', async () => {
    const error = await errorOf(
      json(
        413,
        {
          code: 'request.body_too_large',
          detail: 'Too large.',
          requestId: 'req_5',
          fields: [{ pointer: '/a', detail: 'is wrong' }, 'nonsense', { pointer: 1 }],
          limit: 10,
          observed: 11,
        },
        { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '4' },
      ),
    );
    expect(error).toMatchObject({
      name: 'ServiceLayerError',
      code: 'request.body_too_large',
      message: 'Too large.',
      detail: 'Too large.',
      status: 413,
      requestId: 'req_5',
      fields: [{ pointer: '/a', detail: 'is wrong' }],
      limit: 10,
      observed: 11,
      retryAfterSeconds: 4,
      retryable: false,
      operation: 'things.getThing',
    });
  });

  it('is told apart by its code', async () => {
    const error: unknown = await errorOf(problem(404, 'request.not_found'));
    expect(isServiceLayerError(error)).toBe(true);
    expect(isServiceLayerError(error, 'request.not_found')).toBe(true);
    expect(isServiceLayerError(error, 'quota.exceeded')).toBe(false);
    expect(isServiceLayerError(new Error('request.not_found'), 'request.not_found')).toBe(false);
  });

  it.each<readonly [string, Script]>([
    ['JSON that is no problem', json(404, { error: 'secret page' })],
    [
      'a page of a proxy',
      (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('secret page'),
    ],
    [
      '200 with a page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('secret page'),
    ],
    [
      '200 with broken JSON',
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"secret page'),
    ],
    [
      '200 with nothing',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
    ],
    ['a problem whose code is no text', json(400, { code: 7, detail: 'secret page' })],
  ])('says no word of an answer that is not understood: %s', async (_, script) => {
    const error = await errorOf(script);
    expect(error.code).toBe('client.unexpected_response');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret page');
  });

  it('says that the platform could not be reached', async () => {
    const closed = await startScriptedServer();
    await closed.stop();
    const error = await errorOf(json(200, {}), { baseUrl: closed.baseUrl });
    expect(error).toMatchObject({ code: 'client.network', retryable: true, status: undefined });
  });
});

describe('the token', () => {
  it.each([301, 302, 303, 307, 308])('is not carried along a redirect (%s)', async (status) => {
    other.answer(json(200, {}));
    const error = await errorOf((response) =>
      response.writeHead(status, { location: `${other.baseUrl}/steal` }).end(),
    );
    expect(error.code).toBe('client.redirect_refused');
    expect(other.asked).toHaveLength(0);
  });

  it('is in no error, not even when the answer echoes it', async () => {
    const network = await startScriptedServer();
    await network.stop();
    const errors = [
      await errorOf(problem(400, `echo ${TOKEN}`)),
      await errorOf(
        json(400, { code: 'x', detail: TOKEN, fields: [{ pointer: '/a', detail: TOKEN }] }),
      ),
      await errorOf(json(502, TOKEN)),
      await errorOf(json(200, {}), { baseUrl: network.baseUrl }),
    ];
    for (const error of errors) {
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
      expect(error.stack).not.toContain(TOKEN);
    }
  });
});

describe('a large answer', () => {
  it('is given up while reading, whatever its length says', async () => {
    let sent = 0;
    const error = await errorOf(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          while (sent < 50_000_000 && !response.destroyed) {
            sent += 10_000;
            if (!response.write('x'.repeat(10_000))) {
              response.once('drain', more);
              return;
            }
          }
        };
        more();
      },
      { responseBytesMax: 100_000 },
    );
    expect(error).toMatchObject({
      code: 'client.response_too_large',
      limit: 100_000,
      retryable: false,
    });
    expect(sent).toBeLessThan(50_000_000);
  });
});
