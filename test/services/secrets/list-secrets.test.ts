/** Lists of secrets: whole, filtered, and page by page while others are made. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { CANARY, functionId, store } from './vault-under-test.ts';

const namesOf = (body: { items: { name: string }[] }): string[] =>
  body.items.map(({ name }) => name);

describe('200', () => {
  it('holds live secrets of this account alone, without values', async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await store(stranger, 'foreign');
    await store(tenant, 'gone');
    await store(tenant, 'token');
    await tenant.call('DELETE /secrets/gone');
    const list = await tenant.call('GET /secrets');
    expect(namesOf(list.body)).toEqual(['token']);
    expect(list.text).not.toContain(CANARY);
  });

  it('filters by a part of the name, in any case', async () => {
    const tenant = await openTenant();
    for (const name of ['webhookToken', 'timezone', 'TOKEN_2']) await store(tenant, name);
    const list = await tenant.call('GET /secrets?name=token');
    expect(namesOf(list.body).sort()).toEqual(['TOKEN_2', 'webhookToken']);
  });

  it('filters by the function that may read them', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    await store(tenant, 'granted', { grants: [functionId(), reader] });
    await store(tenant, 'other', { grants: [functionId()] });
    const list = await tenant.call(`GET /secrets?functionId=${reader}`);
    expect(namesOf(list.body)).toEqual(['granted']);
  });

  it('filters by when they reach their maximum age', async () => {
    const tenant = await openTenant();
    await store(tenant, 'soon', { maxAgeDays: 2 });
    await store(tenant, 'late', { maxAgeDays: 20 });
    await store(tenant, 'never');
    const time = new Date(Date.now() + 5 * 86_400_000).toISOString();
    expect(namesOf((await tenant.call(`GET /secrets?dueBefore=${time}`)).body)).toEqual(['soon']);
  });

  it('neither skips nor repeats a secret when others are made between two pages', async () => {
    const tenant = await openTenant();
    for (let index = 0; index < 5; index += 1) await store(tenant, `s${index}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await tenant.call(`GET /secrets?limit=2${query}`);
      seen.push(...namesOf(body));
      cursor = body.nextCursor;
      await store(tenant, `later${page}`);
    }
    expect(seen).toEqual(['s4', 's3', 's2', 's1', 's0']);
  });
});
