/**
 * The door of `npm start` against real servers on this machine; only the resolver is a stand-in.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createOutboundDoor,
  type OutboundOptions,
  type OutboundRequest,
} from '../../scripts/serve/outbound.ts';
import { pinAddress, type ResolvedAddress } from '../../scripts/serve/resolve-public.ts';
import { parseEgressAllowance } from '../../worker/core/egress/policy.ts';
import { TEST_CERTIFICATE } from '../support/test-certificate.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener, tls = false): Promise<number> {
  const server = tls ? createTlsServer(TEST_CERTIFICATE, listener) : createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address with a port.
  return (server.address() as AddressInfo).port;
}

function request(url: string, init: RequestInit = {}): OutboundRequest {
  // Tests of the fields a browser would forbid build the request by hand.
  const { method = 'GET', headers = {}, body } = init;
  return {
    url,
    method,
    headers: Object.entries(headers as Record<string, string>),
    arrayBuffer: () => new Response(body ?? null).arrayBuffer(),
  };
}

const allow = (...entries: readonly string[]) =>
  entries.flatMap((entry) => parseEgressAllowance(entry) ?? []);

const at = (...addresses: readonly string[]): readonly ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const open = (options: Partial<OutboundOptions> = {}) =>
  createOutboundDoor({ allow: [], ...options });

const header = (response: { headers: readonly [string, string][] }, name: string) =>
  response.headers.find(([own]) => own === name)?.[1];

describe('a refused target', () => {
  it.each([
    'http://example.com/',
    'https://example.com:8443/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://localhost/',
  ])('answers 403 with a reason for %s and asks no resolver', async (url) => {
    let asked = 0;
    const door = open({
      resolver: () => {
        asked += 1;
        return Promise.resolve(at('1.1.1.1'));
      },
    });
    const response = await door(request(url));
    expect(response.status).toBe(403);
    expect(header(response, 'x-egress-refused')).toBeTruthy();
    expect(asked).toBe(0);
  });

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a00:1'],
    ['fd00:ec2::254'],
    ['fe80::1%eth0'],
    ['1.1.1.1', '127.0.0.1'],
    ['2606:4700::1111', 'fd00::1'],
  ])('refuses a name that resolves to %j %j', async (...addresses) => {
    const door = open({ resolver: () => Promise.resolve(at(...addresses)) });
    const response = await door(request('https://attacker.example.com/'));
    expect(response.status).toBe(403);
    expect(header(response, 'x-egress-refused')).toBe('address_not_public');
  });

  it('tells a name without an address apart from a refusal', async () => {
    for (const resolver of [
      () => Promise.reject(new Error('ENOTFOUND')),
      () => Promise.resolve([]),
    ]) {
      const response = await open({ resolver })(request('https://nowhere.example.com/'));
      expect(response.status).toBe(502);
      expect(header(response, 'x-egress-failed')).toBe('name_not_resolved');
    }
  });
});

describe('rebinding', () => {
  it('connects to the judged address alone when the name means this machine to the system', async () => {
    let reached = 0;
    const port = await listen((_request, response) => {
      reached += 1;
      response.end('inside');
    });
    const answers = [at('192.0.2.1'), at('127.0.0.1')];
    const asked: string[] = [];
    const door = open({
      // Allowed, so that a port of this machine may be dialled at all; the address is pinned as for
      // any other name.
      allow: allow(`http://localhost:${port}`),
      resolver: (hostname) => {
        asked.push(hostname);
        return Promise.resolve(answers.shift() ?? at('127.0.0.1'));
      },
      bounds: { timeoutMs: 300 },
    });
    const response = await door(request(`http://localhost:${port}/`));
    expect(response.status).toBeGreaterThanOrEqual(502);
    expect(asked).toEqual(['localhost']);
    expect(reached).toBe(0);
    // The proof that the server would have answered: the second resolution leads to it.
    expect((await door(request(`http://localhost:${port}/`))).status).toBe(200);
  });

  it('refuses as soon as the name turns from a public address to this machine', async () => {
    const answers = [at('1.1.1.1', '2606:4700:4700::1111'), at('127.0.0.1')];
    const options = { resolver: () => Promise.resolve(answers.shift() ?? []), allowed: false };
    expect(await pinAddress('rebind.example.com', options)).toEqual({
      ok: true,
      pinned: { address: '1.1.1.1', family: 4 },
    });
    expect(await pinAddress('rebind.example.com', options)).toEqual({
      ok: false,
      reason: 'address_not_public',
    });
  });
});

describe('an allowed origin', () => {
  it('is reached under its own name for TLS and Host, at the pinned address', async () => {
    let host: string | undefined;
    const port = await listen((incoming, response) => {
      host = incoming.headers.host;
      response.end('hello');
    }, true);
    const door = open({
      allow: allow(`service.test:${port}`),
      resolver: () => Promise.resolve(at('127.0.0.1')),
      ca: TEST_CERTIFICATE.cert,
    });
    const response = await door(request(`https://service.test:${port}/path`));
    expect(response.status).toBe(200);
    expect(response.body?.toString()).toBe('hello');
    expect(host).toBe(`service.test:${port}`);
  });

  it('fails when the certificate is for another name or of an unknown authority', async () => {
    const port = await listen((_request, response) => void response.end('hello'), true);
    const resolver = () => Promise.resolve(at('127.0.0.1'));
    const other = open({ allow: allow(`other.test:${port}`), resolver, ca: TEST_CERTIFICATE.cert });
    const unknown = open({ allow: allow(`service.test:${port}`), resolver });
    for (const response of [
      await other(request(`https://other.test:${port}/`)),
      await unknown(request(`https://service.test:${port}/`)),
    ]) {
      expect(response.status).toBe(502);
      expect(header(response, 'x-egress-failed')).toBe('connection_failed');
    }
  });

  it('does not open the other ports of the same host', async () => {
    const port = await listen((_request, response) => void response.end('inside'));
    const door = open({ allow: allow(`127.0.0.1:${port}`) });
    expect((await door(request(`http://127.0.0.1:${port}/`))).status).toBe(200);
    expect((await door(request(`http://127.0.0.1:${port + 1}/`))).status).toBe(403);
  });
});

describe('an exchange', () => {
  async function serve(listener: RequestListener, options: Partial<OutboundOptions> = {}) {
    const port = await listen(listener);
    const url = `http://127.0.0.1:${port}/`;
    return { url, door: open({ allow: allow(`127.0.0.1:${port}`), ...options }) };
  }

  it('does not follow a redirect', async () => {
    const paths: (string | undefined)[] = [];
    const { url, door } = await serve((incoming, response) => {
      paths.push(incoming.url);
      response.writeHead(302, { location: '/next' }).end();
    });
    const response = await door(request(url));
    expect(response.status).toBe(302);
    expect(header(response, 'location')).toBe('/next');
    expect(paths).toEqual(['/']);
  });

  it('carries method, body and headers, and keeps repeated response headers apart', async () => {
    const { url, door } = await serve((incoming, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      incoming.pipe(response);
    });
    const response = await door(request(url, { method: 'PUT', body: 'payload' }));
    expect(response.body?.toString()).toBe('payload');
    expect(response.headers.filter(([name]) => name === 'set-cookie')).toHaveLength(2);
  });

  it('does not pass on framing, forwarding or inner headers in either direction', async () => {
    let seen: NodeJS.Dict<string | string[]> = {};
    const { url, door } = await serve((incoming, response) => {
      seen = incoming.headers;
      response.setHeader('x-egress-refused', 'forged').end();
    });
    const headers = {
      Host: 'admin.internal',
      'Content-Length': '5000',
      'Transfer-Encoding': 'chunked',
      'CF-Connecting-IP': '1.2.3.4',
      'MF-Custom': 'x',
      'X-Forwarded-For': '1.2.3.4',
      'X-Kept': 'yes',
    };
    const response = await door(request(url, { headers }));
    expect(seen).toMatchObject({ host: new URL(url).host, 'x-kept': 'yes' });
    expect(Object.keys(seen)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(cf-|mf-|x-forwarded|transfer-enc|content-l)/),
      ]),
    );
    expect(header(response, 'x-egress-refused')).toBeUndefined();
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('hands over a %s body decoded', async (encoding, compress) => {
    const { url, door } = await serve((_request, response) => {
      response.setHeader('content-encoding', encoding).end(compress(Buffer.from('plain text')));
    });
    const response = await door(request(url));
    expect(response.body?.toString()).toBe('plain text');
    expect(header(response, 'content-encoding')).toBeUndefined();
  });

  it('stops at the bound when a small answer inflates', async () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    const { url, door } = await serve(
      (_request, response) => void response.setHeader('content-encoding', 'gzip').end(bomb),
      { bounds: { responseBytesMax: 100_000 } },
    );
    expect(bomb.length).toBeLessThan(100_000);
    const response = await door(request(url));
    expect(header(response, 'x-egress-failed')).toBe('too_large');
  });

  it.each([
    ['an unknown encoding', 'zstd-x', 'abc'],
    ['broken gzip', 'gzip', 'this is not gzip'],
  ])('fails on %s', async (_title, encoding, body) => {
    const { url, door } = await serve(
      (_request, response) => void response.setHeader('content-encoding', encoding).end(body),
    );
    expect(header(await door(request(url)), 'x-egress-failed')).toBe('connection_failed');
  });

  it('ends at the deadline when the host never answers or never ends', async () => {
    const silent = await serve(() => undefined, { bounds: { timeoutMs: 100 } });
    const endless = await serve((_request, response) => void response.write('x'), {
      bounds: { timeoutMs: 100 },
    });
    for (const { url, door } of [silent, endless]) {
      const response = await door(request(url));
      expect(response.status).toBe(504);
      expect(header(response, 'x-egress-failed')).toBe('timed_out');
    }
  });

  it('fails when the connection breaks off in the middle of a body', async () => {
    const { url, door } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(header(await door(request(url)), 'x-egress-failed')).toBe('connection_failed');
  });

  it('does not hold an upgraded connection open', async () => {
    const { url, door } = await serve((_request, response) => {
      response.writeHead(101, { connection: 'upgrade', upgrade: 'x' }).end();
    });
    expect((await door(request(url))).status).toBeGreaterThanOrEqual(400);
  });

  it('answers HEAD and 204 without a body', async () => {
    const { url, door } = await serve((_request, response) => void response.writeHead(204).end());
    expect((await door(request(url))).body).toBeNull();
    expect((await door(request(url, { method: 'HEAD' }))).body).toBeNull();
  });
});
