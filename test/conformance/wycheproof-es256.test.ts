/**
 * Project Wycheproof vectors (Apache-2.0) for ES256, through the same function that verifies
 * receipts and checkpoints.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { decodePublicJwk, verifyEs256 } from '../../worker/core/crypto/es256.ts';
import { readWycheproof } from '../support/wycheproof.ts';

interface EcdsaCase {
  readonly tcId: number;
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid';
}
interface EcdsaGroup {
  readonly publicKey: { readonly uncompressed: string };
  readonly publicKeyJwk?: { readonly x: string; readonly y: string };
}
const groups = readWycheproof<EcdsaCase, EcdsaGroup>('ecdsa_secp256r1_sha256_p1363_test.json');

describe.skipIf(groups === undefined)('ES256', () => {
  test('accepts every valid vector, high s included, and no invalid one', () => {
    for (const { publicKey, tests } of groups ?? []) {
      const publicPoint = hexToBytes(publicKey.uncompressed);
      for (const { tcId, msg, sig, result } of tests) {
        const check = { message: hexToBytes(msg), signature: hexToBytes(sig), publicPoint };
        expect(verifyEs256(check), `case ${tcId}`).toBe(result === 'valid');
      }
    }
  });

  test('reads the public keys of the vectors from their JWK form', () => {
    for (const { publicKey, publicKeyJwk } of groups ?? []) {
      if (publicKeyJwk === undefined) continue;
      const { x, y } = publicKeyJwk;
      const point = decodePublicJwk({ kty: 'EC', crv: 'P-256', x, y });
      expect(point && bytesToHex(point)).toBe(publicKey.uncompressed);
    }
  });
});
