/** The one door to the world: what passes, what is refused, and what the journal keeps of it. */
import { describe, expect, it } from 'vitest';
import type { HostCall } from '../../../worker/core/functions-runtime/host-calls.ts';
import type { Permissions } from '../../../worker/core/functions-runtime/permissions.ts';
import { HTTP_ALLOWED, httpAnswer, run, scriptedHost } from './harness.ts';
import { runtime } from './node-runtime.ts';

const URL_TEXT = 'https://api.example.com/x';
const fetching = (body: string) => `async () => { ${body} }`;
const codeOf = async (call: string, permissions: Permissions = HTTP_ALLOWED) => {
  const result = await run(runtime, `() => ${call}`, { permissions, host: scriptedHost([]) });
  return result.status === 'succeeded' ? 'succeeded' : result.error.code;
};

describe('http.fetch', () => {
  it('sends method, lower-case headers and body, and gives status, ok, headers, text and json', async () => {
    const seen: unknown[] = [];
    const result = await run(
      runtime,
      fetching(`const options = { method: 'post', headers: { 'X-A': 1 }, body: { q: [1] } };
        const r = await Devpack.http.fetch('${URL_TEXT}', options);
        return { status: r.status, ok: r.ok, type: r.headers['content-type'], same: r.headers.get('Content-Type'),
          none: r.headers.get('x-none'), text: await r.text(), json: await r.json() };`),
      {
        permissions: HTTP_ALLOWED,
        host: (call) => {
          seen.push(call.kind, call.request);
          return Promise.resolve(httpAnswer({ a: 1 }, 201));
        },
      },
    );
    expect(seen).toEqual([
      'http.fetch',
      {
        url: URL_TEXT,
        method: 'POST',
        headers: { 'x-a': '1', 'content-type': 'application/json' },
        body: '{"q":[1]}',
      },
    ]);
    expect(result).toMatchObject({
      output: {
        status: 201,
        ok: true,
        type: 'application/json',
        same: 'application/json',
        none: null,
        text: '{"a":1}',
        json: { a: 1 },
      },
    });
  });

  it('refuses hosts the permissions do not name, in every spelling', async () => {
    const denied = [
      'https://example.com',
      'https://api.example.com.evil.test',
      'https://evil.test/api.example.com',
      'https://api.example.com:8443',
      'https://xapi.example.com',
      'https://API.EXAMPLE.COM.',
      'http://127.1',
    ];
    for (const url of denied) {
      expect(await codeOf(`Devpack.http.fetch('${url}')`)).toBe('functions.permission_denied');
    }
    expect(await codeOf(`Devpack.http.fetch('HTTPS://API.Example.com/x')`)).toBe('succeeded');
  });

  it('matches a wildcard below its name only, and a port when the pattern has one', async () => {
    const permissions = { modules: [], httpHosts: ['*.example.com', 'local.test:8443'] } as const;
    const code = (url: string) => codeOf(`Devpack.http.fetch('${url}')`, permissions);
    expect(await code('https://a.b.example.com')).toBe('succeeded');
    expect(await code('https://example.com')).toBe('functions.permission_denied');
    expect(await code('https://badexample.com')).toBe('functions.permission_denied');
    expect(await code('https://local.test:8443/x')).toBe('succeeded');
    expect(await code('https://local.test/x')).toBe('functions.permission_denied');
  });

  it('refuses requests that are no sound HTTP before they leave', async () => {
    const invalid = [
      `'/x'`,
      `'ftp://api.example.com'`,
      `'https://user:pass@api.example.com'`,
      `'file:///etc/passwd'`,
      `'${URL_TEXT}', { method: 'CONNECT' }`,
      `'${URL_TEXT}', { method: 'GET', body: 'x' }`,
      `'${URL_TEXT}', { headers: { 'a b': '1' } }`,
      `'${URL_TEXT}', { headers: { a: '1\\r\\nb: 2' } }`,
    ];
    for (const args of invalid) {
      expect(await codeOf(`Devpack.http.fetch(${args})`)).toBe('functions.call_invalid');
    }
  });

  it('refuses the sixth call and lets the code catch it', async () => {
    const result = await run(
      runtime,
      fetching(`const one = () => Devpack.http.fetch('${URL_TEXT}');
        const all = await Promise.allSettled(Array.from({ length: 6 }, one));
        return all.map((one) => one.reason?.code ?? one.value.status);`),
      { permissions: HTTP_ALLOWED, host: scriptedHost([]) },
    );
    expect(result).toMatchObject({
      output: { result: [200, 200, 200, 200, 200, 'functions.call_limit'] },
    });
    expect(result.journal).toHaveLength(6);
  });

  it('refuses requests and answers past the total of bytes', async () => {
    const big = `'${URL_TEXT}', { method: 'POST', body: 'x'.repeat(4000001) }`;
    const limits = { fuel: 3_000_000_000, memoryBytes: 32 * 1_048_576 };
    expect(
      await run(runtime, `() => Devpack.http.fetch(${big})`, { permissions: HTTP_ALLOWED, limits }),
    ).toMatchObject({ error: { code: 'functions.call_limit' } });
    const result = await run(
      runtime,
      fetching(`return (await Devpack.http.fetch('${URL_TEXT}')).status`),
      {
        permissions: HTTP_ALLOWED,
        host: (call: HostCall) => Promise.resolve(httpAnswer('y'.repeat(call.answerBytesMax))),
      },
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'functions.call_limit' } });
    expect(JSON.stringify(result.journal).length).toBeLessThan(2_000);
  });

  it('takes an answer of nearly the whole total into the default memory', async () => {
    const result = await run(
      runtime,
      fetching(`return (await (await Devpack.http.fetch('${URL_TEXT}')).text()).length`),
      {
        permissions: HTTP_ALLOWED,
        host: () => Promise.resolve(httpAnswer('y'.repeat(3_990_000))),
      },
    );
    expect(result).toMatchObject({ status: 'succeeded', output: { result: 3_990_002 } });
  });

  it('charges the bytes of an answer', async () => {
    const fuelFor = async (length: number) => {
      const host = () => Promise.resolve(httpAnswer('y'.repeat(length)));
      return (
        await run(runtime, fetching(`await Devpack.http.fetch('${URL_TEXT}')`), {
          permissions: HTTP_ALLOWED,
          host,
        })
      ).fuelUsed;
    };
    expect((await fuelFor(200_000)) - (await fuelFor(100_000))).toBeGreaterThan(500_000);
  });

  it('turns a failing host into an error the code can catch', async () => {
    const source = fetching(
      `try { await Devpack.http.fetch('${URL_TEXT}') } catch (e) { return e.code }`,
    );
    const result = await run(runtime, source, {
      permissions: HTTP_ALLOWED,
      host: () => Promise.reject(new Error('internal detail')),
    });
    expect(result).toMatchObject({ output: { result: 'upstream.unavailable' } });
    expect(JSON.stringify(result)).not.toContain('internal detail');
  });

  it('does not send a call the code never waits for', async () => {
    let calls = 0;
    const host = () => {
      calls += 1;
      return Promise.resolve(httpAnswer(1));
    };
    const source = `() => { Devpack.http.fetch('${URL_TEXT}'); return 1 }`;
    expect(await run(runtime, source, { permissions: HTTP_ALLOWED, host })).toMatchObject({
      status: 'succeeded',
    });
    expect(calls).toBe(0);
  });
});

describe('stopping', () => {
  const source = fetching(`await Devpack.http.fetch('${URL_TEXT}'); return 1`);
  const stopped = (reason: string) => {
    const controller = new AbortController();
    const host = () => {
      controller.abort(reason);
      return new Promise<never>(() => undefined);
    };
    return run(runtime, source, { permissions: HTTP_ALLOWED, host, signal: controller.signal });
  };

  it('ends a run that waits too long as timed_out and journals the call without an answer', async () => {
    const result = await stopped('deadline');
    expect(result).toMatchObject({ status: 'timed_out', error: { code: 'functions.timed_out' } });
    expect(result.journal.slice(1)).toMatchObject([
      { type: 'call', index: 0, answer: null },
      { type: 'interrupt', reason: 'timed_out' },
    ]);
  });

  it('ends a cancelled run as cancelled', async () => {
    expect(await stopped('cancelled')).toMatchObject({ status: 'cancelled' });
  });

  it('tells the host when a run is over, so that calls left behind stop', async () => {
    let signal: AbortSignal | undefined;
    const host = (call: HostCall) => {
      signal = call.signal;
      return call.index === 0
        ? Promise.resolve(httpAnswer(1))
        : new Promise<never>(() => undefined);
    };
    const both = fetching(
      `const a = Devpack.http.fetch('${URL_TEXT}'); Devpack.http.fetch('${URL_TEXT}'); await a`,
    );
    await run(runtime, both, { permissions: HTTP_ALLOWED, host });
    expect(signal?.aborted).toBe(true);
  });
});
