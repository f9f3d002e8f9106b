/** Lists of functions: whole, in order, and only one's own. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { create, created } from './functions-under-test.ts';

describe('200', () => {
  it('pages through all of them, newest first, and loses none to inserts on the way', async () => {
    const tenant = await openTenant();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await created(tenant)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await tenant.call(
        `GET /functions?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.items.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor;
      await create(tenant);
    } while (cursor !== null);
    expect(seen).toEqual(ids.toReversed());
  });

  it('finds one by its exact name', async () => {
    const tenant = await openTenant();
    await created(tenant, { name: 'alert' });
    await created(tenant, { name: 'alert-2' });
    const found = await tenant.call('GET /functions?name=alert');
    expect(found.body.items.map(({ name }: { name: string }) => name)).toEqual(['alert']);
    expect((await tenant.call('GET /functions?name=ALERT')).body.items).toEqual([]);
    expect((await tenant.call('GET /functions?name=%25')).body.items).toEqual([]);
  });

  it('shows neither deleted functions nor those of another tenant, nor any source', async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    await created(stranger);
    const gone = await created(tenant);
    await tenant.call(`DELETE /functions/${gone.id}`);
    const kept = await created(tenant, { source: '() => "a-word-of-the-source"' });
    const listed = await tenant.call('GET /functions');
    expect(listed.body.items).toEqual([kept]);
    expect(listed.text).not.toContain('a-word-of-the-source');
  });
});
