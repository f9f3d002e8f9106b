/** Keys that sign requests: made on this machine, private on disk, proved before they are stored. */
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/src/generated/commands.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import type { SeenRequest } from './support/scripted-server.ts';

const SUFFIX = '01k4j8x1e0e4r9v2m3n5p6q7rs';
const TOKEN = `nsl_dev_${SUFFIX}_${'x'.repeat(43)}_00000000`;
const ACCOUNT = `acc_${SUFFIX}`;

interface Made {
  readonly signingPublicKey: string;
  readonly path: string;
}

async function withKey() {
  const home = await makeFolder();
  const file = join(home, 'key.json');
  const go = (words: readonly string[], options: RunOptions = {}) =>
    run(words, { table: COMMANDS, ...options, env: { XDG_CONFIG_HOME: home, ...options.env } });
  const made = await go(['request-keys', 'create', file, '--json']);
  expect(made.code, made.err).toBe(0);
  return { home, file, go, made: JSON.parse(made.out) as Made };
}

/** A server whose one credential was made with this key. */
const serveKey = async (signingPublicKey: string | null) => {
  const asked: SeenRequest[] = [];
  const server = await serve((one) => {
    asked.push(one);
    const caller = { accountId: ACCOUNT, signingPublicKey };
    return { body: one.path === '/system/status' ? { status: 'ready', caller } : {} };
  });
  return { asked, addr: server.addr };
};

const WRITE = ['accounts', 'update-account', '--name', 'shop'];

describe('request-keys', () => {
  it('makes a key that only its owner reads, and shows its public half alone', async () => {
    const { file, go, made } = await withKey();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const jwk = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    expect(jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519', x: made.signingPublicKey });
    const shown = await go(['request-keys', 'show', file, '--json']);
    expect(JSON.parse(shown.out)).toEqual({ ...made, path: file });
    expect(shown.out + shown.err).not.toContain(jwk.d);
  });

  it('never writes over a file, and reads none that others can read or that is no key', async () => {
    const { home, file, go } = await withKey();
    expect(await go(['request-keys', 'create', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already'),
    });
    await chmod(file, 0o644);
    expect((await go(['request-keys', 'show', file])).err).toContain('can be read by others');
    const other = join(home, 'other.json');
    await writeFile(other, '{"kty":"OKP","crv":"Ed25519","d":"hunter2"}', { mode: 0o600 });
    const refused = await go(['request-keys', 'show', other]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('not a private key') });
    expect(refused.err).not.toContain('hunter2');
    expect((await go(['request-keys', 'show', join(home, 'none')])).err).toContain('there is no');
  });
});

describe('login with a key for signatures', () => {
  it('stores where it is, and signs from then on what can be required to be signed', async () => {
    const { home, file, go, made } = await withKey();
    const { addr, asked } = await serveKey(made.signingPublicKey);
    const words = ['login', '--addr', addr, '--token', TOKEN, '--signing-key', file];
    const { code, err } = await go(words);
    expect(code, err).toBe(0);
    const stored = await readFile(join(home, 'slctl', 'config.json'), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ profiles: { default: { signingKeyFile: file } } });
    const jwk = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    expect(stored).not.toContain(jwk.d);
    expect((await go(WRITE)).code).toBe(0);
    expect(asked.at(-1)?.headers['signature-input']).toContain(`keyid="key_${SUFFIX}"`);
    expect((await go(['accounts', 'get-account'])).code).toBe(0);
    expect(asked.at(-1)?.headers['signature-input']).toBeUndefined();
  });

  it('stores no key that the credential was not made with', async () => {
    const { home, file, go } = await withKey();
    for (const other of [null, 'another']) {
      const { addr } = await serveKey(other);
      const words = ['login', '--addr', addr, '--token', TOKEN, '--signing-key', file];
      expect(await go(words)).toMatchObject({
        code: 2,
        err: expect.stringContaining('was not made with the public key'),
      });
    }
    await expect(stat(join(home, 'slctl'))).rejects.toThrow('ENOENT');
  });

  it('signs with the key of the flag or of the environment, never one of another credential', async () => {
    const { file, go, made } = await withKey();
    const { addr, asked } = await serveKey(made.signingPublicKey);
    await go(['login', '--addr', addr, '--token', TOKEN, '--signing-key', file]);
    const account = ['--account-id', ACCOUNT];
    const env = { SERVICE_LAYER_ADDR: addr, SERVICE_LAYER_TOKEN: TOKEN };
    expect((await go([...WRITE, ...account], { env })).code).toBe(0);
    expect(asked.at(-1)?.headers.signature).toBeUndefined();
    for (const options of [
      { words: ['--signing-key', file], env },
      { words: [], env: { ...env, SERVICE_LAYER_SIGNING_KEY: file } },
    ]) {
      const done = await go([...WRITE, ...account, ...options.words], { env: options.env });
      expect(done.code, done.err).toBe(0);
      expect(asked.at(-1)?.headers.signature).toMatch(/^sig=:/);
    }
  });
});
