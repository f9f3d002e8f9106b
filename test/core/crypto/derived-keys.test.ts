import { hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  dataKeyId,
  deriveWrappingKey,
  masterKeyId,
  signingKeyId,
} from '../../../worker/core/crypto/derived-keys.ts';
import { publicPointOf } from '../../../worker/core/crypto/es256.ts';

const key = new Uint8Array(32).fill(0x42);

describe('derived keys', () => {
  test('are HKDF-SHA-256 without salt, as another implementation computes it', () => {
    const expected = hkdfSync('sha256', key, '', 'neo-service-layer/wrapping-key/v1', 32);
    expect(Buffer.from(deriveWrappingKey(key))).toEqual(Buffer.from(expected));
  });

  test('do not exist for a key of another length', () => {
    expect(() => deriveWrappingKey(new Uint8Array(31))).toThrow('32 bytes');
    expect(() => masterKeyId(new Uint8Array(0))).toThrow('32 bytes');
  });
});

describe('key ids', () => {
  test('are 16 hex digits, differ by key and by kind of key', () => {
    const ids = [
      masterKeyId(key),
      masterKeyId(new Uint8Array(32).fill(0x43)),
      dataKeyId(key),
      signingKeyId(publicPointOf(key)),
    ];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of a master key share nothing with the key that wraps', () => {
    expect(Buffer.from(deriveWrappingKey(key)).toString('hex')).not.toContain(masterKeyId(key));
  });
});
