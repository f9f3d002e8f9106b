/** Rotation: a successor that is exactly as strong, an overlap that ends, and no way to grow stronger by it. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { createSigningPair } from '../../support/request-signer.ts';
import { dumpCatalogue } from '../secrets/vault-under-test.ts';
import { auditOf, keyIdIn, makeKey, setQuota, setTimes, works } from './keys-under-test.ts';

const HOUR = 3600;

describe('201', () => {
  it('makes a successor of the same name, scopes and expiry, with another secret', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant, { scopes: ['audit:read'], expiresInSeconds: HOUR });
    const { body } = await tenant.call(`POST /keys/${old.id}/rotate`, { body: {} });
    expect(body).toMatchObject({
      name: 'made',
      scopes: old.scopes,
      expiresAt: old.expiresAt,
      status: 'active',
    });
    expect(body.id).not.toBe(old.id);
    expect(body.key.split('_')[3]).not.toBe(old.key.split('_')[3]);
    expect(await works(body.key)).toBe(true);
    expect((await tenant.call(`GET /keys/${old.id}`)).body.rotatedTo).toBe(body.id);
  });

  it('keeps the key for signatures unless a fresh one is given', async () => {
    const tenant = await openTenant();
    const [first, second] = [createSigningPair().publicKey, createSigningPair().publicKey];
    const old = await makeKey(tenant, { role: 'viewer', signingPublicKey: first });
    const kept = await tenant.call(`POST /keys/${old.id}/rotate`, { body: {} });
    expect(kept.body.signingPublicKey).toBe(first);
    const path = `POST /keys/${kept.body.id}/rotate`;
    const fresh = await tenant.call(path, { body: { signingPublicKey: second } });
    expect(fresh.body.signingPublicKey).toBe(second);
    const plain = await makeKey(tenant);
    const named = { body: { signingPublicKey: first } };
    expect((await tenant.call(`POST /keys/${plain.id}/rotate`, named)).body.signingPublicKey).toBe(
      first,
    );
  });

  it('ends the old key at once without an overlap', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    await tenant.call(`POST /keys/${old.id}/rotate`, { body: {} });
    expect(await works(old.key)).toBe(false);
    expect((await tenant.call(`GET /keys/${old.id}`)).body.status).toBe('revoked');
  });

  it('lets both work for the overlap, then refuses the old one everywhere', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const body = { overlapSeconds: HOUR };
    const successor = (await tenant.call(`POST /keys/${old.id}/rotate`, { body })).body;
    const read = (await tenant.call(`GET /keys/${old.id}`)).body;
    expect(read.status).toBe('expiring');
    const left = Date.parse(read.revokedAt) - Date.now();
    expect(left).toBeGreaterThan((HOUR - 60) * 1000);
    expect(left).toBeLessThanOrEqual(HOUR * 1000);
    expect([await works(old.key), await works(successor.key)]).toEqual([true, true]);
    await setTimes(old.id, { revokedAt: Date.now() });
    expect([await works(old.key), await works(successor.key)]).toEqual([false, true]);
  });

  it('lets a key replace itself', async () => {
    const tenant = await openTenant();
    const self = await makeKey(tenant, { scopes: ['keys:write'] });
    const path = `POST /keys/${self.id}/rotate`;
    const made = await tenant.call(path, { token: self.key, body: {} });
    expect(made.status).toBe(201);
    expect([await works(self.key), await works(made.body.key)]).toEqual([false, true]);
  });

  it('needs no room in the quota without an overlap, since one key replaces another', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, 1);
    const made = await tenant.call(`POST /keys/${keyIdIn(tenant.key)}/rotate`, { body: {} });
    expect(made.status).toBe(201);
  });

  it('is on record with actor and predecessor, and shows the key once', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const { body } = await tenant.call(`POST /keys/${old.id}/rotate`, { body: {} });
    expect(await auditOf(tenant, 'keys.rotateKey')).toMatchObject([
      {
        actor: { kind: 'apiKey', id: keyIdIn(tenant.key) },
        target: { kind: 'apiKey', id: body.id },
        details: { replaces: old.id },
      },
    ]);
    const secret = body.key.split('_')[3];
    const texts = [
      (await tenant.call('GET /keys')).text,
      (await tenant.call('GET /audit')).text,
      await dumpCatalogue(),
    ];
    for (const text of texts) expect(text).not.toContain(secret);
  });
});

describe('400', () => {
  it.each([-1, 0.5, 720 * HOUR + 1, '60', null])('refuses an overlap of %j', async (overlap) => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const body = { overlapSeconds: overlap };
    const refused = await tenant.call(`POST /keys/${old.id}/rotate`, { body });
    expect(refused.body).toMatchObject({ fields: [{ pointer: '/overlapSeconds' }] });
    expect(await works(old.key)).toBe(true);
  });

  it('refuses a fresh key for signatures that is none', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const body = { signingPublicKey: 'A'.repeat(43) };
    const refused = await tenant.call(`POST /keys/${old.id}/rotate`, { body });
    expect(refused).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/signingPublicKey' }] },
    });
    expect(await works(old.key)).toBe(true);
  });
});

describe('403', () => {
  it('gives no key wider than the one that rotates: an admin key is out of reach', async () => {
    const tenant = await openTenant();
    const narrow = await makeKey(tenant, { scopes: ['keys:write', 'keys:read'] });
    const path = `POST /keys/${keyIdIn(tenant.key)}/rotate`;
    const refused = await tenant.call(path, { token: narrow.key, body: {} });
    expect(refused).toMatchObject({ status: 403, body: { code: 'keys.wider_than_creator' } });
    expect(await works(tenant.key), 'and the admin key still works').toBe(true);
  });

  it('gives no key that outlives the one that rotates', async () => {
    const tenant = await openTenant();
    const brief = await makeKey(tenant, { role: 'admin', expiresInSeconds: HOUR });
    const lasting = await makeKey(tenant);
    const path = `POST /keys/${lasting.id}/rotate`;
    const refused = await tenant.call(path, { token: brief.key, body: {} });
    expect(refused.body.code).toBe('keys.wider_than_creator');
  });

  it('lets a stolen key that was revoked rotate no other while an isolate still remembers it', async () => {
    const tenant = await openTenant();
    const stolen = await makeKey(tenant, { role: 'admin' });
    await tenant.call('GET /keys', { token: stolen.key });
    await tenant.call(`DELETE /keys/${stolen.id}`);
    const victim = await makeKey(tenant);
    const path = `POST /keys/${victim.id}/rotate`;
    const refused = await tenant.call(path, { token: stolen.key, body: {} });
    expect(refused.body.code).toBe('keys.wider_than_creator');
    expect(await works(victim.key)).toBe(true);
  });

  it('needs room for both keys while they overlap, and leaves the old one as it was', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, 1);
    const id = keyIdIn(tenant.key);
    const body = { overlapSeconds: 60 };
    const refused = await tenant.call(`POST /keys/${id}/rotate`, { body });
    expect(refused.body).toMatchObject({ code: 'quota.exceeded', limit: 1 });
    expect((await tenant.call(`GET /keys/${id}`)).body).toMatchObject({
      status: 'active',
      rotatedTo: null,
    });
  });
});

describe('404', () => {
  it("rotates no key of another tenant, through either's path", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const id = keyIdIn(tenant.key);
    const own = await stranger.call(`POST /keys/${id}/rotate`, { body: {} });
    const across = await call(`POST /accounts/${tenant.accountId}/keys/${id}/rotate`, {
      token: stranger.key,
      body: {},
    });
    expect([own.body.code, across.body.code]).toEqual(['request.not_found', 'request.not_found']);
    expect(await works(tenant.key)).toBe(true);
  });
});

describe('409', () => {
  it('refuses a key that was revoked, expired or rotated before', async () => {
    const tenant = await openTenant();
    const [revoked, expired, rotated] = [
      await makeKey(tenant),
      await makeKey(tenant),
      await makeKey(tenant),
    ];
    await tenant.call(`DELETE /keys/${revoked.id}`);
    await setTimes(expired.id, { expiresAt: Date.now() });
    await tenant.call(`POST /keys/${rotated.id}/rotate`, { body: { overlapSeconds: 60 } });
    for (const { id } of [revoked, expired, rotated])
      expect((await tenant.call(`POST /keys/${id}/rotate`, { body: {} })).body.code).toBe(
        'keys.ended',
      );
  });

  it('makes one successor when many ask at once', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const body = { overlapSeconds: 60 };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tenant.call(`POST /keys/${old.id}/rotate`, { body })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.code === 'keys.ended')).toHaveLength(7);
    expect((await tenant.call('GET /keys?status=usable')).body.items).toHaveLength(3);
  });
});
