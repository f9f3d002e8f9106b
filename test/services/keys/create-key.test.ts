/** Making keys: shown once, never wider and never longer-lived than what makes them, counted exactly. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { ROLES, SCOPES } from '../../../worker/core/access.ts';
import { parseApiKey } from '../../../worker/core/crypto/api-key.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { testOperator } from '../../support/bindings.ts';
import { call, openAccount, openTenant } from '../../support/harness.ts';
import { createSigningPair } from '../../support/request-signer.ts';
import { dumpCatalogue } from '../secrets/vault-under-test.ts';
import { auditOf, keyIdIn, makeKey, setQuota, setTimes, works } from './keys-under-test.ts';

const DAY = 86_400;

describe('201', () => {
  it('answers a key of the documented form that works at once', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant, { scopes: ['keys:read'] });
    expect(parseApiKey(made.key)).toEqual({ keyId: made.id, environment: 'dev' });
    expect(await works(made.key)).toBe(true);
    expect((await tenant.call('GET /keys', { token: made.key })).status).toBe(200);
  });

  it('shows the key this once: no later answer, audit line or stored row holds it', async () => {
    const tenant = await openTenant();
    const { id, key } = await makeKey(tenant);
    const secret = key.split('_')[3] ?? '';
    expect(secret).toHaveLength(43);
    const answers = [
      await tenant.call(`GET /keys/${id}`),
      await tenant.call('GET /keys'),
      await tenant.call('GET /audit'),
      await tenant.call('GET /events'),
    ];
    for (const { text } of [...answers, { text: await dumpCatalogue() }])
      expect(text).not.toContain(secret);
  });

  it('keeps the key out of the stored answer of an idempotent request too', async () => {
    const tenant = await openTenant();
    const options = { body: { name: 'once', role: 'viewer' }, headers: { 'idempotency-key': 'k' } };
    const made = await tenant.call('POST /keys', options);
    expect((await tenant.call('POST /keys', options)).body.key).toBe(made.body.key);
    expect(await dumpCatalogue()).not.toContain(made.body.key.split('_')[3]);
  });

  it('draws a fresh secret each time', async () => {
    const tenant = await openTenant();
    const made = await Promise.all(Array.from({ length: 10 }, () => makeKey(tenant)));
    expect(new Set(made.map(({ key }) => key.split('_')[3])).size).toBe(10);
  });

  it.each(Object.entries(ROLES))(
    'makes the role %s its exact set of scopes',
    async (role, scopes) => {
      const made = await makeKey(await openTenant(), { role });
      expect(made.scopes).toEqual([...scopes].sort());
    },
  );

  it('keeps each scope once, in whatever order and number they are given', async () => {
    const scopes = ['keys:read', 'account:read', 'keys:read'];
    expect((await makeKey(await openTenant(), { scopes })).scopes).toEqual([
      'account:read',
      'keys:read',
    ]);
  });

  it('keeps the key that its requests are signed with, for its life and on record', async () => {
    const tenant = await openTenant();
    const { publicKey } = createSigningPair();
    const made = await makeKey(tenant, { role: 'viewer', signingPublicKey: publicKey });
    expect(made).toMatchObject({ signingPublicKey: publicKey });
    expect((await tenant.call(`GET /keys/${made.id}`)).body.signingPublicKey).toBe(publicKey);
    expect(await auditOf(tenant, 'keys.createKey')).toContainEqual(
      expect.objectContaining({
        details: expect.objectContaining({ signingPublicKey: publicKey }) as unknown,
      }),
    );
    const { body } = await call('GET /system/status', { token: made.key });
    expect(body.caller.signingPublicKey).toBe(publicKey);
    expect((await makeKey(tenant)).signingPublicKey).toBeNull();
  });

  it('marks the key with the deployment it is for', async () => {
    const accountId = await openAccount();
    for (const [ENVIRONMENT, mark] of [
      ['staging', 'nsl_stg_'],
      ['production', 'nsl_prd_'],
    ] as const) {
      const made = await callAltered({ ENVIRONMENT }, `POST /accounts/${accountId}/keys`, {
        body: { name: 'x', role: 'viewer' },
      });
      expect(made.body.key.startsWith(mark)).toBe(true);
    }
  });

  it('ends when asked to, and the answer says when', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant, { role: 'viewer', expiresInSeconds: 60 });
    const lifetime = Date.parse(made.expiresAt ?? '') - Date.now();
    expect(lifetime).toBeGreaterThan(0);
    expect(lifetime).toBeLessThanOrEqual(60_000);
    await setTimes(made.id, { expiresAt: Date.now() });
    expect(await works(made.key)).toBe(false);
  });

  it('gives a key without an expiry of its own that of the key that makes it', async () => {
    const tenant = await openTenant();
    const maker = await makeKey(tenant, { role: 'admin', expiresInSeconds: DAY });
    const made = await makeKey(tenant, { role: 'viewer' }, maker.key);
    expect(made.expiresAt).toBe(maker.expiresAt);
  });

  it('records who made it, with its scopes and without the key', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant, { scopes: ['keys:read'] });
    const [byOperator, byKey] = await auditOf(tenant, 'keys.createKey');
    expect(byOperator?.actor).toEqual({ kind: 'operator', id: testOperator.name });
    expect(byKey).toMatchObject({
      outcome: 'ok',
      actor: { kind: 'apiKey', id: keyIdIn(tenant.key) },
      target: { kind: 'apiKey', id: made.id },
      details: { name: 'made', scopes: ['keys:read'] },
    });
    const { body } = await tenant.call(`GET /keys/${made.id}`);
    expect(body.createdBy).toBe(keyIdIn(tenant.key));
  });

  it('lets operators make keys for a suspended account, which stay refused until it is resumed', async () => {
    const tenant = await openTenant();
    const path = `/accounts/${tenant.accountId}`;
    await call(`POST ${path}/suspend`, { body: { reason: 'unpaid' } });
    const made = await makeKey(tenant, { role: 'viewer' }, testOperator.token);
    expect(await works(made.key)).toBe(false);
    await call(`POST ${path}/resume`, { body: { reason: 'paid' } });
    expect(await works(made.key)).toBe(true);
  });
});

describe('400', () => {
  it.each([
    ['both scopes and a role', { scopes: ['keys:read'], role: 'viewer' }],
    ['neither', {}],
    ['no scope at all', { scopes: [] }],
    ['a scope there is not', { scopes: ['keys:admin'] }],
    ['a wildcard', { scopes: ['*'] }],
    ['a role there is not', { role: 'owner' }],
    ['a role of the prototype', { role: 'constructor' }],
    ['a key for signatures that is none', { role: 'viewer', signingPublicKey: 'A'.repeat(43) }],
    ['a key for signatures that is short', { role: 'viewer', signingPublicKey: 'AAAA' }],
    ['a lifetime under a minute', { role: 'viewer', expiresInSeconds: 59 }],
    ['a lifetime of more than ten years', { role: 'viewer', expiresInSeconds: 3650 * DAY + 1 }],
    ['a lifetime that ended', { role: 'viewer', expiresInSeconds: -1 }],
    ['a lifetime that is no number', { role: 'viewer', expiresInSeconds: null }],
    ['its own id', { role: 'viewer', id: 'key_01k4j8x1e0e4r9v2m3n5p6q7rs' }],
    ['a name that forges lines of a log', { role: 'viewer', name: 'a\nb' }],
    ['a name of 129 characters', { role: 'viewer', name: 'x'.repeat(129) }],
  ])('refuses a key with %s, and makes none', async (_, grant) => {
    const tenant = await openTenant();
    const refused = await tenant.call('POST /keys', { body: { name: 'x', ...grant } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    const kept = await env.DB.prepare('SELECT count(*) AS keys FROM api_keys').first();
    expect(kept).toEqual({ keys: 1 });
  });
});

describe('403', () => {
  const narrow = { scopes: ['keys:write', 'keys:read'] };

  it.each(SCOPES.filter((scope) => !narrow.scopes.includes(scope)))(
    'gives no scope that the maker has not: %s',
    async (scope) => {
      const tenant = await openTenant();
      const maker = await makeKey(tenant, narrow);
      const refused = await tenant.call('POST /keys', {
        token: maker.key,
        body: { name: 'wider', scopes: ['keys:read', scope] },
      });
      expect(refused).toMatchObject({ status: 403, body: { code: 'keys.wider_than_creator' } });
      expect(refused.body.detail).toContain(scope);
      expect(refused.text).not.toContain('nsl_');
    },
  );

  it('gives no role that is wider than the maker', async () => {
    const tenant = await openTenant();
    const maker = await makeKey(tenant, narrow);
    for (const role of Object.keys(ROLES)) {
      const body = { name: 'wider', role };
      const refused = await tenant.call('POST /keys', { token: maker.key, body });
      expect(refused.body.code, role).toBe('keys.wider_than_creator');
    }
  });

  it('gives no lifetime beyond that of the maker, not by a second', async () => {
    const tenant = await openTenant();
    const maker = await makeKey(tenant, { role: 'admin', expiresInSeconds: 3600 });
    const ask = (expiresInSeconds: number) =>
      tenant.call('POST /keys', {
        token: maker.key,
        body: { name: 'longer', role: 'viewer', expiresInSeconds },
      });
    expect((await ask(3601)).body.code).toBe('keys.wider_than_creator');
    expect((await ask(3500)).status).toBe(201);
  });

  it('lets no key outlive one that is being rotated away: it ends with its overlap', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant, { role: 'admin' });
    const body = { overlapSeconds: 3600 };
    await tenant.call(`POST /keys/${old.id}/rotate`, { body });
    const { revokedAt } = (await tenant.call(`GET /keys/${old.id}`)).body;
    expect(await works(old.key)).toBe(true);
    const longer = { name: 'immortal', role: 'admin', expiresInSeconds: DAY };
    const refused = await tenant.call('POST /keys', { token: old.key, body: longer });
    expect(refused.body.code).toBe('keys.wider_than_creator');
    const inherited = await makeKey(tenant, { role: 'admin' }, old.key);
    expect(inherited.expiresAt, 'no expiry asked for is that of the maker').toBe(revokedAt);
  });

  it.each([
    ['revoked', (id: string) => `DELETE /keys/${id}`, undefined],
    ['rotated away', (id: string) => `POST /keys/${id}/rotate`, { overlapSeconds: 60 }],
  ])(
    'lets a stolen key that was %s make no successor while an isolate still remembers it',
    async (_, request, body) => {
      const tenant = await openTenant();
      const stolen = await makeKey(tenant, { role: 'admin' });
      const read = await tenant.call('GET /keys', { token: stolen.key });
      expect(read.status, 'it is remembered now').toBe(200);
      await tenant.call(request(stolen.id), body === undefined ? {} : { body });
      const refused = await tenant.call('POST /keys', {
        token: stolen.key,
        body: { name: 'foothold', role: 'admin' },
      });
      expect(refused.body.code).toBe('keys.wider_than_creator');
      const others = (await tenant.call('GET /keys')).body.items;
      expect(others.map(({ name }: { name: string }) => name)).not.toContain('foothold');
    },
  );

  it('needs the scope keys:write', async () => {
    const tenant = await openTenant();
    const { key } = await makeKey(tenant, { role: 'developer' });
    const body = { name: 'x', scopes: ['keys:read'] };
    const refused = await tenant.call('POST /keys', { token: key, body });
    expect(refused.body.code).toBe('request.forbidden');
  });

  it('counts keys that work against the quota: ended ones make room', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, 2);
    const second = await makeKey(tenant);
    const body = { name: 'third', role: 'viewer' };
    const refused = await tenant.call('POST /keys', { body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'quota.exceeded', limit: 2 } });
    await tenant.call(`DELETE /keys/${second.id}`);
    expect((await tenant.call('POST /keys', { body })).status).toBe(201);
    const [{ id }] = (await tenant.call('GET /keys?status=usable')).body.items;
    await setTimes(id, { expiresAt: Date.now() });
    expect((await tenant.call('POST /keys', { body })).status).toBe(201);
  });

  it('makes exactly as many keys as the quota allows when many are asked for at once', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, 5);
    const body = { name: 'race', role: 'viewer' };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => tenant.call('POST /keys', { body })),
    );
    const codes = answers.map((answer) => answer.body.code ?? 'made');
    expect(codes.filter((code) => code === 'made')).toHaveLength(4);
    expect(codes.filter((code) => code === 'quota.exceeded')).toHaveLength(8);
  });
});

describe('404', () => {
  it("makes no key in another tenant's account, nor in one that is not there or was deleted", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const body = { name: 'foothold', role: 'viewer' };
    const foreign = await stranger.call('GET /keys');
    expect(foreign.status).toBe(200);
    const refused = await call(`POST /accounts/${tenant.accountId}/keys`, {
      token: stranger.key,
      body,
    });
    expect(refused).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
    await stranger.call('DELETE ');
    const gone = await call(`POST /accounts/${stranger.accountId}/keys`, { body });
    expect(gone, 'by an operator').toMatchObject({ status: 404 });
  });
});
