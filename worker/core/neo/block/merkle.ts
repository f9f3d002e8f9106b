/**
 * The merkle root of a block's transaction hashes: SHA-256 twice over two hashes in wire order, the
 * last one taken twice where the count is odd (MerkleTree of neo, pkg/crypto/hash of neo-go). That
 * doubling makes lists with repeated ends share one root (CVE-2012-2459): a node could answer a
 * block with a transaction twice under a header that verifies. A repeated hash has no root here.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { decodeHash256, encodeHash256, HASH256_BYTES, type Hash256 } from '../hash256.ts';

/** Of a block without transactions. */
const EMPTY_ROOT = decodeHash256(new Uint8Array(HASH256_BYTES));

/** Null when a hash stands twice. */
export function merkleRootOf(hashes: readonly Hash256[]): Hash256 | null {
  if (new Set(hashes).size !== hashes.length) return null;
  let level = hashes.map(encodeHash256);
  while (level.length > 1) level = parentsOf(level);
  const [root] = level;
  return root === undefined ? EMPTY_ROOT : decodeHash256(root);
}

function parentsOf(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index] ?? new Uint8Array();
    parents.push(sha256(sha256(concatBytes(left, level[index + 1] ?? left))));
  }
  return parents;
}
