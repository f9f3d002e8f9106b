/**
 * Project Wycheproof vectors (Apache-2.0) for the primitives under the vault and the HMACs:
 * AES-256-GCM by WebCrypto as the bridge calls it, HKDF and HMAC by noble. The vectors are read
 * where the workspace keeps them, never copied.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { decryptAes, encryptAes, importAesKey } from '../../enclave-bridge/aes-gcm.ts';
import { readWycheproof } from '../support/wycheproof.ts';

interface AeadCase {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: 'valid' | 'invalid';
}
const aeadSizes = { keySize: 256, ivSize: 96, tagSize: 128 };
const aead = readWycheproof<AeadCase, typeof aeadSizes>('aes_gcm_test.json');

describe.skipIf(aead === undefined)('AES-256-GCM with 96-bit nonces', () => {
  const cases = (aead ?? [])
    .filter(({ keySize, ivSize }) => keySize === 256 && ivSize === 96)
    .flatMap(({ tests }) => tests);

  test('gives and opens exactly what the valid vectors say, and opens no invalid one', async () => {
    for (const { tcId, key, iv, aad, msg, ct, tag, result } of cases) {
      const aes = await importAesKey(hexToBytes(key));
      const place = { nonce: hexToBytes(iv), associatedData: hexToBytes(aad) };
      const sealed = hexToBytes(ct + tag);
      const opened = await decryptAes(aes, { ...place, text: sealed });
      expect(opened && bytesToHex(opened), `case ${tcId}`).toBe(
        result === 'valid' ? msg : undefined,
      );
      if (result !== 'valid') continue;
      const encrypted = await encryptAes(aes, { ...place, text: hexToBytes(msg) });
      expect(bytesToHex(encrypted), `case ${tcId}`).toBe(ct + tag);
    }
    expect(cases.length).toBeGreaterThan(50); // The file holds 51 of these sizes.
  });
});

interface HkdfCase {
  readonly tcId: number;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: 'valid' | 'invalid';
}
const hkdfGroups = readWycheproof<HkdfCase>('hkdf_sha256_test.json');

describe.skipIf(hkdfGroups === undefined)('HKDF-SHA-256', () => {
  test('derives what the valid vectors say, and refuses the invalid sizes', () => {
    for (const { tests } of hkdfGroups ?? []) {
      for (const { tcId, ikm, salt, info, size, okm, result } of tests) {
        const derive = (): string =>
          bytesToHex(hkdf(sha256, hexToBytes(ikm), hexToBytes(salt), hexToBytes(info), size));
        if (result === 'valid') expect(derive(), `case ${tcId}`).toBe(okm);
        else expect(derive, `case ${tcId}`).toThrow();
      }
    }
  });
});

interface MacCase {
  readonly tcId: number;
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
  readonly result: 'valid' | 'invalid';
}
const macGroups = readWycheproof<MacCase, { tagSize: number }>('hmac_sha256_test.json');

describe.skipIf(macGroups === undefined)('HMAC-SHA-256', () => {
  test('equals the tag of every valid vector and of no invalid one', () => {
    for (const { tests, tagSize } of macGroups ?? []) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const computed = hmac(sha256, hexToBytes(key), hexToBytes(msg)).slice(0, tagSize / 8);
        expect(bytesToHex(computed) === tag, `case ${tcId}`).toBe(result === 'valid');
      }
    }
  });
});
