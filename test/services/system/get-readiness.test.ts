/** `/readyz`: says whether the platform can serve, and only operators learn which part cannot, never with a value. */
import { describe, expect, it } from 'vitest';
import {
  type Alterations,
  bridgeWith,
  callAltered,
  UNREACHABLE,
} from '../../support/altered-platform.ts';
import { testOperator } from '../../support/bindings.ts';
import { call, openTenant } from '../../support/harness.ts';

const FAILING: readonly [string, Alterations][] = [
  ['catalogue', { DB: UNREACHABLE }],
  ['objects', { ACCOUNT_SCHEDULER: UNREACHABLE }],
  ['bridge', { BRIDGE: UNREACHABLE }],
];

describe('200', () => {
  it('answers strangers that every part is ready, and nothing else', async () => {
    expect((await call('GET /readyz', { token: null })).body).toEqual({ status: 'ready' });
  });

  it('is asked for real each time: a part that comes back is ready at once', async () => {
    const broken = await callAltered({ BRIDGE: UNREACHABLE }, 'GET /readyz');
    expect(broken.status).toBe(503);
    expect((await call('GET /readyz')).status).toBe(200);
  });
});

describe('503', () => {
  it.each(FAILING)('names the failed %s to operators', async (part, alterations) => {
    const called = await callAltered(alterations, 'GET /readyz');
    expect(called).toMatchObject({
      status: 503,
      body: { code: 'service.not_ready', fields: [{ pointer: part }] },
    });
    expect(called.body.fields).toHaveLength(1);
  });

  it.each(FAILING)('says nothing of the failed %s to strangers', async (part, alterations) => {
    const called = await callAltered(alterations, 'GET /readyz', { token: null });
    expect(called).toMatchObject({ status: 503, body: { code: 'service.not_ready' } });
    expect(called.body.fields).toBeUndefined();
    expect(called.text).not.toContain(part);
    expect(called.text).not.toContain('canary-9d1e');
  });

  it('says nothing of the failed part to a tenant or to a wrong token', async () => {
    const tenant = await openTenant();
    for (const token of [tenant.key, 'x'.repeat(40)]) {
      const called = await callAltered({ BRIDGE: UNREACHABLE }, 'GET /readyz', { token });
      expect(called.status).toBe(503);
      expect(called.body.fields).toBeUndefined();
    }
  });

  it.each([
    ['missing', { SIGNING_KEY: undefined }, 'SIGNING_KEY: missing'],
    ['malformed', { SECRET_ENCRYPTION_KEY: 'hex:12' }, 'SECRET_ENCRYPTION_KEY: malformed'],
    [
      'a development value in production',
      { ENVIRONMENT: 'production', SIGNING_KEY: `dev:hex:${'17'.repeat(32)}` },
      'SIGNING_KEY: a development value',
    ],
  ])('names the key of the bridge that is %s, without its value', async (_, settings, problem) => {
    const called = await callAltered({ BRIDGE: bridgeWith(settings) }, 'GET /readyz');
    expect(called.status).toBe(503);
    expect(called.body.fields[0].detail).toContain(problem);
    expect(called.text).not.toContain('17'.repeat(8));
    expect(called.text).not.toContain('hex:12');
  });

  it('refuses a development token in production, while /healthz answers', async () => {
    const production = {
      ENVIRONMENT: 'production',
      API_TOKENS: `ops:dev_${'t'.repeat(40)}`,
    };
    const token = `dev_${'t'.repeat(40)}`;
    const called = await callAltered(production, 'GET /readyz', { token });
    expect(called).toMatchObject({ status: 503, body: { code: 'service.not_ready' } });
    expect(called.body.fields, 'the laptop token is no operator here').toBeUndefined();
    expect((await callAltered(production, 'GET /healthz', { token: null })).status).toBe(200);
  });

  it.each([
    ['LOG_LEVEL', 'canary-loud'],
    ['ENVIRONMENT', 'canary-env'],
    ['KEY_REQUESTS_PER_SECOND', 'canary-many'],
    ['TRUST_CONNECTING_ADDRESS', 'canary-maybe'],
    ['EGRESS_ALLOW', '127.0.0.1:9150 https://canary.example.com/path'],
    ['EGRESS_ALLOW', 'canary-without-a-port'],
    ['OWN_HOSTS', 'api.example.com,*.canary.example.com'],
    ['OWN_HOSTS', 'ftp://canary.example.com'],
    ['OWN_HOSTS', 'canary:token@api.example.com'],
  ])('names the malformed setting %s to operators, without its value', async (name, value) => {
    const called = await callAltered({ [name]: value }, 'GET /readyz');
    expect(called.status).toBe(503);
    expect(called.body.fields).toMatchObject([{ pointer: 'settings' }]);
    expect(called.body.fields[0].detail).toContain(name);
    expect(called.text).not.toContain('canary');
  });

  it('tells nobody which setting is malformed when it is the operators that are', async () => {
    const bad = { API_TOKENS: `${testOperator.name}:${testOperator.token},x:canary-short` };
    const called = await callAltered(bad, 'GET /readyz');
    expect(called).toMatchObject({ status: 503, body: { code: 'service.not_ready' } });
    expect(called.body.fields).toBeUndefined();
    expect(called.text).not.toContain('canary');
  });

  it.each(['GET /accounts', 'GET /system/version', 'GET /metrics'])(
    'leaves %s unanswered while a setting is malformed, and says nothing of it',
    async (request) => {
      const called = await callAltered({ LOG_LEVEL: 'canary-loud' }, request);
      expect(called).toMatchObject({ status: 503, body: { code: 'service.misconfigured' } });
      expect(called.text).not.toContain('LOG_LEVEL');
      expect(called.text).not.toContain('canary');
    },
  );
});
