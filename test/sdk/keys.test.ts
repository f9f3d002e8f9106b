/**
 * NEP-2 and NEP-6 with the real scrypt: what other software wrote is read, what is written they
 * read, and every file or text that is not what it says is refused by name. SEED repeats a run.
 */
import { wallet as neonWallet } from '@cityofzion/neon-core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  createPrivateKey,
  decryptKey,
  encodeWif,
  encryptKey,
  makeAccount,
  makeWallet,
  parsePrivateKey,
  parseWallet,
  parseWif,
  type ScryptParameters,
  type Wallet,
} from '../../sdk/keys/index.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { readNeoVectors } from '../support/neo-vectors.ts';
import { runsOf } from '../support/runs.ts';

interface Vectors {
  readonly keys: readonly {
    readonly private_key: string;
    readonly address: string;
    readonly nep2: readonly Nep2Vector[];
  }[];
  readonly nep2_invalid: readonly (Nep2Vector & { readonly why: string })[];
}
interface Nep2Vector {
  readonly passphrase: string;
  readonly encrypted: string;
  readonly scrypt?: ScryptParameters;
}
const vectors = readNeoVectors('keys.json') as Vectors | undefined;
/** Of the tests of neon-js, where the key of Neo Legacy comes from; its row does not say them. */
const LEGACY_SCRYPT: ScryptParameters = { n: 256, r: 1, p: 1 };
/** Weak on purpose: where the test is about anything but scrypt. */
const WEAK: ScryptParameters = { n: 2, r: 1, p: 1 };
const TIMEOUT_MS = 300_000;

const keyOf = (hex: string) => {
  const key = parsePrivateKey(hex);
  if (key === null) throw new Error('a private key');
  return key;
};
const ONE = keyOf('00'.repeat(31) + '01');

describe('NEP-2', () => {
  it.skipIf(!vectors)(
    'reads the texts of the vectors',
    async () => {
      for (const { private_key, address, nep2 } of vectors?.keys ?? []) {
        const privateKey = keyOf(private_key);
        expect(addressOf(privateKey)).toBe(address);
        for (const vector of nep2) {
          expect(await decryptKey(vector)).toEqual({ ok: true, privateKey });
        }
      }
    },
    TIMEOUT_MS,
  );

  it.skipIf(!vectors)(
    'refuses the invalid ones of the vectors by name',
    async () => {
      const refusals = [];
      for (const { scrypt = LEGACY_SCRYPT, ...vector } of vectors?.nep2_invalid ?? [])
        refusals.push(await decryptKey({ ...vector, scrypt }));
      expect(refusals).toEqual(
        ['wrong_passphrase', 'wrong_passphrase', 'not_nep2', 'legacy_key'].map((refusal) => ({
          ok: false,
          refusal,
        })),
      );
    },
    TIMEOUT_MS,
  );

  const passphrases = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
  const privateKeys = fc.constant(null).map(createPrivateKey);

  it(
    'agrees with neon-js on random keys under the parameters of the standard',
    async () => {
      await fc.assert(
        fc.asyncProperty(privateKeys, passphrases, async (privateKey, passphrase) => {
          const encrypted = await neonWallet.encrypt(encodeHex(privateKey), passphrase);
          expect(await encryptKey({ privateKey, passphrase })).toEqual({ ok: true, encrypted });
          expect(await decryptKey({ encrypted, passphrase })).toEqual({ ok: true, privateKey });
        }),
        { ...runsOf('nep-2', { usual: 1, slow: 20 }), endOnFailure: true },
      );
    },
    TIMEOUT_MS,
  );

  it('takes a passphrase in either Unicode form for the same', async () => {
    const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
    const one = await encryptKey({ privateKey: ONE, passphrase: composed, scrypt: WEAK });
    expect(await encryptKey({ privateKey: ONE, passphrase: decomposed, scrypt: WEAK })).toEqual(
      one,
    );
  });

  it.each([
    ['half a surrogate pair', '\ud800'],
    ['more than a sentence', 'x'.repeat(1025)],
    ['more bytes than that', '我'.repeat(400)],
  ])('refuses %s as a passphrase', async (_, passphrase) => {
    const refused = { ok: false, refusal: 'passphrase_malformed' };
    expect(await encryptKey({ privateKey: ONE, passphrase, scrypt: WEAK })).toEqual(refused);
  });

  it.each([
    ['a power of two it is not', { n: 1000, r: 8, p: 8 }],
    ['no rounds', { n: 16_384, r: 8, p: 0 }],
    ['half of one', { n: 16_384, r: 0.5, p: 8 }],
    ['the memory of the machine', { n: 2 ** 30, r: 8, p: 1 }],
    ['the time of a year', { n: 1024, r: 8, p: 2 ** 20 }],
    ['nothing that is a number', { n: Number.NaN, r: 8, p: 8 }],
  ])('refuses scrypt parameters that ask for %s before it spends anything', async (_, scrypt) => {
    const refused = { ok: false, refusal: 'scrypt_refused' };
    expect(await encryptKey({ privateKey: ONE, passphrase: 'x', scrypt })).toEqual(refused);
  });

  it('refuses a text with any character changed, and any other text', async () => {
    const outcome = await encryptKey({ privateKey: ONE, passphrase: 'one', scrypt: WEAK });
    const encrypted = outcome.ok ? outcome.encrypted : '';
    expect(encrypted).toMatch(/^6P.{56}$/);
    for (let at = 0; at < encrypted.length; at += 1) {
      const other = encrypted[at] === '2' ? '3' : '2';
      const text = `${encrypted.slice(0, at)}${other}${encrypted.slice(at + 1)}`;
      const refused = { ok: false, refusal: 'not_nep2' };
      expect(await decryptKey({ encrypted: text, passphrase: 'one', scrypt: WEAK })).toEqual(
        refused,
      );
    }
    for (const text of ['', '6P', encodeWif(ONE), `${encrypted} `, '6P'.repeat(100_000)])
      expect(await decryptKey({ encrypted: text, passphrase: 'one' })).toMatchObject({ ok: false });
  });
});

/** As it goes through a file. */
const throughText = (wallet: Wallet): unknown => JSON.parse(JSON.stringify(wallet));

const WEAK_FORM = { privateKey: ONE, passphrase: 'one', scrypt: WEAK };
const weakWallet = async (): Promise<Wallet> => {
  const made = await makeAccount({ ...WEAK_FORM, label: 'first', isDefault: true });
  if (!made.ok) throw new Error(made.refusal);
  return makeWallet([made.account], WEAK);
};

describe('NEP-6', () => {
  it('reads what it wrote, and finds the key in it', async () => {
    const wallet = await weakWallet();
    expect(parseWallet(throughText(wallet))).toEqual({ ok: true, value: wallet });
    const encrypted = wallet.accounts[0]?.key ?? '';
    const { scrypt } = wallet;
    const outcome = await decryptKey({ encrypted, passphrase: 'one', scrypt });
    expect(outcome).toEqual({ ok: true, privateKey: ONE });
  });

  it('says nothing of a key but what is encrypted', async () => {
    const text = JSON.stringify(await weakWallet());
    expect(text).not.toContain(encodeWif(ONE));
    expect(text).not.toContain(encodeHex(ONE));
  });

  it('writes wallets that neon-js opens', async () => {
    const made = await makeAccount({ ...WEAK_FORM, isDefault: true });
    if (!made.ok) throw new Error(made.refusal);
    const text = JSON.stringify(makeWallet([made.account], WEAK));
    const opened = new neonWallet.Wallet(JSON.parse(text));
    expect(await opened.decrypt(0, 'one')).toBe(true);
    expect(opened.accounts[0]?.WIF).toBe(encodeWif(ONE));
    expect(opened.defaultAccount.address).toBe(addressOf(ONE));
  });

  it('reads wallets that neon-js writes', async () => {
    const given = new neonWallet.Wallet({ name: 'theirs', scrypt: WEAK });
    given.addAccount(new neonWallet.Account(encodeHex(ONE)));
    await given.encrypt(0, 'one');
    const parsed = parseWallet(JSON.parse(JSON.stringify(given.export())));
    const wallet = parsed.ok ? parsed.value : makeWallet([]);
    expect(wallet.accounts.map(({ address }) => address)).toEqual([addressOf(ONE)]);
    const encrypted = wallet.accounts[0]?.key ?? '';
    const outcome = await decryptKey({ encrypted, passphrase: 'one', scrypt: WEAK });
    expect(outcome).toEqual({ ok: true, privateKey: ONE });
  });

  const privnet = readNeoVectors('privnet/wallet1_solo.json');
  it.skipIf(!privnet)('reads the wallet of a node, accounts of several keys among them', () => {
    const parsed = parseWallet(privnet);
    expect(parsed.ok && parsed.value.accounts.length).toBeGreaterThan(1);
  });

  const changed = async (change: (wallet: Wallet) => object) =>
    parseWallet(throughText({ ...(await weakWallet()), ...change(await weakWallet()) }));
  const withAccount = (fields: object) => (wallet: Wallet) => ({
    accounts: wallet.accounts.map((account) => ({ ...account, ...fields })),
  });

  it.each<[string, (wallet: Wallet) => object, string]>([
    ['of another version', () => ({ version: '3.0' }), '/version'],
    ['without scrypt', () => ({ scrypt: null }), '/scrypt'],
    ['that asks for too much work', () => ({ scrypt: { n: 2 ** 20, r: 64, p: 64 } }), '/scrypt'],
    ['with an account twice', ({ accounts: [one] }) => ({ accounts: [one, one] }), ''],
    [
      'of Neo Legacy',
      withAccount({ address: 'ALq7AWrhAueN6mJNqk6FHJjnsEoPRytLdW' }),
      '/accounts/0/address',
    ],
    [
      'whose script is of another address',
      withAccount({ address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' }),
      '/accounts/0/contract',
    ],
  ])('refuses a wallet %s and says where', async (_, change, pointer) => {
    expect(await changed(change)).toMatchObject({ ok: false, misshapen: { pointer } });
  });

  it('ends any JSON in a wallet or a refusal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(parseWallet(json).ok).toBe(false);
      }),
      runsOf('nep-6', { usual: 1_000, slow: 20_000 }),
    );
  });
});

describe('a private key', () => {
  it('is another every time, and its WIF gives it back', () => {
    const [one, other] = [createPrivateKey(), createPrivateKey()];
    expect(encodeHex(one)).not.toBe(encodeHex(other));
    expect(parseWif(encodeWif(one))).toEqual(one);
  });
});
