/**
 * Project Wycheproof vectors (Apache-2.0) for Ed25519, through the same functions that take keys for
 * signatures of requests and verify them.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { isSigningKey, verifyEd25519 } from '../../worker/core/request-signature/signing-key.ts';
import { readWycheproof } from '../support/wycheproof.ts';

interface EddsaCase {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid';
}
interface EddsaGroup {
  readonly publicKeyJwk: { readonly x: string };
}
const groups = readWycheproof<EddsaCase, EddsaGroup>('ed25519_test.json');

describe.skipIf(groups === undefined)('Ed25519', () => {
  test('accepts every valid vector and no invalid one', () => {
    for (const { publicKeyJwk, tests } of groups ?? [])
      for (const { tcId, comment, msg, sig, result } of tests) {
        const message = hexToBytes(msg);
        const check = { signingKey: publicKeyJwk.x, message, signature: hexToBytes(sig) };
        expect(verifyEd25519(check), `case ${tcId}: ${comment}`).toBe(result === 'valid');
      }
  });

  test('takes the keys of the vectors', () => {
    for (const { publicKeyJwk } of groups ?? [])
      expect(isSigningKey(publicKeyJwk.x), publicKeyJwk.x).toBe(true);
  });
});
