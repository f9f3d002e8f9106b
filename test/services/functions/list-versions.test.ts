/** Lists of versions: whole, in order, and of one function only. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, updated, versionsOf } from './functions-under-test.ts';

describe('200', () => {
  it('pages through all of them, newest first, without sources', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await created(tenant);
    for (let index = 2; index <= 5; index += 1)
      await updated(tenant, id, { source: `() => "a-word-of-the-source-${index}"` });
    const numbers: number[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await tenant.call(`GET /functions/${id}/versions?limit=2${more}`);
      expect(page.text).not.toContain('a-word-of-the-source');
      numbers.push(...page.body.items.map((one: { number: number }) => one.number));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(numbers).toEqual([5, 4, 3, 2, 1]);
  });

  it('filters by state', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await updated(tenant, id, { source: '() => 2' });
    const states = async (state: string) =>
      (await tenant.call(`GET /functions/${id}/versions?state=${state}`)).body.items.length;
    expect([await states('ready'), await states('validating'), await states('failed')]).toEqual([
      1, 1, 0,
    ]);
    expect(await versionsOf(tenant, id)).toHaveLength(2);
  });
});

describe('404', () => {
  it('hides the versions of another tenant', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    expect((await stranger.call(`GET /functions/${id}/versions`)).status).toBe(404);
  });
});
