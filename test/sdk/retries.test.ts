/** When a call is repeated, with what, and how long it takes. Rows of sdk/README.md, over a real socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, ClientOptions } from '../../sdk/src/call-options.ts';
import { isServiceLayerError, type ServiceLayerError } from '../../sdk/src/errors.ts';
import type { Place } from '../../sdk/src/request.ts';
import { createTransport, toWaitMs } from '../../sdk/src/transport.ts';
import {
  dropped,
  json,
  problem,
  type Script,
  type ScriptedServer,
  silent,
  startScriptedServer,
} from '../support/scripted-server.ts';
import { keyed, read, removal, unkeyed } from './places.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.stop());

const waits: number[] = [];
const attempts: Attempt[] = [];
const transport = (options: Partial<ClientOptions> = {}) => {
  waits.length = 0;
  attempts.length = 0;
  return createTransport({
    baseUrl: server.baseUrl,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
    },
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
};
const caught = async (work: Promise<unknown>): Promise<ServiceLayerError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isServiceLayerError(error)) throw new Error('no error of the SDK', { cause: error });
  return error;
};
const inputOf = (place: Place) => (place.row.params.length > 0 ? { name: 'x' } : {});
const done: Script = json(200, { done: true });

describe('repeating', () => {
  const RETRIED: readonly (readonly [string, Script])[] = [
    ['429', problem(429, 'request.rate_limited')],
    ['500', problem(500, 'internal.error')],
    ['502 of a proxy', json(502, 'bad gateway')],
    ['503', problem(503, 'upstream.unavailable')],
    ['504 of a proxy', json(504, 'gateway timeout')],
    ['a dropped connection', dropped],
  ];

  it.each(RETRIED)('happens for a read and for a keyed call after %s', async (_, script) => {
    for (const place of [read, keyed]) {
      server.answer(script, done);
      const { body } = await transport()(place, inputOf(place));
      expect(body).toStrictEqual({ done: true });
      expect(server.asked).toHaveLength(2);
    }
  });

  it.each(RETRIED)(
    'does not happen for an unsafe call without a key after %s',
    async (_, script) => {
      for (const place of [unkeyed, removal]) {
        server.answer(script, done);
        await caught(transport()(place, inputOf(place)));
        expect(server.asked).toHaveLength(1);
      }
    },
  );

  it('happens while the first request with the key is still running', async () => {
    server.answer(problem(409, 'idempotency.in_progress', { 'retry-after': '2' }), done);
    await transport()(keyed, {});
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    [400, 'request.malformed'],
    [401, 'request.unauthenticated'],
    [404, 'request.not_found'],
    [412, 'request.precondition_failed'],
    [422, 'idempotency.key_reused'],
    [500, 'secrets.undecryptable'],
  ])('does not happen after %s %s, which would come again', async (status, code) => {
    server.answer(problem(status, code), done);
    const error = await caught(transport()(keyed, {}));
    expect(error).toMatchObject({ code, status, retryable: false });
    expect(server.asked).toHaveLength(1);
  });

  it('follows the status where the code is one of a newer platform', async () => {
    server.answer(problem(503, 'future.unknown'), problem(409, 'constructor'));
    const error = await caught(transport()(read, { name: 'x' }));
    expect(error).toMatchObject({ code: 'constructor', retryable: false });
    expect(server.asked).toHaveLength(2);
  });

  it('ends after the given number of retries with the last error', async () => {
    server.answer(problem(503, 'upstream.unavailable'));
    const error = await caught(transport()(read, { name: 'x' }, { retries: 2 }));
    expect(error.code).toBe('upstream.unavailable');
    expect(server.asked).toHaveLength(3);
    server.answer(problem(503, 'upstream.unavailable'));
    await caught(transport({ retries: 0 })(read, { name: 'x' }));
    expect(server.asked).toHaveLength(1);
  });
});

describe('the idempotency key', () => {
  it('is the same in every attempt of a call and another in the next call', async () => {
    const send = transport();
    const keys = async (): Promise<readonly unknown[]> => {
      server.answer(dropped, problem(503, 'upstream.unavailable'), done);
      await send(keyed, { a: 1 });
      return server.asked.map(({ headers }) => headers['idempotency-key']);
    };
    const [first, second] = [await keys(), await keys()];
    expect(first).toHaveLength(3);
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(second[0]).not.toBe(first[0]);
  });

  it('is the given one when there is one, and every attempt sends the same body', async () => {
    server.answer(problem(503, 'upstream.unavailable'), done);
    await transport()(keyed, { a: 1 }, { idempotencyKey: 'order-7' });
    expect(server.asked.map(({ headers }) => headers['idempotency-key'])).toStrictEqual([
      'order-7',
      'order-7',
    ]);
    expect(server.asked.map(({ body }) => body)).toStrictEqual(['{"a":1}', '{"a":1}']);
  });

  it('is not sent where it would be ignored, and giving one there is refused', async () => {
    server.answer(done);
    await transport()(unkeyed, {});
    expect(server.asked[0]?.headers).not.toHaveProperty('idempotency-key');
    const error = await caught(transport()(unkeyed, {}, { idempotencyKey: 'k' }));
    expect(error.code).toBe('client.input_invalid');
    expect(server.asked).toHaveLength(1);
  });
});

describe('waiting', () => {
  it('doubles the range of the wait up to its bound and draws from the whole of it', () => {
    expect([1, 2, 3, 6, 10].map((attempt) => toWaitMs(attempt, undefined, 0.5))).toStrictEqual([
      125, 250, 500, 4_000, 4_000,
    ]);
    expect(toWaitMs(3, undefined, 0)).toBe(0);
  });

  it('never undercuts Retry-After', async () => {
    server.answer(problem(429, 'request.rate_limited', { 'retry-after': '7' }), done);
    await transport({ random: () => 0 })(read, { name: 'x' });
    expect(waits).toStrictEqual([7_000]);
  });

  it('gives up at once when Retry-After is longer than the call may take', async () => {
    server.answer(problem(429, 'request.rate_limited', { 'retry-after': '600' }), done);
    const error = await caught(transport()(read, { name: 'x' }, { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ code: 'request.rate_limited', retryAfterSeconds: 600 });
    expect(waits).toStrictEqual([]);
  });

  it('takes a malformed Retry-After for none', async () => {
    server.answer(problem(429, 'request.rate_limited', { 'retry-after': '1e9' }), done);
    await transport()(read, { name: 'x' });
    expect(waits).toStrictEqual([125]);
  });
});

describe('time', () => {
  it('bounds each attempt, and a read that timed out is repeated', async () => {
    server.answer(silent, done);
    const { body } = await transport({ attemptTimeoutMs: 40 })(read, { name: 'x' });
    expect(body).toStrictEqual({ done: true });
    expect(attempts.map(({ errorCode }) => errorCode)).toStrictEqual(['client.timeout', undefined]);
  });

  it('bounds an answer that begins and never ends', async () => {
    server.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    const error = await caught(
      transport({ attemptTimeoutMs: 40, retries: 0 })(read, { name: 'x' }),
    );
    expect(error.code).toBe('client.timeout');
  });

  it('bounds the whole call, even when fetch ignores signals', async () => {
    const deaf = transport({ fetch: () => new Promise(() => undefined), timeoutMs: 40 });
    const error = await caught(deaf(read, { name: 'x' }));
    expect(error).toMatchObject({ code: 'client.timeout', retryable: true });
  });

  it('ends a call by its signal, before, during and between attempts', async () => {
    const send = transport();
    server.answer(silent);
    const early = await caught(send(read, { name: 'x' }, { signal: AbortSignal.abort() }));
    expect(early.code).toBe('client.aborted');
    expect(server.asked).toHaveLength(0);

    const during = new AbortController();
    server.answer(() => during.abort());
    expect((await caught(send(read, { name: 'x' }, { signal: during.signal }))).code).toBe(
      'client.aborted',
    );

    const between = new AbortController();
    server.answer(problem(503, 'upstream.unavailable', { 'retry-after': '30' }));
    const real = createTransport({
      baseUrl: server.baseUrl,
      onAttempt: () => between.abort(),
    });
    expect((await caught(real(read, { name: 'x' }, { signal: between.signal }))).code).toBe(
      'client.aborted',
    );
    expect(server.asked).toHaveLength(1);
  });
});

describe('onAttempt', () => {
  it('tells every attempt without token, body or query', async () => {
    server.answer(problem(503, 'upstream.unavailable'), json(200, {}, { 'x-request-id': 'req_2' }));
    await transport({ token: 'a-token' })(read, { name: 'x', limit: 5 });
    expect(attempts).toMatchObject([
      {
        operation: 'things.getThing',
        attempt: 1,
        status: 503,
        errorCode: 'upstream.unavailable',
        retryInMs: 125,
      },
      { operation: 'things.getThing', attempt: 2, status: 200, requestId: 'req_2' },
    ]);
    expect(JSON.stringify(attempts)).not.toMatch(/a-token|limit/);
  });
});
