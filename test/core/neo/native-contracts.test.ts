/** Native contracts and the hashes of contracts, computed again and against neo-go's table. */
import { describe, expect, it } from 'vitest';
import { contractHashOf } from '../../../worker/core/neo/contract-hash.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { decodeScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';

const vectors = readNeoVectors('native-hashes.json') as
  | {
      readonly natives: readonly {
        readonly name: string;
        readonly id: number;
        readonly hash_display: string;
      }[];
    }
  | undefined;

const NOBODY = decodeScriptHash(new Uint8Array(20));

describe('native contracts', () => {
  it('have the hash of their name, without a sender', () => {
    for (const [name, { hash }] of Object.entries(NATIVE_CONTRACTS))
      expect(contractHashOf({ sender: NOBODY, nefChecksum: 0, name })).toBe(hash);
  });

  it.skipIf(!vectors)('are those of neo-go, none left out', () => {
    const ours = Object.entries(NATIVE_CONTRACTS).map(([name, { id, hash }]) => ({
      name,
      id,
      hash,
    }));
    const theirs = vectors?.natives.map(({ name, id, hash_display: hash }) => ({ name, id, hash }));
    expect(ours).toEqual(theirs);
  });
});

describe('the hash of a contract', () => {
  it('differs by sender, by checksum and by name', () => {
    const deployment = { sender: NOBODY, nefChecksum: 0xffff_ffff, name: 'vault' };
    const hashes = [
      deployment,
      { ...deployment, sender: NATIVE_CONTRACTS.GasToken.hash },
      { ...deployment, nefChecksum: 0x7fff_ffff },
      { ...deployment, name: 'vault2' },
    ].map(contractHashOf);
    expect(new Set(hashes).size).toBe(4);
  });

  it('asserts that a checksum has 32 bits without a sign', () => {
    for (const nefChecksum of [-1, 2 ** 32, 1.5])
      expect(() => contractHashOf({ sender: NOBODY, nefChecksum, name: 'vault' })).toThrow();
  });
});
