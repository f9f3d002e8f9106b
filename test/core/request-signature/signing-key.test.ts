/** Which texts are public keys that only their owner can sign for. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { isSigningKey, verifyEd25519 } from '../../../worker/core/request-signature/signing-key.ts';

const fromHex = (hex: string): string => base64urlnopad.encode(hexToBytes(hex));

/** The points of small order, as the lists of libsodium and RFC 7748's curve have them. */
const SMALL_ORDER = [
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
];
/** Second spellings of points: y not below the prime of the field, or a sign that means nothing. */
const NOT_CANONICAL = [
  `ee${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `01${'00'.repeat(30)}80`,
  'ff'.repeat(32),
];
/** RFC 8032 section 7.1, tests 1 to 3. */
const KEYS = [
  'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
];

describe('a signing key', () => {
  it.each(KEYS)('is a point of the curve: %s', (key) => {
    expect(isSigningKey(fromHex(key))).toBe(true);
  });

  it.each(SMALL_ORDER)('is none of small order, for which anybody can sign: %s', (key) => {
    expect(isSigningKey(fromHex(key))).toBe(false);
  });

  it.each(NOT_CANONICAL)('has one spelling: %s', (key) => {
    expect(isSigningKey(fromHex(key))).toBe(false);
  });

  it('is no other text', () => {
    const [key = ''] = KEYS.map(fromHex);
    for (const text of ['', key.slice(1), `${key}=`, `${key}A`, key.replace(/^./, '+'), 'x'])
      expect(isSigningKey(text), text).toBe(false);
    // 43 characters hold two bits more than 32 bytes have.
    expect(isSigningKey(`${key.slice(0, -1)}${key.endsWith('o') ? 'p' : 'o'}`)).toBe(false);
  });

  it('of small order verifies nothing, if one were ever stored', () => {
    // R is the neutral element and s is 0: it satisfies the equation for such a key.
    const signature = new Uint8Array(64);
    signature[0] = 1;
    const message = new TextEncoder().encode('whatever');
    for (const key of SMALL_ORDER)
      expect(verifyEd25519({ signingKey: fromHex(key), message, signature })).toBe(false);
  });
});
