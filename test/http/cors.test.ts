/**
 * CORS by configuration (Fetch standard, section 3.2): an origin that is not listed reads nothing.
 */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../support/altered-platform.ts';

const LISTED = 'https://app.example.com';
const OTHER = 'https://evil.example.com';

const ask = (CORS_ORIGINS: string, origin: string | undefined, request = 'GET /healthz') =>
  callAltered({ CORS_ORIGINS }, request, {
    token: null,
    headers: origin === undefined ? {} : { origin },
  });

describe('an origin', () => {
  it('that is listed may read every answer, refusals and unknown paths too', async () => {
    for (const request of ['GET /healthz', 'GET /accounts', 'GET /nowhere', 'PATCH /healthz']) {
      const { headers } = await ask(`https://a.example.com, ${LISTED}`, LISTED, request);
      expect(headers.get('access-control-allow-origin'), request).toBe(LISTED);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    }
  });

  it('that is not listed may read none, however much it looks like one that is', async () => {
    for (const origin of [
      OTHER,
      'null',
      `${LISTED}.evil.com`,
      LISTED.replace('https', 'http'),
      `${LISTED}:444`,
      LISTED.toUpperCase(),
    ]) {
      const { headers } = await ask(LISTED, origin);
      expect(headers.get('access-control-allow-origin'), origin).toBeNull();
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('is never allowed to send the credentials of a browser', async () => {
    for (const list of ['*', LISTED])
      expect((await ask(list, LISTED)).headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('is any with `*`, and none while nothing is configured', async () => {
    expect((await ask('*', OTHER)).headers.get('access-control-allow-origin')).toBe('*');
    const none = await ask('', LISTED);
    expect(none.headers.get('access-control-allow-origin')).toBeNull();
    expect(none.headers.get('vary')).toBeNull();
  });

  it('is not asked of callers that are no browsers', async () => {
    const { status, headers } = await ask(LISTED, undefined);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('a preflight', () => {
  it('tells the methods and headers of the path, without a credential', async () => {
    const { status, headers, text } = await ask(LISTED, LISTED, 'OPTIONS /accounts');
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS, POST');
    const allowed = headers.get('access-control-allow-headers')?.split(', ');
    for (const name of ['Authorization', 'Idempotency-Key', 'If-Match', 'Traceparent'])
      expect(allowed).toContain(name);
    for (const name of ['Content-Digest', 'Signature', 'Signature-Input'])
      expect(allowed).toContain(name);
  });

  it('of an origin that is not listed allows it nothing', async () => {
    const { headers } = await ask(LISTED, OTHER, 'OPTIONS /accounts');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
