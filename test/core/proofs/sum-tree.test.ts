/** The sum tree of proofs: what a prover could try to show more, less, twice or elsewhere (M12). */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { plantLeaves } from '../../../worker/core/proofs/plant.ts';
import {
  decodeNodes,
  emptyRoot,
  encodeNodes,
  isUnderRoot,
  leafOf,
  pathOf,
  rootOf,
  type SumNode,
} from '../../../worker/core/proofs/sum-tree.ts';

const SALT = new Uint8Array(32).fill(5);
const facts = (owner: string, amount: bigint) => ({
  magic: 1,
  height: 100,
  owner,
  amount,
  salt: SALT,
});
const treeOf = (amounts: readonly bigint[]): readonly SumNode[] =>
  amounts.map((amount, index) => leafOf(facts(`acc_${String(index)}`, amount)));

function check(leaves: readonly SumNode[], index: number) {
  const leaf = leaves[index];
  if (leaf === undefined) throw new Error('no such leaf');
  return { root: rootOf(leaves), leaves: leaves.length, index, leaf, path: pathOf(leaves, index) };
}

const bytes8 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value));
  return bytes;
};
const hashNode = (left: SumNode, right: SumNode): Uint8Array =>
  sha256(
    concatBytes(
      utf8ToBytes('neo-service-layer/sum-tree-node/v1\0'),
      bytes8(left.sum),
      left.hash,
      bytes8(right.sum),
      right.hash,
    ),
  );

describe('M12: the sum tree', () => {
  it('shows each leaf of trees of one to seventy leaves, and the sum of all', () => {
    for (let count = 1; count <= 70; count += 1) {
      const leaves = treeOf(Array.from({ length: count }, (_, index) => BigInt(index + 1)));
      expect(rootOf(leaves).sum).toBe(BigInt((count * (count + 1)) / 2));
      for (let index = 0; index < count; index += 1)
        expect(isUnderRoot(check(leaves, index)), `${String(index)} of ${String(count)}`).toBe(
          true,
        );
    }
  });

  it('hashes the tag, both sums and both hashes of a node', () => {
    const [left, right] = treeOf([3n, 4n]);
    if (left === undefined || right === undefined) throw new Error('two leaves');
    expect(rootOf([left, right])).toEqual({ sum: 7n, hash: hashNode(left, right) });
  });

  it('has a root for nobody, which no leaf stands under', () => {
    const [leaf] = treeOf([0n]);
    if (leaf === undefined) throw new Error('one leaf');
    expect(rootOf([])).toEqual(emptyRoot());
    expect(isUnderRoot({ root: emptyRoot(), leaves: 0, index: 0, leaf, path: [] })).toBe(false);
  });

  it('refuses a hidden negative sum beside an honest path', () => {
    const leaf = leafOf(facts('acc_victim', 100n));
    const debt: SumNode = { sum: -90n, hash: SALT };
    // What a verifier without range checks would add up to: 10 in the root for 100 that are owed.
    const root = { sum: 10n, hash: hashNode(leaf, debt) };
    expect(isUnderRoot({ root, leaves: 2, index: 0, leaf, path: [debt] })).toBe(false);
    const wrapped: SumNode = { sum: 2n ** 64n - 90n, hash: SALT };
    expect(isUnderRoot({ root, leaves: 2, index: 0, leaf, path: [wrapped] })).toBe(false);
  });

  it('refuses sums that pass 2^63 together', () => {
    const leaf = leafOf(facts('acc_victim', 2n ** 62n));
    const other: SumNode = { sum: 2n ** 62n, hash: SALT };
    const root = { sum: 2n ** 63n, hash: hashNode(leaf, other) };
    expect(isUnderRoot({ root, leaves: 2, index: 0, leaf, path: [other] })).toBe(false);
  });

  it('refuses another sum, hash, place, width or path than the tree has', () => {
    const leaves = treeOf([1n, 2n, 3n, 4n, 5n]);
    const good = check(leaves, 2);
    const { leaf, path, root } = good;
    const [first, ...rest] = path;
    if (first === undefined) throw new Error('a path');
    const forged: readonly (readonly [string, typeof good])[] = [
      ['a larger leaf', { ...good, leaf: { ...leaf, sum: leaf.sum + 1n } }],
      ['a smaller sibling', { ...good, path: [{ ...first, sum: first.sum - 1n }, ...rest] }],
      ['a smaller root', { ...good, root: { ...root, sum: root.sum - 1n } }],
      ['another root', { ...good, root: { ...root, hash: SALT } }],
      ['the place of another leaf', { ...good, index: 3 }],
      ['a place outside', { ...good, index: 5 }],
      ['a negative place', { ...good, index: -1 }],
      ['a narrower tree', { ...good, leaves: 2 }],
      ['a shorter path', { ...good, path: path.slice(0, -1) }],
      ['a longer path', { ...good, path: [...path, first] }],
      ['a hash that is cut', { ...good, path: [{ ...first, hash: first.hash.slice(1) }, ...rest] }],
    ];
    expect(isUnderRoot(good)).toBe(true);
    for (const [what, one] of forged) expect(isUnderRoot(one), what).toBe(false);
  });

  it('takes no node for a leaf', () => {
    const leaves = treeOf([1n, 2n, 3n, 4n]);
    const inner = rootOf(leaves.slice(0, 2));
    const sibling = rootOf(leaves.slice(2));
    const check = { root: rootOf(leaves), leaves: 4, index: 0, leaf: inner, path: [sibling] };
    expect(isUnderRoot(check)).toBe(false);
  });

  it('binds a leaf to its network, height, owner, amount and salt', () => {
    const one = facts('acc_1', 7n);
    const others = [
      { ...one, magic: 2 },
      { ...one, height: 101 },
      { ...one, owner: 'acc_2' },
      { ...one, amount: 8n },
      { ...one, salt: new Uint8Array(32) },
    ];
    const hashes = [one, ...others].map((leaf) => leafOf(leaf).hash.join());
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('reads nodes back as they were stored', () => {
    const leaves = treeOf([0n, 1n, 2n ** 53n - 1n]);
    expect(decodeNodes(encodeNodes(leaves))).toEqual(leaves);
  });
});

describe('M12: planting', () => {
  const seed = new Uint8Array(32).fill(1);
  const ground = { seed, magic: 1, height: 100 };
  const shares = Array.from({ length: 40 }, (_, index) => ({
    owner: `acc_${String(index)}`,
    amount: BigInt(index) * 1_000n,
  }));

  it('splits every balance over two to four leaves that add up to it', () => {
    const leaves = plantLeaves(ground, shares);
    for (const { owner, amount } of shares) {
      const own = leaves.filter((leaf) => leaf.owner === owner);
      expect(own.reduce((sum, leaf) => sum + leaf.amount, 0n)).toBe(amount);
      if (amount > 0n) expect(own.length).toBeGreaterThanOrEqual(2);
      expect(own.length).toBeLessThanOrEqual(amount > 0n ? 4 : 0);
    }
  });

  it('plants the same tree again from the same seed, in whatever order the books come', () => {
    const again = plantLeaves(ground, shares.toReversed());
    expect(again).toEqual(plantLeaves(ground, shares));
  });

  it('salts, splits and orders anew for another seed', () => {
    const one = plantLeaves(ground, shares);
    const other = plantLeaves({ ...ground, seed: new Uint8Array(32).fill(2) }, shares);
    const salts = new Set([...one, ...other].map(({ salt }) => salt.join()));
    expect(salts.size).toBe(one.length + other.length);
    expect(other.map(({ owner }) => owner)).not.toEqual(one.map(({ owner }) => owner));
  });
});
