/** Lists as one iteration. */
import { describe, expect, it } from 'vitest';
import { type Page, paginate } from '../../sdk/src/pages.ts';

interface Input {
  readonly accountId: string;
  readonly cursor?: string | undefined;
}

/** Gives the pages in order and remembers what it was asked for. */
const listOf = (pages: readonly Page<number>[]) => {
  const asked: Input[] = [];
  const list = async (input: Input): Promise<Page<number>> => {
    asked.push(input);
    return pages[asked.length - 1] ?? { items: [], nextCursor: null };
  };
  return { asked, list };
};
const collect = async (items: AsyncIterable<number>): Promise<readonly number[]> => {
  const all: number[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('paginate', () => {
  it('gives every item of every page once, an empty page in between included', async () => {
    const { asked, list } = listOf([
      { items: [1, 2], nextCursor: 'a' },
      { items: [], nextCursor: 'b' },
      { items: [3], nextCursor: null },
    ]);
    expect(await collect(paginate(list, { accountId: 'acc' }))).toStrictEqual([1, 2, 3]);
    expect(asked).toStrictEqual([
      { accountId: 'acc' },
      { accountId: 'acc', cursor: 'a' },
      { accountId: 'acc', cursor: 'b' },
    ]);
  });

  it('continues from a given cursor', async () => {
    const { asked, list } = listOf([{ items: [9], nextCursor: null }]);
    expect(await collect(paginate(list, { accountId: 'acc', cursor: 'z' }))).toStrictEqual([9]);
    expect(asked[0]?.cursor).toBe('z');
  });

  it('asks for no further page when the loop ends early', async () => {
    const { asked, list } = listOf([{ items: [1, 2], nextCursor: 'a' }]);
    for await (const item of paginate(list, { accountId: 'acc' })) if (item === 2) break;
    expect(asked).toHaveLength(1);
  });

  it('ends with an error when the list answers the same cursor for ever', async () => {
    const { list } = listOf([
      { items: [1], nextCursor: 'a' },
      { items: [1], nextCursor: 'a' },
    ]);
    await expect(collect(paginate(list, { accountId: 'acc' }))).rejects.toMatchObject({
      code: 'client.unexpected_response',
    });
  });
});
