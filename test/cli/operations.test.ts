/**
 * Every operation by construction: words of the command line to one HTTP request, and its answer to
 * text.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, run, serve } from './support/run-cli.ts';
import type { Reply } from './support/scripted-server.ts';

const created: Reply = { status: 201, body: { id: 'box_1', name: 'lunch' } };
const CREATE = ['secret-boxes', 'create-box', '--account-id', 'acc_1'];

/** The body that reaches the server for these words. */
async function bodyOf(words: readonly string[], stdin = ''): Promise<unknown> {
  const server = await serve(() => created);
  const { code, err } = await run([...CREATE, ...words], { addr: server.addr, stdin });
  expect(err).toBe('');
  expect(code).toBe(0);
  return server.seen[0]?.body;
}

describe('a request', () => {
  it('carries path, body, credential and an idempotency key', async () => {
    const server = await serve(() => created);
    const words = [...CREATE, '--name', 'lunch', '--idempotency-key', 'once'];
    expect((await run(words, { addr: server.addr })).code).toBe(0);
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/accounts/acc_1/boxes',
      body: { name: 'lunch' },
    });
    expect(seen?.headers.authorization).toBe('Bearer token-of-the-test');
    expect(seen?.headers['idempotency-key']).toBe('once');
  });

  it('takes each flag as the type the contract gives it', async () => {
    const words =
      '--name x --size 3 --weight 1.5 --is-open --color red --scopes a:read,b:write --note null';
    expect(await bodyOf([...words.split(' '), '--rules', '{"a":[1]}'])).toEqual({
      name: 'x',
      size: 3,
      weight: 1.5,
      isOpen: true,
      color: 'red',
      scopes: ['a:read', 'b:write'],
      note: null,
      rules: { a: [1] },
    });
  });

  it('lets a field with the name of a flag of slctl, or with "no", be said with a prefix', async () => {
    const words = ['--name', 'x', '--field-all', '--field-no-copy', 'false'];
    expect(await bodyOf(words)).toEqual({ name: 'x', all: true, noCopy: false });
  });

  it('takes a list from a repeated flag and from JSON', async () => {
    const repeated = ['--name', 'x', '--scopes', 'a:read', '--scopes', 'b:write'];
    expect(await bodyOf(repeated)).toMatchObject({ scopes: ['a:read', 'b:write'] });
    expect(await bodyOf(['--name', 'x', '--scopes', '["a:read"]'])).toMatchObject({
      scopes: ['a:read'],
    });
  });

  it('reads a value from a file as it stands, and from standard input without the last line end', async () => {
    const file = join(await makeFolder(), 'value');
    await writeFile(file, 'line\n\n');
    expect(await bodyOf(['--name', 'x', '--value', `@${file}`])).toMatchObject({
      value: 'line\n\n',
    });
    expect(await bodyOf(['--name', 'x', '--value', '-'], 'secret\n')).toMatchObject({
      value: 'secret',
    });
    expect(await bodyOf(['--name', 'x', '--value', '@@home'])).toMatchObject({ value: '@home' });
  });

  it('takes the whole body from JSON, with flags winning over it', async () => {
    expect(await bodyOf(['--body', '-', '--size', '2'], '{"name":"x","size":1}')).toEqual({
      name: 'x',
      size: 2,
    });
  });

  it('offers the fields of every form of a body that has several', async () => {
    const server = await serve(() => created);
    const words = ['secret-boxes', 'update-box', 'lunch', '--size', '4', '--if-match', '"v1"'];
    const env = { SERVICE_LAYER_ACCOUNT: 'acc_env' };
    expect((await run(words, { addr: server.addr, env })).code).toBe(0);
    expect(server.seen[0]).toMatchObject({
      path: '/accounts/acc_env/boxes/lunch',
      body: { size: 4 },
    });
    expect(server.seen[0]?.headers['if-match']).toBe('"v1"');
  });

  it('cannot leave its path: a name is one segment whatever is in it', async () => {
    const server = await serve(() => ({ body: {} }));
    const words = ['secret-boxes', 'get-box', '--account-id', 'acc_1', '--name', '../../keys?x=1'];
    await run(words, { addr: server.addr });
    expect(server.seen[0]?.path).toBe('/accounts/acc_1/boxes/..%2F..%2Fkeys%3Fx%3D1');
    const dots = await run([...words.slice(0, -1), '..'], { addr: server.addr });
    expect(dots.code).toBe(2);
    expect(server.seen).toHaveLength(1);
  });
});

describe('words that cannot be sent end with 2, and nothing is sent', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a missing flag', CREATE, /missing: --name/],
    ['a missing account', ['secret-boxes', 'list-boxes'], /missing: --account-id/],
    [
      'a word for a number',
      [...CREATE, '--name', 'x', '--size', 'big'],
      /--size must be an integer/,
    ],
    ['a float for an integer', [...CREATE, '--name', 'x', '--size', '1.5'], /must be an integer/],
    ['a number past 2^53', [...CREATE, '--name', 'x', '--size', '9007199254740993'], /integer/],
    ['a choice that is none', [...CREATE, '--name', 'x', '--color', 'green'], /one of: red, blue/],
    ['one wrong choice of a list', [...CREATE, '--name', 'x', '--scopes', 'a:read,c'], /one of/],
    ['JSON that is none', [...CREATE, '--name', 'x', '--rules', '{'], /not valid JSON/],
    ['a file name for a body', [...CREATE, '--body', 'box.json'], /write @box.json/],
    ['a file that is not there', [...CREATE, '--name', '@/nonexistent/x'], /there is no file/],
    ['an unknown flag', [...CREATE, '--nam', 'x'], /unknown option '--nam'.*--name/s],
    ['an unknown command', ['secret-boxes', 'destroy'], /unknown command/],
    ['an empty path parameter', ['secret-boxes', 'get-box', '--account-id', '', 'x'], /missing/],
  ];
  it.each(cases)('%s', async (_, words, message) => {
    const server = await serve(() => created);
    const { code, err, out } = await run(words, { addr: server.addr });
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(server.seen).toHaveLength(0);
  });

  it('does not repeat a broken secret document on the screen', async () => {
    const { err } = await run([...CREATE, '--body', '-'], {
      addr: 'http://127.0.0.1:1',
      stdin: '{"s3cret',
    });
    expect(err).not.toContain('s3cret');
  });
});

describe('an answer', () => {
  it('is one JSON document with --json', async () => {
    const server = await serve(() => created);
    const { out } = await run([...CREATE, '--name', 'x', '--json'], { addr: server.addr });
    expect(JSON.parse(out)).toEqual(created.body);
  });

  it('shows status, ETag and request id with --include', async () => {
    const server = await serve(() => ({ ...created, headers: { etag: '"v1"' } }));
    const words = [...CREATE, '--name', 'x', '--include', '--json'];
    expect(JSON.parse((await run(words, { addr: server.addr })).out)).toEqual({
      status: 201,
      etag: '"v1"',
      requestId: 'req_1',
      body: created.body,
    });
  });

  it('without a body prints nothing and ends with 0', async () => {
    const server = await serve(() => ({ status: 204 }));
    const words = ['secret-boxes', 'delete-box', 'lunch', '--account-id', 'acc_1'];
    expect(await run(words, { addr: server.addr })).toEqual({ code: 0, out: '', err: '' });
  });

  it('that is text is printed as text, without its control characters', async () => {
    const server = await serve(() => ({ body: 'runs 1\n\u001b[2Jruns 2' }));
    const { out } = await run(['system', 'get-metrics'], { addr: server.addr });
    expect(out).toBe('runs 1\nruns 2\n');
  });
});

describe('help', () => {
  it('names choices, defaults and an example that can be pasted', async () => {
    const { code, out } = await run(['secret-boxes', 'create-box', '--help'], { columns: 200 });
    expect(code).toBe(0);
    expect(out).toContain('(choices: "red", "blue")');
    expect(out).toContain('--name <text>');
    expect(out).toContain("--name 'o'\\''box' --is-open --scopes a:read --note @@home");
    const list = await run(['secret-boxes', 'list-boxes', '--help'], { columns: 200 });
    expect(list.out).toContain('(default: 25)');
  });

  it('lists every exit code', async () => {
    const { out } = await run(['--help']);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 130])
      expect(out).toMatch(new RegExp(`^ +${code} {2}\\S`, 'm'));
  });

  it('without a command ends with 2', async () => {
    expect((await run([])).code).toBe(2);
    expect((await run(['secret-boxes'])).code).toBe(2);
  });
});
