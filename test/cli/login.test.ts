/**
 * Stored credentials: proved before they are stored, private on disk, sent to nobody but where they
 * belong.
 */
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/src/generated/commands.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { problem } from './support/scripted-server.ts';

const TOKEN = 'operator-token-of-more-than-32-characters';
const ACCOUNT = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';

const serveStatus = (accountId: string | null = null) =>
  serve(({ headers, path }) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return problem(401, 'request.unauthenticated');
    if (path === '/system/status') return { body: { status: 'ready', caller: { accountId } } };
    return path === `/accounts/${ACCOUNT}`
      ? { body: { id: ACCOUNT } }
      : problem(404, 'request.not_found');
  });

async function makeHome() {
  const home = await makeFolder();
  const file = join(home, 'slctl', 'config.json');
  const go = (words: readonly string[], options: RunOptions = {}) =>
    run(words, { table: COMMANDS, ...options, env: { XDG_CONFIG_HOME: home, ...options.env } });
  return { file, folder: join(home, 'slctl'), go };
}

describe('login', () => {
  it('stores what was proved, readable by the owner alone, and leaves nothing beside it', async () => {
    const { file, folder, go } = await makeHome();
    const server = await serveStatus();
    const { code, out, err } = await go(['login', '--addr', server.addr], { stdin: `${TOKEN}\n` });
    expect(code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['config.json']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      formatVersion: 1,
      current: 'default',
      profiles: { default: { addr: server.addr, token: TOKEN } },
    });
    expect(out + err).not.toContain(TOKEN);
  });

  it('takes the credential from a terminal without showing it', async () => {
    const { file, go } = await makeHome();
    const server = await serveStatus();
    const { code, out, err } = await go(['login', '--addr', server.addr], {
      typed: TOKEN,
      columns: 80,
    });
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain(TOKEN);
    expect(out + err).not.toContain(TOKEN);
  });

  it('stores nothing that the server refuses', async () => {
    const { file, go } = await makeHome();
    const server = await serveStatus();
    const { code } = await go(['login', '--addr', server.addr, '--token', 'wrong-token']);
    expect(code).toBe(3);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('remembers the account of the key, or the one asked for when the key may read it', async () => {
    const { file, go } = await makeHome();
    const own = await serveStatus(ACCOUNT);
    await go(['login', '--addr', own.addr, '--token', TOKEN]);
    expect(JSON.parse(await readFile(file, 'utf8')).profiles.default.accountId).toBe(ACCOUNT);
    const operator = await serveStatus();
    const words = ['login', '--addr', operator.addr, '--token', TOKEN, '--profile', 'ops'];
    expect((await go([...words, '--account-id', 'acc_other'])).code).toBe(4);
    expect((await go([...words, '--account-id', ACCOUNT])).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8')).profiles.ops.accountId).toBe(ACCOUNT);
  });

  it('refuses a credential that is no token, without repeating it', async () => {
    const { go } = await makeHome();
    for (const stdin of ['', 'two words\n', 'line\nline\n', 'caf\u00e9']) {
      const { code, err } = await go(['login', '--addr', 'http://127.0.0.1:1'], { stdin });
      expect(code).toBe(2);
      expect(err).not.toContain('words');
    }
  });

  it('does not send a credential unencrypted to another machine', async () => {
    const { go } = await makeHome();
    const { code, err } = await go(['login', '--addr', 'http://192.0.2.1:8787', '--token', TOKEN]);
    expect(code).toBe(2);
    expect(err).toContain('is not encrypted');
  });
});

describe('a stored profile', () => {
  it('serves later commands, with its account', async () => {
    const { go } = await makeHome();
    const server = await serveStatus(ACCOUNT);
    await go(['login', '--addr', server.addr, '--token', TOKEN]);
    expect((await go(['accounts', 'get-account'])).code).toBe(0);
    expect(server.seen.at(-1)?.path).toBe(`/accounts/${ACCOUNT}`);
  });

  it('never gives its credential to another address', async () => {
    const { go } = await makeHome();
    const server = await serveStatus();
    await go(['login', '--addr', server.addr, '--token', TOKEN]);
    const thief = await serve(() => ({ body: {} }));
    await go(['system', 'get-version', '--addr', thief.addr]);
    await go(['system', 'get-version'], { env: { SERVICE_LAYER_ADDR: thief.addr } });
    await go(['system', 'get-version', '--addr', thief.addr, '--profile', 'default']);
    expect(thief.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is overridden by the environment, and the environment by a flag', async () => {
    const { go } = await makeHome();
    const server = await serveStatus();
    await go(['login', '--addr', server.addr, '--token', TOKEN]);
    const other = await serve(() => ({ body: {} }));
    const env = { SERVICE_LAYER_ADDR: other.addr, SERVICE_LAYER_TOKEN: 'token-of-the-environment' };
    await go(['system', 'get-version'], { env });
    expect(other.seen[0]?.headers.authorization).toBe('Bearer token-of-the-environment');
    const tokenFile = join(await makeFolder(), 'token');
    await writeFile(tokenFile, 'token-of-the-file\n');
    await go(['system', 'get-version', '--token-file', tokenFile], { env });
    expect(other.seen[1]?.headers.authorization).toBe('Bearer token-of-the-file');
  });

  it.each([0o604, 0o640, 0o666])('is refused when others can reach it (mode %o)', async (mode) => {
    const { file, go } = await makeHome();
    const server = await serveStatus();
    await go(['login', '--addr', server.addr, '--token', TOKEN]);
    await chmod(file, mode);
    const asked = server.seen.length;
    for (const words of [
      ['system', 'get-version'],
      ['profiles', 'list'],
      ['login', '--token', TOKEN],
    ]) {
      const { code, err } = await go(words);
      expect(code).toBe(2);
      expect(err).toContain(`chmod 600 ${file}`);
    }
    expect(server.seen).toHaveLength(asked);
  });

  it('is left alone by a script that brings its own address and credential', async () => {
    const { file, folder, go } = await makeHome();
    await mkdir(folder);
    await writeFile(file, 'broken', { mode: 0o644 });
    const server = await serveStatus();
    const env = { SERVICE_LAYER_ADDR: server.addr, SERVICE_LAYER_TOKEN: TOKEN };
    expect((await go(['system', 'get-status'], { env })).code).toBe(0);
  });
});

describe('profiles', () => {
  it('are listed without credentials, chosen and forgotten', async () => {
    const { file, go } = await makeHome();
    const server = await serveStatus();
    await go(['login', '--addr', server.addr, '--token', TOKEN, '--profile', 'one']);
    await go(['login', '--addr', server.addr, '--token', TOKEN, '--profile', 'two']);
    const list = await go(['profiles', 'list', '--json']);
    expect(list.out).not.toContain(TOKEN);
    expect(JSON.parse(list.out).items).toMatchObject([
      { name: 'one', current: false },
      { name: 'two', current: true },
    ]);
    expect((await go(['profiles', 'use', 'one'])).code).toBe(0);
    expect((await go(['profiles', 'remove', 'two'])).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      current: 'one',
      profiles: { one: { token: TOKEN } },
    });
    expect((await go(['profiles', 'use', 'two'])).code).toBe(2);
    expect((await go(['system', 'get-version', '--profile', 'two'])).code).toBe(2);
  });

  it('have names that cannot be mistaken for something else', async () => {
    const { go } = await makeHome();
    for (const name of ['__proto__', '', '../x', 'a b', '-x']) {
      const words = [
        'login',
        '--token',
        TOKEN,
        '--addr',
        'http://127.0.0.1:1',
        `--profile=${name}`,
      ];
      expect((await go(words)).code).toBe(2);
    }
  });
});
