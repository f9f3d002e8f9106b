/**
 * A Merkle tree whose nodes carry sums (money rule M12): the root commits to what all leaves hold
 * together, and a path shows one leaf without showing another's owner. A node hashes the sum and the
 * hash of both its children, so a sum on the way cannot be told differently to two owners; every sum
 * is range-checked by whoever verifies, or a negative one beside an honest path would hide a debt.
 * Where a leaf stands is its number, and the number of all leaves is public: on which side its
 * siblings are follows from both and is nothing a prover could choose.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { DOMAINS, domainSeparated } from '../crypto/domains.ts';

/** Sums are eight bytes and never have the highest bit. */
const SUM_END = 2n ** 63n;
const HASH_BYTES = 32;
const NODE_BYTES = 8 + HASH_BYTES;
const SALT_BYTES = 32;
/** More than the leaves of any tree we make; a path has at most 32 steps then. */
const LEAVES_MAX = 2 ** 32;

export interface SumNode {
  /** Datoshi. */
  readonly sum: bigint;
  readonly hash: Uint8Array;
}

export interface LeafFacts {
  readonly magic: number;
  readonly height: number;
  /** An account id. */
  readonly owner: string;
  readonly amount: bigint;
  readonly salt: Uint8Array;
}

const inRange = (sum: bigint): boolean => sum >= 0n && sum < SUM_END;

const isNode = ({ sum, hash }: SumNode): boolean => inRange(sum) && hash.length === HASH_BYTES;

/** The network, the height and the owner are in it: a leaf is of one checkpoint and one account. */
export function leafOf({ magic, height, owner, amount, salt }: LeafFacts): SumNode {
  assert(inRange(amount) && salt.length === SALT_BYTES, 'a leaf has an amount and a salt');
  const place = new Uint8Array(8);
  const view = new DataView(place.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, height);
  const facts = [place, sumBytes(amount), salt, utf8ToBytes(owner)];
  return { sum: amount, hash: sha256(domainSeparated(DOMAINS.sumTreeLeaf, ...facts)) };
}

/** Null where a sum is out of range. */
function join(left: SumNode, right: SumNode): SumNode | null {
  if (!isNode(left) || !isNode(right)) return null;
  const sum = left.sum + right.sum;
  if (!inRange(sum)) return null;
  const children = [sumBytes(left.sum), left.hash, sumBytes(right.sum), right.hash];
  return { sum, hash: sha256(domainSeparated(DOMAINS.sumTreeNode, ...children)) };
}

/** What stands for a tree without leaves. */
export const emptyRoot = (): SumNode => ({
  sum: 0n,
  hash: sha256(domainSeparated(DOMAINS.sumTreeEmpty)),
});

/** The row above; the last of an odd row rises as it is. */
function rowAbove(row: readonly SumNode[]): readonly SumNode[] {
  const above: SumNode[] = [];
  for (let index = 0; index < row.length; index += 2) {
    const left = row[index];
    const right = row[index + 1];
    assert(left !== undefined, 'a row has no gap');
    const node = right === undefined ? left : join(left, right);
    assert(node !== null, 'all sums of a tree of ours are in range');
    above.push(node);
  }
  return above;
}

export function rootOf(leaves: readonly SumNode[]): SumNode {
  let row = leaves;
  while (row.length > 1) row = rowAbove(row);
  return row[0] ?? emptyRoot();
}

/** From the leaf upwards: the siblings that its verifier needs. */
export function pathOf(leaves: readonly SumNode[], index: number): readonly SumNode[] {
  const path: SumNode[] = [];
  let row = leaves;
  for (let at = index; row.length > 1; at >>>= 1) {
    const sibling = row[at ^ 1];
    if (sibling !== undefined) path.push(sibling);
    row = rowAbove(row);
  }
  return path;
}

export interface PathCheck {
  readonly root: SumNode;
  /** Of the whole tree. */
  readonly leaves: number;
  readonly index: number;
  readonly leaf: SumNode;
  readonly path: readonly SumNode[];
}

/** Whether the leaf stands at its place under the root, with every sum on the way in range. */
export function isUnderRoot({ root, leaves, index, leaf, path }: PathCheck): boolean {
  if (!Number.isInteger(leaves) || leaves < 1 || leaves > LEAVES_MAX) return false;
  if (!Number.isInteger(index) || index < 0 || index >= leaves) return false;
  let node: SumNode | null = leaf;
  let at = index;
  let taken = 0;
  for (let width = leaves; width > 1 && node !== null; width = Math.ceil(width / 2)) {
    const isAlone: boolean = at % 2 === 0 && at + 1 === width;
    if (!isAlone) {
      const sibling = path[taken];
      taken += 1;
      if (sibling === undefined) return false;
      node = at % 2 === 0 ? join(node, sibling) : join(sibling, node);
    }
    at = Math.floor(at / 2);
  }
  return node !== null && taken === path.length && isNode(node) && isSame(node, root);
}

const isSame = (one: SumNode, other: SumNode): boolean =>
  one.sum === other.sum &&
  one.hash.length === other.hash.length &&
  one.hash.every((byte, index) => byte === other.hash[index]);

/** As rows of a store have them: sum and hash, one after the other. */
export function encodeNodes(nodes: readonly SumNode[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(nodes.length * NODE_BYTES);
  for (const [index, { sum, hash }] of nodes.entries()) {
    bytes.set(sumBytes(sum), index * NODE_BYTES);
    bytes.set(hash, index * NODE_BYTES + 8);
  }
  return bytes;
}

export function decodeNodes(bytes: Uint8Array): readonly SumNode[] {
  assert(bytes.length % NODE_BYTES === 0, 'nodes are stored whole');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / NODE_BYTES }, (_, index) => ({
    sum: view.getBigUint64(index * NODE_BYTES),
    hash: bytes.slice(index * NODE_BYTES + 8, (index + 1) * NODE_BYTES),
  }));
}

function sumBytes(sum: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, sum);
  return bytes;
}
