/**
 * Keys of Neo: every key signs what its public key verifies, keeps its text, and stands in one
 * script however the members of an account are listed. SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddress, parseAddress } from '../../worker/core/neo/address.ts';
import { decodePrivateKey, publicKeyOf, signMessage } from '../../worker/core/neo/private-key.ts';
import { comparePublicKeys, parsePublicKey } from '../../worker/core/neo/public-key.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import { verifySignature } from '../../worker/core/neo/signature.ts';
import {
  decodeMultisigScript,
  encodeMultisigScript,
} from '../../worker/core/neo/verification-script.ts';
import { encodeWif, parseWif } from '../../worker/core/neo/wif.ts';
import { arbitraryPublicKey } from '../support/neo-arbitraries.ts';
import { runsOf } from '../support/runs.ts';

/** Each makes signatures or points: a millisecond and more. */
const { seed, numRuns } = runsOf('neo-keys', { usual: 60, slow: 1_000 });

const BASE58 = Array.from('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz');
const privateKeys = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(decodePrivateKey)
  .filter((key) => key !== null);
/** From a few, each with its negative beside it: the one pair that is ordered by Y. */
const publicKeys = fc.tuple(arbitraryPublicKey, fc.boolean()).map(([key, isNegative]) => {
  const negative = parsePublicKey(`${key.startsWith('02') ? '03' : '02'}${key.slice(2)}`);
  return isNegative && negative !== null ? negative : key;
});

const check = <Value>(values: fc.Arbitrary<Value>, holds: (value: Value) => void): void => {
  fc.assert(fc.property(values, holds), { seed, numRuns });
};

describe('keys', () => {
  it('sign what their public key verifies, and nothing with a bit changed', () => {
    const bits = fc.nat(64 * 8 - 1);
    check(fc.tuple(privateKeys, fc.uint8Array({ maxLength: 200 }), bits), ([key, message, bit]) => {
      const signed = { message, signature: signMessage(message, key), publicKey: publicKeyOf(key) };
      expect(verifySignature(signed)).toBe(true);
      const signature = signed.signature.slice();
      signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifySignature({ ...signed, signature })).toBe(false);
    });
  });

  it('keep their text', () => {
    check(privateKeys, (key) => {
      expect(parseWif(encodeWif(key))).toEqual(key);
    });
  });

  it('are in one script however they are listed', () => {
    const members = fc.uniqueArray(publicKeys, { minLength: 1, maxLength: 15 }).chain((keys) =>
      fc.record({
        keys: fc.constant(keys),
        shuffled: fc.shuffledSubarray(keys, { minLength: keys.length }),
        threshold: fc.integer({ min: 1, max: keys.length }),
      }),
    );
    check(members, ({ keys, shuffled, threshold }) => {
      const script = encodeMultisigScript({ threshold, publicKeys: keys });
      expect(encodeMultisigScript({ threshold, publicKeys: shuffled })).toEqual(script);
      const publicKeysInOrder = keys.toSorted(comparePublicKeys);
      expect(script.ok && decodeMultisigScript(script.value)).toEqual({
        threshold,
        publicKeys: publicKeysInOrder,
      });
    });
  });
});

describe('texts of anybody', () => {
  it('end in a key or an address, or in null', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({
        unit: fc.constantFrom(...BASE58),
        minLength: 34,
        maxLength: 52,
      }),
    );
    check(texts, (text) => {
      expect(parseWif(text)).toBeNull();
      expect(parseAddress(text)).toBeNull();
    });
  });

  it('are addresses exactly when they were written as one', () => {
    check(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const hash = decodeScriptHash(bytes);
      expect(parseAddress(encodeAddress(hash))).toBe(hash);
    });
  });
});
