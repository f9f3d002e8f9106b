/** Reading one key: its facts, when it was last used, and no word of the key itself or of another's. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { recordUse } from '../../../worker/services/keys/index.ts';
import { call, openTenant } from '../../support/harness.ts';
import { keyIdIn, makeKey } from './keys-under-test.ts';

describe('200', () => {
  it('answers what was made, with an ETag and without the key', async () => {
    const tenant = await openTenant();
    const { key, ...made } = await makeKey(tenant, { scopes: ['events:read'] });
    const read = await tenant.call(`GET /keys/${made.id}`);
    expect(read.body).toEqual(made);
    expect(read.headers.get('etag')).toBe('"r1"');
    expect(read.text).not.toContain(key.split('_')[3]);
  });

  it('tells when the key was last used, and nothing before it was', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    const lastUse = async () => (await tenant.call(`GET /keys/${made.id}`)).body.lastUsedAt;
    expect(await lastUse()).toBeNull();
    await tenant.call('GET /keys', { token: made.key });
    await expect.poll(lastUse).not.toBeNull();
    expect(Math.abs(Date.parse(await lastUse()) - Date.now())).toBeLessThan(60_000);
  });

  it('writes use at most once a minute, however many isolates see it', async () => {
    const tenant = await openTenant();
    const { id } = await makeKey(tenant);
    const lastUse = async () => (await tenant.call(`GET /keys/${id}`)).body.lastUsedAt;
    const start = 1_900_000_000_000;
    await recordUse(env, id, start);
    await recordUse(env, id, start + 59_999);
    expect(Date.parse(await lastUse())).toBe(start);
    await recordUse(env, id, start + 60_000);
    expect(Date.parse(await lastUse())).toBe(start + 60_000);
  });

  it('does not count a refused attempt as use', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    forgetCredentials();
    expect((await tenant.call('GET /keys', { token: made.key })).status).toBe(401);
    expect((await tenant.call(`GET /keys/${made.id}`)).body.lastUsedAt).toBeNull();
  });
});

describe('404', () => {
  it("does not tell another tenant's key from one that is not there", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const absent = 'key_01k4j8x1e0e4r9v2m3n5p6q7rs';
    const answers = [
      await stranger.call(`GET /keys/${keyIdIn(tenant.key)}`),
      await stranger.call(`GET /keys/${absent}`),
      await call(`GET /accounts/${tenant.accountId}/keys/${absent}`, { token: stranger.key }),
      await call(`GET /accounts/${stranger.accountId}/keys/${keyIdIn(tenant.key)}`),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect({ ...body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
    }
  });
});
