/** Proofs of one's own balance: what an operator could show instead of it (M12). */
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { formatGas } from '../../../worker/core/money.ts';
import { findExcluded, type Inclusion } from '../../../worker/core/proofs/inclusion.ts';
import { type PlantedLeaf, plantLeaves } from '../../../worker/core/proofs/plant.ts';
import type { Statement } from '../../../worker/core/proofs/statement.ts';
import { pathOf, rootOf } from '../../../worker/core/proofs/sum-tree.ts';

const MAGIC = 56_753;
const HEIGHT = 100;
const shares = [
  { owner: 'acc_1', amount: 1_000n },
  { owner: 'acc_2', amount: 250n },
  { owner: 'acc_3', amount: 9n },
];

function tree(place = { magic: MAGIC, height: HEIGHT }, of = shares) {
  const leaves = plantLeaves({ seed: new Uint8Array(32).fill(3), ...place }, of);
  const nodes = leaves.map(({ node }) => node);
  const root = rootOf(nodes);
  const statement = {
    networkMagic: place.magic,
    height: place.height,
    tree: { root: bytesToHex(root.hash), sum: formatGas(root.sum), leaves: leaves.length },
    // Nothing else of it is read here.
  } as Statement;
  const proofOf = (owner: string, amount: bigint): Inclusion => ({
    accountId: owner,
    networkMagic: place.magic,
    height: place.height,
    available: formatGas(amount),
    reserved: '0',
    inTransit: '0',
    leaves: leaves.flatMap((leaf, index) => (leaf.owner === owner ? [shown(leaf, index)] : [])),
  });
  const shown = ({ amount, salt }: PlantedLeaf, index: number) => ({
    index,
    amount: formatGas(amount),
    salt: bytesToHex(salt),
    path: pathOf(nodes, index).map(({ sum, hash }) => ({
      sum: formatGas(sum),
      hash: bytesToHex(hash),
    })),
  });
  return { statement, proofOf };
}

describe('M12: a proof of inclusion', () => {
  it('shows what each account holds', () => {
    const { statement, proofOf } = tree();
    for (const { owner, amount } of shares)
      expect(findExcluded(proofOf(owner, amount), statement)).toBeNull();
    expect(findExcluded(proofOf('acc_without', 0n), statement)).toBeNull();
  });

  it('does not hide a leaf that was left out', () => {
    const { statement, proofOf } = tree();
    const proof = proofOf('acc_1', 1_000n);
    expect(findExcluded({ ...proof, leaves: proof.leaves.slice(1) }, statement)).toBe(
      'sum_differs',
    );
    expect(findExcluded({ ...proof, leaves: [] }, statement)).toBe('sum_differs');
  });

  it('does not count a leaf twice', () => {
    const { statement, proofOf } = tree();
    const proof = proofOf('acc_1', 1_000n);
    const [first] = proof.leaves;
    if (first === undefined) throw new Error('a leaf');
    expect(findExcluded({ ...proof, leaves: [first, first] }, statement)).toBe('leaf_repeated');
    const moved = { ...first, index: (first.index + 1) % statement.tree.leaves };
    expect(findExcluded({ ...proof, leaves: [first, moved] }, statement)).toBe('leaf_not_in_tree');
  });

  it('is not another account’s', () => {
    const { statement, proofOf } = tree();
    const stolen = { ...proofOf('acc_1', 1_000n), accountId: 'acc_2' };
    expect(findExcluded(stolen, statement)).toBe('leaf_not_in_tree');
  });

  it('is not one of another checkpoint or network', () => {
    const { statement } = tree();
    const later = tree({ magic: MAGIC, height: HEIGHT + 1 }).proofOf('acc_1', 1_000n);
    const elsewhere = tree({ magic: 1, height: HEIGHT }).proofOf('acc_1', 1_000n);
    expect(findExcluded(later, statement)).toBe('another_height');
    expect(findExcluded(elsewhere, statement)).toBe('another_network');
    // With the words of this one over the leaves of that one.
    expect(findExcluded({ ...later, height: HEIGHT }, statement)).toBe('leaf_not_in_tree');
    expect(findExcluded({ ...elsewhere, networkMagic: MAGIC }, statement)).toBe('leaf_not_in_tree');
  });

  it('cannot be of less than its leaves, nor of a debt', () => {
    const { statement, proofOf } = tree();
    const proof = proofOf('acc_1', 1_000n);
    expect(findExcluded({ ...proof, reserved: '0.00000001' }, statement)).toBe('sum_differs');
    const [first, ...rest] = proof.leaves;
    if (first === undefined) throw new Error('a leaf');
    const [sibling, ...above] = first.path;
    if (sibling === undefined) throw new Error('a path');
    const debt = { ...first, path: [{ ...sibling, sum: '-1' }, ...above] };
    expect(findExcluded({ ...proof, leaves: [debt, ...rest] }, statement)).toBe('leaf_not_in_tree');
  });
});
