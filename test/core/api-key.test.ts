/**
 * The text of API keys: a checksum refuses mistyped ones before any look-up, and no two secrets
 * share a text.
 */
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeApiKey,
  equalConstantTime,
  hashCredential,
  parseApiKey,
} from '../../worker/core/crypto/api-key.ts';

const keyId = 'key_01k4j8x1e0e4r9v2m3n5p6q7rs';
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
const encode = (secret: Uint8Array): string => encodeApiKey({ environment: 'dev', keyId, secret });

describe('API keys', () => {
  it('are read back with their id and environment', () => {
    fc.assert(
      fc.property(fc.constantFrom('dev', 'stg', 'prd'), secrets, (environment, secret) => {
        const text = encodeApiKey({ environment, keyId, secret });
        expect(parseApiKey(text)).toEqual({ keyId, environment });
        expect(text).toMatch(/^nsl_[a-z]{3}_[0-9a-z]{26}_[0-9A-Za-z]{43}_[0-9a-f]{8}$/);
      }),
    );
  });

  it('end with the CRC-32 of zlib over all before it', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const [, body = '', sum] = /^(.*)_([0-9a-f]{8})$/.exec(encode(secret)) ?? [];
        expect(crc32(body).toString(16).padStart(8, '0')).toBe(sum);
      }),
    );
  });

  it('differ whenever their secrets do', () => {
    fc.assert(
      fc.property(secrets, secrets, (one, other) => {
        expect(encode(one) === encode(other)).toBe(Buffer.from(one).equals(Buffer.from(other)));
      }),
    );
    expect(encode(new Uint8Array(32).fill(255))).toHaveLength(encode(new Uint8Array(32)).length);
  });

  it('are refused with any one character changed, added or missing', () => {
    const text = encode(new Uint8Array(32).fill(9));
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'a' ? 'b' : 'a';
      expect(parseApiKey(text.slice(0, index) + other + text.slice(index + 1))).toBeNull();
      expect(parseApiKey(text.slice(0, index) + text.slice(index + 1))).toBeNull();
    }
    for (const wrong of ['', ` ${text}`, `${text}\n`, text.toUpperCase(), `${text}0`, `x${text}`])
      expect(parseApiKey(wrong)).toBeNull();
  });

  it('are refused as any other text, without throwing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(parseApiKey(text)).toBeNull();
      }),
    );
  });

  it('need 32 random bytes and an id of a key', () => {
    expect(() => encode(new Uint8Array(31))).toThrow('32 random bytes');
    expect(() =>
      encodeApiKey({ environment: 'dev', keyId: 'acc_x', secret: new Uint8Array(32) }),
    ).toThrow('key id');
  });
});

describe('hashCredential', () => {
  it('is SHA-256 in lower-case hex (FIPS 180-4, "abc")', () => {
    expect(hashCredential('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('equalConstantTime', () => {
  it('agrees with equality', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 }), (left, right) => {
        expect(equalConstantTime(left, right)).toBe(left === right);
        expect(equalConstantTime(left, left)).toBe(true);
      }),
    );
  });
});
