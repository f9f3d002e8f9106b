/**
 * Signed calls. Rows of sdk/README.md, over a real socket: what arrives is verified as the platform
 * verifies it, with the bytes that arrived.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions, ClientOptions } from '../../sdk/src/call-options.ts';
import type { Place } from '../../sdk/src/request.ts';
import { createTransport } from '../../sdk/src/transport.ts';
import {
  coveredLines,
  formatSignatureBase,
} from '../../worker/core/request-signature/covered-components.ts';
import { verifyEd25519 } from '../../worker/core/request-signature/signing-key.ts';
import { parseSignatureFields } from '../../worker/http/signature-fields.ts';
import {
  type Asked,
  json,
  problem,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-server.ts';
import { keyed, read, signed, signedRemoval } from './places.ts';

const SUFFIX = '01k4j8x1e0e4r9v2m3n5p6q7rs';
const API_KEY = `nsl_dev_${SUFFIX}_${'x'.repeat(43)}_00000000`;
const claims = Buffer.from(JSON.stringify({ sid: `ses_${SUFFIX}` })).toString('base64url');
const ACCESS_TOKEN = `eyJh.${claims}.c2ln`;

/** RFC 8032 section 7.1, test 1. */
const JWK = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
};

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.stop());

interface More {
  readonly client?: Partial<ClientOptions>;
  readonly call?: CallOptions;
  readonly input?: Readonly<Record<string, unknown>>;
}

async function send(place: Place, { client, call, input = {} }: More = {}) {
  server.answer(json(200, {}));
  const options = { baseUrl: server.baseUrl, token: API_KEY, signingKey: JWK, ...client };
  await createTransport(options)(place, input, call);
  return asked(0);
}

function asked(at: number): Asked {
  const one = server.asked[at];
  if (one === undefined) throw new Error('nothing was asked');
  return one;
}

/** What the platform makes of it; null where it would refuse. */
function verified({ method, url, headers, body }: Asked, baseUrl = server.baseUrl) {
  const given = Object.entries(headers).filter(
    (each): each is [string, string] => typeof each[1] === 'string',
  );
  const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  if (headers['content-digest'] !== contentDigest) return null;
  const key = headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : null;
  const targetUri = `${baseUrl}${url}`;
  const lines = coveredLines({ method, targetUri, contentDigest, idempotencyKey });
  const fields = parseSignatureFields(
    new Headers(given),
    lines.map(([component]) => component),
  );
  if (!fields.ok) return null;
  const { signature, signatureParams, ...rest } = fields.value;
  const message = new TextEncoder().encode(formatSignatureBase(lines, signatureParams));
  return verifyEd25519({ signingKey: JWK.x, message, signature }) ? rest : null;
}

describe('a signed call', () => {
  it('verifies with what arrives: body, query, key of repetition', async () => {
    const one = await send(signed, { input: { amount: 1, note: 'é\u2028' } });
    expect(one.body).toBe('{"amount":1,"note":"é\u2028"}');
    const now = Math.floor(Date.now() / 1000);
    const fields = verified(one);
    expect(fields).toMatchObject({ keyId: `key_${SUFFIX}`, expires: null });
    expect(Math.abs((fields?.created ?? 0) - now)).toBeLessThan(5);
    const none = await send(signedRemoval, { input: { name: 'a b/é', limit: 2 } });
    expect(none.url).toBe('/things/a%20b%2F%C3%A9?limit=2');
    expect(verified(none)).not.toBeNull();
  });

  it('is told apart by every part that is covered', async () => {
    const one = await send(signed, { input: { amount: 1 } });
    expect(verified({ ...one, method: 'PUT' })).toBeNull();
    expect(verified({ ...one, url: '/things/pay?x' })).toBeNull();
    expect(verified({ ...one, body: '{"amount":2}' })).toBeNull();
    expect(verified({ ...one, headers: { ...one.headers, 'idempotency-key': 'x' } })).toBeNull();
  });

  it('is signed anew with each attempt, with a nonce of its own', async () => {
    server.answer(problem(503, 'upstream.unavailable'), json(200, {}));
    const options = { baseUrl: server.baseUrl, token: API_KEY, signingKey: JWK };
    await createTransport({ ...options, sleep: async () => undefined })(signed, {});
    expect(server.asked).toHaveLength(2);
    const [first, second] = [verified(asked(0)), verified(asked(1))];
    expect([first, second]).not.toContain(null);
    expect(first?.nonce).not.toBe(second?.nonce);
    expect(asked(0).headers['idempotency-key']).toBe(asked(1).headers['idempotency-key']);
  });

  it('names the session whose access token it carries', async () => {
    const one = await send(signed, { client: { token: ACCESS_TOKEN } });
    expect(verified(one)).toMatchObject({ keyId: `ses_${SUFFIX}` });
  });

  it('is signed by a key that nobody can export', async () => {
    const algorithm = { name: 'Ed25519' };
    const own = await crypto.subtle.importKey('jwk', JWK, algorithm, false, ['sign']);
    const publicKey = await crypto.subtle.importKey(
      'jwk',
      { kty: JWK.kty, crv: JWK.crv, x: JWK.x },
      algorithm,
      true,
      ['verify'],
    );
    const signingKey = { privateKey: own, publicKey };
    expect(verified(await send(signed, { client: { signingKey } }))).not.toBeNull();
  });

  it('covers the address that the platform sees, where a proxy changes it', async () => {
    const signedBaseUrl = 'http://inside.test:8787/api/';
    const one = await send(signed, { client: { signedBaseUrl } });
    expect(one.url).toBe('/things/pay');
    expect(verified(one, 'http://inside.test:8787/api')).not.toBeNull();
    expect(verified(one)).toBeNull();
  });
});

describe('no signature', () => {
  it('is made for calls for which none can be required, nor without a key', async () => {
    for (const place of [read, keyed]) {
      const { headers } = await send(place, { input: place === read ? { name: 'x' } : {} });
      expect(headers.signature).toBeUndefined();
      expect(headers['content-digest']).toBeUndefined();
    }
    const plain = await send(signed, { client: { signingKey: undefined } });
    expect(plain.headers.signature).toBeUndefined();
  });
});

describe('a client is not made', () => {
  const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'hunter2' };
  it.each<[string, Partial<ClientOptions>]>([
    ['with a public key', { signingKey: { ...JWK, d: undefined } as unknown as JsonWebKey }],
    ['with a key of another kind', { signingKey: rsa }],
    ['with a key of another curve', { signingKey: { ...JWK, crv: 'X25519', d: 'hunter2' } }],
    ['without a credential to sign for', { signingKey: JWK, token: undefined }],
    ['for an operator, who signs nothing', { signingKey: JWK, token: 'o'.repeat(40) }],
    ['for a token of somebody else', { signingKey: JWK, token: 'eyJh.e30.c2ln' }],
    ['for a token that is none', { signingKey: JWK, token: 'a.!.b' }],
    ['with an address to sign that is none', { signingKey: JWK, signedBaseUrl: 'inside' }],
  ])('%s, and the refusal holds no secret', (_, options) => {
    const refused = expect.objectContaining({
      code: 'client.input_invalid',
      message: expect.not.stringMatching(/hunter2|nWGxne/) as string,
    }) as Error;
    expect(() => createTransport({ baseUrl: server.baseUrl, token: API_KEY, ...options })).toThrow(
      refused,
    );
  });
});

describe('nothing is sent', () => {
  it('when the key turns out to be none, and the refusal holds nothing of it', async () => {
    const signingKey = { ...JWK, d: `${JWK.d.slice(1)}!` };
    await expect(send(signed, { client: { signingKey } })).rejects.toMatchObject({
      code: 'client.input_invalid',
      message: expect.not.stringContaining(JWK.d.slice(1)) as string,
    });
    expect(server.asked).toHaveLength(0);
  });
});
