/** Lists: following cursors, watching, tables that fit a terminal. */
import { describe, expect, it } from 'vitest';
import { run, serve } from './support/run-cli.ts';

const LIST = ['secret-boxes', 'list-boxes', '--account-id', 'acc_1'];

const pages: Readonly<Record<string, object>> = {
  first: {
    items: [
      { id: 'box_1', name: 'a' },
      { id: 'box_2', name: 'b' },
    ],
    nextCursor: 'second',
  },
  second: { items: [{ id: 'box_3', name: 'c' }], nextCursor: null },
};
const servePages = () => serve(({ query }) => ({ body: pages[query.cursor ?? 'first'] }));

describe('--all', () => {
  it('gives each item once, as one JSON document a line', async () => {
    const server = await servePages();
    const { out, code } = await run([...LIST, '--all', '--json'], { addr: server.addr });
    expect(code).toBe(0);
    const ids = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(['box_1', 'box_2', 'box_3']);
  });

  it('prints one table with one head', async () => {
    const server = await servePages();
    const { out } = await run([...LIST, '--all'], { addr: server.addr });
    expect(out).toBe('ID     NAME\nbox_1  a\nbox_2  b\nbox_3  c\n');
  });

  it('ends with 8 when a cursor leads to itself, instead of asking for ever', async () => {
    const server = await serve(() => ({ body: { items: [], nextCursor: 'same' } }));
    const { code, err } = await run([...LIST, '--all'], { addr: server.addr });
    expect(code).toBe(8);
    expect(err).toContain('the list does not end');
  });
});

describe('one page', () => {
  it('tells how to go on, outside of the answer', async () => {
    const server = await servePages();
    const { out, err } = await run(LIST, { addr: server.addr });
    expect(out).not.toContain('second');
    expect(err).toContain('--cursor second');
  });

  it('passes filters on as the query', async () => {
    const server = await servePages();
    await run([...LIST, '--limit', '2', '--status', 'active'], { addr: server.addr });
    expect(server.seen[0]?.query).toEqual({ limit: '2', status: 'active' });
  });

  it('says that nothing was found without printing a table', async () => {
    const server = await serve(() => ({ body: { items: [], nextCursor: null } }));
    expect(await run(LIST, { addr: server.addr })).toEqual({
      code: 0,
      out: '',
      err: 'nothing found\n',
    });
  });
});

describe('--watch', () => {
  it('prints a document only when it has changed, and ends with 0 on Ctrl-C', async () => {
    const names = ['a', 'a', 'b', 'b'];
    const server = await serve(() => ({ body: { id: 'box_1', name: names.shift() } }));
    const words = [
      'secret-boxes',
      'get-box',
      'x',
      '--account-id',
      'acc_1',
      '--watch',
      '1',
      '--json',
    ];
    const { out, code } = await run(words, { addr: server.addr, waitsMax: 4 });
    expect(code).toBe(0);
    expect(out).toBe('{"id":"box_1","name":"a"}\n{"id":"box_1","name":"b"}\n');
    expect(server.seen).toHaveLength(4);
  });

  it('refuses intervals that would be a flood', async () => {
    expect((await run([...LIST, '--watch', '0.01'], { addr: 'http://127.0.0.1:1' })).code).toBe(2);
  });
});

describe('a table', () => {
  const wide = {
    id: 'box_0123456789',
    name: 'n'.repeat(60),
    status: 'active',
    note: 'x'.repeat(60),
  };
  const list = (item: object) => serve(() => ({ body: { items: [item], nextCursor: null } }));

  it('never is wider than the terminal, and never cuts an id', async () => {
    const server = await list(wide);
    for (const columns of [30, 40, 60, 80, 120]) {
      const { out } = await run(LIST, { addr: server.addr, columns });
      const lines = out.trimEnd().split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(out).toContain('box_0123456789');
    }
  });

  it('cuts nothing when it goes into a pipe', async () => {
    const server = await list(wide);
    const { out } = await run(LIST, { addr: server.addr });
    expect(out).toContain('n'.repeat(60));
    expect(out).toContain('x'.repeat(60));
  });

  it('shows the columns asked for, also from within an object', async () => {
    const server = await list({ id: 'box_1', limits: { fuel: 5 } });
    const { out } = await run([...LIST, '--columns', 'limits.fuel,id'], { addr: server.addr });
    expect(out).toBe('LIMITS.FUEL  ID\n5            box_1\n');
  });

  it('lines up wide characters and combining marks', async () => {
    const server = await serve(() => ({
      body: {
        items: [
          { name: '日本', status: 'x' },
          { name: 'e\u0301', status: 'x' },
        ],
        nextCursor: null,
      },
    }));
    const { out } = await run(LIST, { addr: server.addr });
    expect(out).toBe('NAME  STATUS\n日本  x\ne\u0301     x\n');
  });
});
