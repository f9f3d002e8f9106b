import { base64, base64nopad, base64url, base64urlnopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import {
  parseEncryptionKey,
  parseSigningKey,
} from '../../../worker/core/crypto/secret-key-form.ts';

// 0xfb bytes give `+` and `/` or `-` and `_`, so that the two alphabets differ.
const KEY = Uint8Array.from({ length: 32 }, (_, index) => (0xfb + index * 7) & 0xff);
const HEX = Buffer.from(KEY).toString('hex');
const RAW = 'correct horse battery staple! 32';

const accepted: readonly (readonly [name: string, text: string, key: Uint8Array])[] = [
  ['hex: with lower case', `hex:${HEX}`, KEY],
  ['hex: with upper case', `hex:${HEX.toUpperCase()}`, KEY],
  ['base64: padded', `base64:${base64.encode(KEY)}`, KEY],
  ['base64: without padding', `base64:${base64nopad.encode(KEY)}`, KEY],
  ['base64: URL alphabet, padded', `base64:${base64url.encode(KEY)}`, KEY],
  ['base64: URL alphabet, without padding', `base64:${base64urlnopad.encode(KEY)}`, KEY],
  ['64 hex digits, which are never base64 or raw', HEX, KEY],
  ['64 upper-case hex digits', HEX.toUpperCase(), KEY],
  ['44 base64 characters', base64.encode(KEY), KEY],
  ['43 base64 characters', base64nopad.encode(KEY), KEY],
  ['44 base64url characters', base64url.encode(KEY), KEY],
  ['43 base64url characters', base64urlnopad.encode(KEY), KEY],
  ['32 raw bytes', RAW, new TextEncoder().encode(RAW)],
  ['32 raw bytes of 16 characters', 'é'.repeat(16), new TextEncoder().encode('é'.repeat(16))],
];

const refused: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['32 hex digits, half a key', HEX.slice(0, 32)],
  ['32 upper-case hex digits', HEX.slice(0, 32).toUpperCase()],
  ['63 hex digits', HEX.slice(1)],
  ['65 hex digits', `${HEX}0`],
  ['66 hex digits', `${HEX}00`],
  ['hex digits with a line end', `${HEX}\n`],
  ['hex digits with 0x in front', `0x${HEX}`],
  ['hex: with 62 digits', `hex:${HEX.slice(2)}`],
  ['hex: with a letter beyond f', `hex:g${HEX.slice(1)}`],
  ['hex: with base64', `hex:${base64.encode(KEY)}`],
  ['hex: with raw bytes', `hex:${RAW}`],
  ['hex: that is 32 raw bytes as a whole', `hex:${'z'.repeat(28)}`],
  ['base64: with 64 hex digits, 48 bytes as base64', `base64:${HEX}`],
  ['base64: with 24 bytes', `base64:${base64.encode(KEY.slice(0, 24))}`],
  ['base64: with 31 bytes', `base64:${base64.encode(KEY.slice(0, 31))}`],
  ['base64: with 33 bytes', `base64:${base64.encode(new Uint8Array(33))}`],
  ['base64: with both alphabets', `base64:-_${base64nopad.encode(KEY).slice(2, -1)}+`],
  ['base64 with stray bits in the last character', `${'A'.repeat(42)}B`],
  ['base64 with white space', ` ${base64.encode(KEY)}`],
  ['base64 padded twice', `${base64.encode(KEY)}=`],
  ['31 raw bytes', RAW.slice(1)],
  ['33 raw bytes', `${RAW}x`],
  ['32 characters of 64 bytes', 'é'.repeat(32)],
  ['lone surrogates, which all become the same bytes', `\ud800${'x'.repeat(29)}`],
  ['the mark alone', 'dev:'],
  ['the mark twice', `dev:dev:${HEX}`],
  ['the mark and 28 characters, 32 raw bytes as a whole', `dev:${'z'.repeat(28)}`],
  ['an upper-case mark', `DEV:${HEX}`],
];

describe('an encryption key', () => {
  test.each(accepted)('is read from %s', (_name, text, key) => {
    expect(parseEncryptionKey(text)).toEqual({ ok: true, value: { key, development: false } });
  });

  test.each(accepted)('is marked as a development value in front of %s', (_name, text, key) => {
    expect(parseEncryptionKey(`dev:${text}`)).toEqual({
      ok: true,
      value: { key, development: true },
    });
  });

  test.each(refused)('is not read from %s, and the failure carries the code alone', (_n, text) => {
    expect(parseEncryptionKey(text)).toEqual({
      ok: false,
      failure: { code: 'secrets.encryption_unconfigured' },
    });
  });
});

describe('a signing key', () => {
  const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

  test('is read from the same forms', () => {
    for (const text of [`hex:${HEX}`, HEX, base64.encode(KEY), RAW, `dev:${HEX}`])
      expect(parseSigningKey(text).ok, text).toBe(true);
  });

  test.each([
    ['one', `${'0'.repeat(63)}1`, true],
    ['n - 1', `${ORDER.slice(0, -1)}0`, true],
    ['zero', '0'.repeat(64), false],
    ['n', ORDER, false],
    ['n + 1', `${ORDER.slice(0, -1)}2`, false],
    ['2^256 - 1', 'f'.repeat(64), false],
  ])('is accepted only in 1..n-1: %s', (_name, hex, expected) => {
    expect(parseSigningKey(hex).ok).toBe(expected);
  });

  test.each(refused)('is not read from %s', (_name, text) => {
    expect(parseSigningKey(text)).toEqual({
      ok: false,
      failure: { code: 'signing.unconfigured' },
    });
  });
});
