/** Keys of Neo on this machine: they go through files and terminals, and nowhere else. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWallet } from '../../sdk/keys/index.ts';
import { makeFolder, type RunOptions, run } from './support/run-cli.ts';

/** The private key 1, known to everybody. */
const WIF = 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn';
const ADDRESS = 'NVHt5YtAnadMwntAVAJLUy36M2nLYKHUeK';
const PASSPHRASE = 'correct horse';

async function withFiles() {
  const folder = await makeFolder();
  await writeFile(join(folder, 'passphrase'), `${PASSPHRASE}\n`);
  await writeFile(join(folder, 'wif'), `${WIF}\n`);
  const go = (words: string, options: RunOptions = {}) =>
    run(words.replaceAll('$', `${folder}/`).split(' '), options);
  return { folder, go };
}

describe('neo-keys', () => {
  it('makes a key in a wallet file that only its owner reads, and shows it to nobody', async () => {
    const { folder, go } = await withFiles();
    const made = await go('neo-keys generate $wallet --label main --json', { typed: PASSPHRASE });
    expect(made.code).toBe(0);
    const { address } = JSON.parse(made.out) as { readonly address: string };
    const path = join(folder, 'wallet');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const parsed = parseWallet(JSON.parse(await readFile(path, 'utf8')));
    expect(parsed).toMatchObject({ ok: true, value: { accounts: [{ address, label: 'main' }] } });
    const opened = await go('neo-keys decrypt $wallet --passphrase-file $passphrase --json');
    const { wif } = JSON.parse(opened.out) as { readonly wif: string };
    expect(JSON.parse(opened.out)).toMatchObject({ address });
    expect(`${made.out}${made.err}${await readFile(path, 'utf8')}`).not.toContain(wif);
  });

  it('never writes over a file', async () => {
    const { folder, go } = await withFiles();
    const again = await go('neo-keys generate $wif --passphrase-file $passphrase');
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    expect(await readFile(join(folder, 'wif'), 'utf8')).toBe(`${WIF}\n`);
  });

  it('encrypts and decrypts what others made', async () => {
    const { go } = await withFiles();
    const encrypted = await go('neo-keys encrypt - --passphrase-file $passphrase --json', {
      stdin: WIF,
    });
    const { nep2, address } = JSON.parse(encrypted.out) as Record<'nep2' | 'address', string>;
    expect(address).toBe(ADDRESS);
    const stdin = nep2;
    const decrypted = await go('neo-keys decrypt - --passphrase-file $passphrase --json', {
      stdin,
    });
    expect(JSON.parse(decrypted.out)).toMatchObject({ address, wif: WIF });
    const wrong = await go('neo-keys decrypt - --passphrase-file $wif', { stdin });
    expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining('passphrase is wrong') });
  });

  it('shows the address of a key and not the key', async () => {
    const { go } = await withFiles();
    const { code, out } = await go('neo-keys show $wif');
    expect(code).toBe(0);
    expect(out).toContain(ADDRESS);
    expect(out).not.toContain(WIF);
  });

  it('does not take a key from the command line, nor repeat one', async () => {
    const { go } = await withFiles();
    const onLine = await go(`neo-keys show ${WIF}`);
    expect(onLine.code).toBe(2);
    expect(`${onLine.out}${onLine.err}`).not.toContain(WIF);
    const short = await go('neo-keys show -', { stdin: WIF.slice(1) });
    expect(short.code).toBe(2);
    expect(`${short.out}${short.err}`).not.toContain(WIF.slice(1));
  });

  it('asks for a file with the passphrase where there is no terminal', async () => {
    const { go } = await withFiles();
    const { code, err } = await go('neo-keys encrypt $wif');
    expect(code).toBe(2);
    expect(err).toContain('--passphrase-file');
  });
});
