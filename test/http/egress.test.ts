/** The door in the Worker; `fetch` stands in for the outside. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../worker/core/egress/limits.ts';
import { CLOSED_POLICY } from '../../worker/core/egress/policy.ts';
import { type EgressDeps, type EgressRequest, egressFetch } from '../../worker/http/egress.ts';

interface Call {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly redirect: string | undefined;
  readonly body: string | undefined;
}

type Answer = (call: Call) => Response | Promise<Response>;

/** An outside that answers from a list, one answer a hop, and remembers what it was asked. */
function outside(...answers: readonly Answer[]) {
  const calls: Call[] = [];
  const fetch: EgressDeps['fetch'] = async (url, init) => {
    const body = init.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : undefined;
    const { method, redirect } = init;
    const call = { url, method, headers: new Headers(init.headers), redirect, body };
    calls.push(call);
    const answer = answers[calls.length - 1];
    if (answer === undefined) throw new Error('no answer left');
    return answer(call);
  };
  return { calls, fetch };
}

const redirect =
  (location: string, status = 302): Answer =>
  () =>
    new Response(null, { status, headers: { location } });
const hello: Answer = () => new Response('hello');

const send = (request: EgressRequest, deps: Pick<EgressDeps, 'fetch'> & Partial<EgressDeps>) =>
  egressFetch(request, { policy: CLOSED_POLICY, ...deps });

function code(result: Awaited<ReturnType<typeof send>>): string | undefined {
  return result.ok ? undefined : result.failure.code;
}

describe('a request', () => {
  it('answers status, headers, bytes and the final address', async () => {
    const { fetch, calls } = outside(
      () => new Response('hello', { status: 404, headers: { 'x-one': '1' } }),
    );
    const result = await send({ url: 'https://EXAMPLE.com/a' }, { fetch });
    expect(result).toMatchObject({
      ok: true,
      value: { status: 404, finalUrl: 'https://example.com/a' },
    });
    if (!result.ok) throw new Error('it answered');
    expect(new TextDecoder().decode(result.value.body)).toBe('hello');
    expect(result.value.headers).toContainEqual(['x-one', '1']);
    expect(calls[0]).toMatchObject({ method: 'GET', redirect: 'manual' });
    expect(calls[0]?.headers.get('user-agent')).toContain('neo-service-layer');
  });

  it.each([
    'Host',
    'Connection',
    'content-length',
    'Transfer-Encoding',
    'Upgrade',
    'CF-Connecting-IP',
    'cf-worker',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Real-IP',
    'Forwarded',
    'MF-Original-URL',
    'x-egress-refused',
  ])('does not leave with the header %s', async (name) => {
    const { fetch, calls } = outside(hello);
    const result = await send({ url: 'https://example.com/', headers: [[name, '1']] }, { fetch });
    expect(code(result)).toBe('egress.refused');
    expect(calls).toHaveLength(0);
  });

  it.each([
    ['a line break in a value', [['x-a', 'b\r\nHost: inside']]],
    ['a line break in a name', [['x-a\r\nHost', 'inside']]],
    ['too many headers', Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1'])],
    ['too large headers', [['x-a', 'b'.repeat(40_000)]]],
  ] as [string, [string, string][]][])('is refused for %s', async (_title, headers) => {
    const { fetch, calls } = outside(hello);
    const result = await send({ url: 'https://example.com/', headers }, { fetch });
    expect(code(result)).toBe('egress.refused');
    expect(calls).toHaveLength(0);
  });

  it.each([
    ['CONNECT', undefined],
    ['TRACE', undefined],
    ['GET', new Uint8Array(1)],
    ['POST', new Uint8Array(LIMITS.egressRequestBytesMax.value + 1)],
  ])('is refused as %s with that body', async (method, body) => {
    const { fetch, calls } = outside(hello);
    const result = await send({ url: 'https://example.com/', method, body }, { fetch });
    expect(code(result)).toBe('egress.refused');
    expect(calls).toHaveLength(0);
  });
});

describe('a redirect', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://169.254.169.254/latest/',
    '//[::1]/',
    'https://user:pass@example.com/',
    'https://example.com:8443/',
    'file:///etc/passwd',
    'https://',
  ])('to %s is refused before anything connects', async (location) => {
    const { fetch, calls } = outside(redirect(location), hello);
    const result = await send({ url: 'https://example.com/' }, { fetch });
    expect(code(result)).toBe('egress.refused');
    expect(calls).toHaveLength(1);
  });

  it('to our own host is refused', async () => {
    const { fetch } = outside(redirect('https://api.example.net/operator'), hello);
    const policy = { ownHosts: ['api.example.net'], allow: [] };
    const result = await send({ url: 'https://example.com/' }, { fetch, policy });
    expect(code(result)).toBe('egress.refused');
  });

  it('is followed at most five times', async () => {
    const hops = Array.from({ length: 6 }, (_, index) => redirect(`/${index}`));
    const { fetch, calls } = outside(...hops, hello);
    const result = await send({ url: 'https://example.com/' }, { fetch });
    expect(code(result)).toBe('egress.too_many_redirects');
    expect(calls).toHaveLength(6);
    const five = outside(...hops.slice(1), hello);
    expect((await send({ url: 'https://example.com/' }, five)).ok).toBe(true);
  });

  it('to another origin carries no credential, nor does the way back', async () => {
    const { fetch, calls } = outside(
      redirect('https://other.example.net/'),
      redirect('https://example.com/back'),
      hello,
    );
    await send(
      {
        url: 'https://example.com/',
        headers: [
          ['Authorization', 'Bearer secret'],
          ['Cookie', 'a=secret'],
          ['Proxy-Authorization', 'secret'],
          ['X-Api-Key', 'secret'],
          ['Accept', 'text/plain'],
        ],
        sensitive: new Set(['x-api-key']),
      },
      { fetch },
    );
    const sent = calls.map(({ headers }) => [...headers.values()].includes('Bearer secret'));
    expect(sent).toEqual([true, false, false]);
    for (const call of calls.slice(1)) {
      expect(JSON.stringify([...call.headers])).not.toContain('secret');
      expect(call.headers.get('accept')).toBe('text/plain');
    }
  });

  it('within the origin keeps the credential', async () => {
    const { fetch, calls } = outside(redirect('/next'), hello);
    await send({ url: 'https://example.com/', headers: [['Authorization', 'x']] }, { fetch });
    expect(calls[1]?.headers.get('authorization')).toBe('x');
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [301, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [303, 'HEAD', 'HEAD'],
  ])('with %i turns %s into %s', async (status, method, expected) => {
    const { fetch, calls } = outside(redirect('/next', status), hello);
    const body = method === 'HEAD' ? undefined : new TextEncoder().encode('payload');
    const headers: [string, string][] = [['content-type', 'text/plain']];
    await send({ url: 'https://example.com/', method, body, headers }, { fetch });
    expect(calls[1]?.method).toBe(expected);
    const keeps = expected === method && body !== undefined;
    expect(calls[1]?.body).toBe(keeps ? 'payload' : undefined);
    expect(calls[1]?.headers.has('content-type')).toBe(expected === method);
  });

  it('without a Location is an answer', async () => {
    const { fetch } = outside(() => new Response('choose', { status: 302 }));
    expect(await send({ url: 'https://example.com/' }, { fetch })).toMatchObject({
      ok: true,
      value: { status: 302 },
    });
  });
});

describe('an answer', () => {
  it('is cut off at the bound, whatever Content-Length says', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const { fetch } = outside(() => new Response(endless, { headers: { 'content-length': '10' } }));
    const bounds = { responseBytesMax: 5000 };
    const result = await send({ url: 'https://example.com/' }, { fetch, bounds });
    expect(result).toMatchObject({ failure: { code: 'egress.too_large', limit: 5000 } });
    expect(sent).toBeLessThan(20);
  });

  it('of exactly the bound is whole', async () => {
    const { fetch } = outside(() => new Response(new Uint8Array(5000)));
    const bounds = { responseBytesMax: 5000 };
    const result = await send({ url: 'https://example.com/' }, { fetch, bounds });
    expect(result.ok && result.value.body.length).toBe(5000);
  });

  it('does not get more than the platform allows when the caller asks for more', async () => {
    const max = LIMITS.egressResponseBytesMax.value;
    const { fetch } = outside(() => new Response(new Uint8Array(max + 1)));
    const bounds = { responseBytesMax: max * 2 };
    const result = await send({ url: 'https://example.com/' }, { fetch, bounds });
    expect(code(result)).toBe('egress.too_large');
  });

  it('with a flood of headers is refused', async () => {
    const headers = new Headers(Array.from({ length: 200 }, (_, index) => [`x-${index}`, '1']));
    const { fetch } = outside(() => new Response('x', { headers }));
    expect(code(await send({ url: 'https://example.com/' }, { fetch }))).toBe('egress.too_large');
  });

  it('that never comes ends at the deadline', async () => {
    const fetch: EgressDeps['fetch'] = (_url, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const result = await send(
      { url: 'https://example.com/' },
      { fetch, bounds: { timeoutMs: 20 } },
    );
    expect(result).toMatchObject({ failure: { code: 'egress.timed_out', limit: 20 } });
  });

  it('that never ends ends at the deadline, even when the transport ignores the signal', async () => {
    const { fetch } = outside(
      () =>
        new Response(
          new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }),
        ),
    );
    const result = await send(
      { url: 'https://example.com/' },
      { fetch, bounds: { timeoutMs: 20 } },
    );
    expect(code(result)).toBe('egress.timed_out');
  });

  it('does not come when the caller ends the exchange', async () => {
    const { fetch } = outside(() => new Response(new ReadableStream()));
    const controller = new AbortController();
    const pending = send({ url: 'https://example.com/' }, { fetch, signal: controller.signal });
    controller.abort();
    expect(code(await pending)).toBe('egress.failed');
  });

  it('hides what the network said', async () => {
    const fetch: EgressDeps['fetch'] = () => Promise.reject(new Error('connect 10.0.0.7:443'));
    const result = await send({ url: 'https://example.com/' }, { fetch });
    expect(code(result)).toBe('egress.failed');
    expect(JSON.stringify(result)).not.toContain('10.0.0.7');
  });

  it.each([
    [403, 'x-egress-refused', 'address_not_public', 'egress.refused'],
    [502, 'x-egress-failed', 'name_not_resolved', 'egress.failed'],
    [502, 'x-egress-failed', 'too_large', 'egress.too_large'],
    [504, 'x-egress-failed', 'timed_out', 'egress.timed_out'],
  ])('of the outbound door (%i %s: %s) is %s', async (status, name, reason, expected) => {
    const { fetch } = outside(() => new Response(null, { status, headers: { [name]: reason } }));
    expect(code(await send({ url: 'https://example.com/' }, { fetch }))).toBe(expected);
  });
});
