/** Listing keys: all of the account, nobody else's, and never a key itself. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { keyIdIn, makeKey, setTimes } from './keys-under-test.ts';

const idsOf = (body: { readonly items: readonly { readonly id: string }[] }) =>
  body.items.map(({ id }) => id);

describe('200', () => {
  it('lists the newest first, with what a key may do and without the key', async () => {
    const tenant = await openTenant();
    const made = [await makeKey(tenant), await makeKey(tenant, { scopes: ['audit:read'] })];
    const { body, text } = await tenant.call('GET /keys');
    expect(idsOf(body)).toEqual([made[1]?.id, made[0]?.id, keyIdIn(tenant.key)]);
    expect(body.items[0]).toMatchObject({ scopes: ['audit:read'], status: 'active' });
    expect(text).not.toMatch(/nsl_|"hash"|"key"/);
    for (const { key } of made) expect(text).not.toContain(key.split('_')[3]);
  });

  it("holds no key of another tenant, and another's cursor leads to none", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    for (let index = 0; index < 3; index += 1) await makeKey(tenant);
    const { nextCursor } = (await tenant.call('GET /keys?limit=1')).body;
    await makeKey(stranger);
    const all = (await stranger.call('GET /keys')).body;
    expect(all.items).toHaveLength(2);
    const led = (await stranger.call(`GET /keys?cursor=${nextCursor}`)).body;
    for (const id of idsOf(led)) expect(idsOf(all)).toContain(id);
  });

  it('tells keys that work now from those that do not', async () => {
    const tenant = await openTenant();
    const admin = keyIdIn(tenant.key);
    const [revoked, expired, rotated] = [
      await makeKey(tenant),
      await makeKey(tenant),
      await makeKey(tenant),
    ];
    await tenant.call(`DELETE /keys/${revoked.id}`);
    await setTimes(expired.id, { expiresAt: Date.now() });
    const successor = await tenant.call(`POST /keys/${rotated.id}/rotate`, {
      body: { overlapSeconds: 60 },
    });
    const usable = (await tenant.call('GET /keys?status=usable')).body;
    const ended = (await tenant.call('GET /keys?status=ended')).body;
    expect(new Set(idsOf(usable))).toEqual(new Set([admin, rotated.id, successor.body.id]));
    expect(new Set(idsOf(ended))).toEqual(new Set([revoked.id, expired.id]));
    const statuses = new Map(
      [...usable.items, ...ended.items].map(({ id, status }) => [id, status]),
    );
    expect(statuses.get(revoked.id)).toBe('revoked');
    expect(statuses.get(expired.id)).toBe('expired');
    expect(statuses.get(rotated.id)).toBe('expiring');
  });

  it('neither skips nor repeats a key when others are made and revoked between two pages', async () => {
    const tenant = await openTenant();
    const made = [keyIdIn(tenant.key)];
    for (let index = 0; index < 6; index += 1) made.unshift((await makeKey(tenant)).id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await tenant.call(`GET /keys?limit=2${query}`);
      seen.push(...idsOf(body));
      cursor = body.nextCursor;
      await tenant.call(`DELETE /keys/${(await makeKey(tenant)).id}`);
    }
    expect(seen).toEqual(made);
  });
});
