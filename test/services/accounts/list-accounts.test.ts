/** `GET /accounts`: newest first, filtered where an operator would look. */
import { describe, expect, it } from 'vitest';
import { call, openAccount } from '../../support/harness.ts';

const idsOf = async (query: string): Promise<readonly string[]> =>
  (await call(`GET /accounts${query}`)).body.items.map(({ id }: { readonly id: string }) => id);

describe('200', () => {
  it('lists newest first and pages without loss', async () => {
    const opened: string[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five'])
      opened.push(await openAccount(name));
    const newestFirst = [...opened].sort().toReversed();
    expect(await idsOf('')).toEqual(newestFirst);
    const first = await call('GET /accounts?limit=2');
    const second = await call(`GET /accounts?limit=2&cursor=${first.body.nextCursor}`);
    const third = await call(`GET /accounts?limit=2&cursor=${second.body.nextCursor}`);
    const paged = [first, second, third].flatMap(({ body }) => body.items);
    expect(paged.map(({ id }) => id)).toEqual(newestFirst);
    expect(third.body.nextCursor).toBeNull();
  });

  it('filters by status and by a part of the name in any case', async () => {
    const flamingo = await openAccount('Flamingo market maker');
    const other = await openAccount('50%_market');
    await call(`POST /accounts/${other}/suspend`, { body: { reason: 'unpaid' } });
    expect(await idsOf('?status=suspended')).toEqual([other]);
    expect(await idsOf('?status=active')).toEqual([flamingo]);
    expect(await idsOf('?name=FLAMINGO')).toEqual([flamingo]);
    expect(await idsOf('?name=market&status=active')).toEqual([flamingo]);
  });

  it('takes the filter as text, not as a pattern', async () => {
    const literal = await openAccount('50%_market');
    await openAccount('plain');
    expect(await idsOf('?name=%25_')).toEqual([literal]);
    expect(await idsOf('?name=%25%25')).toEqual([]);
  });

  it('shows deleted accounts with the time they are purged', async () => {
    const gone = await openAccount('gone');
    await call(`DELETE /accounts/${gone}`);
    const { body } = await call('GET /accounts?status=deleted');
    expect(body.items).toMatchObject([{ id: gone, status: 'deleted' }]);
    expect(Date.parse(body.items[0].purgeAfter)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });
});

describe('400', () => {
  it('refuses a status nobody knows and a cursor of no list', async () => {
    for (const query of ['status=open', 'cursor=AAAA', 'cursor=%00', 'limit=-1'])
      expect((await call(`GET /accounts?${query}`)).status, query).toBe(400);
  });
});
