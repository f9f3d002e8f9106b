/**
 * The leaves of a checkpoint from what each book holds (money rule M12). Each balance is split over
 * two to four leaves at random places, since a path shows the sum of the neighbouring leaf; leaves
 * are salted, so that a neighbour's cannot be guessed; and they stand in the order of their hashes,
 * which the salts make random anew for every checkpoint. All of it comes from one secret seed:
 * planted twice after a crash, the tree is the same.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { leafOf, type SumNode } from './sum-tree.ts';

export const SEED_BYTES = 32;
const LEAVES_MIN = 2;
const LEAVES_CHOICES = 3;

export interface Ground {
  readonly seed: Uint8Array;
  readonly magic: number;
  readonly height: number;
}

export interface Share {
  readonly owner: string;
  readonly amount: bigint;
}

export interface PlantedLeaf {
  readonly owner: string;
  readonly amount: bigint;
  readonly salt: Uint8Array;
  readonly node: SumNode;
}

/** In the order in which they stand in the tree; a book that holds nothing has none. */
export function plantLeaves(ground: Ground, shares: readonly Share[]): readonly PlantedLeaf[] {
  assert(ground.seed.length === SEED_BYTES, 'a seed has 32 bytes');
  const leaves = shares
    .filter(({ amount }) => amount > 0n)
    .flatMap((share) => leavesOf(ground, share))
    .map((leaf) => ({ leaf, key: bytesToHex(leaf.node.hash) }));
  return leaves.toSorted((one, other) => (one.key < other.key ? -1 : 1)).map(({ leaf }) => leaf);
}

function leavesOf({ seed, magic, height }: Ground, { owner, amount }: Share): PlantedLeaf[] {
  const secret = (use: 'salt' | 'cut' | 'count', number: number): Uint8Array =>
    hmac(sha256, seed, concatBytes(utf8ToBytes(`${use}:${String(number)}:`), utf8ToBytes(owner)));
  const count = LEAVES_MIN + ((secret('count', 0)[0] ?? 0) % LEAVES_CHOICES);
  const cuts = Array.from({ length: count - 1 }, (_, number) =>
    cutOf(secret('cut', number), amount),
  );
  const borders = [0n, ...cuts.toSorted((one, other) => (one < other ? -1 : 1)), amount];
  return borders.slice(1).map((border, number) => {
    const part = border - (borders[number] ?? 0n);
    const salt = secret('salt', number);
    return {
      owner,
      amount: part,
      salt,
      node: leafOf({ magic, height, owner, amount: part, salt }),
    };
  });
}

/** Between nothing and all of it; 64 bits make the bias of the remainder too small to matter. */
const cutOf = (bytes: Uint8Array, amount: bigint): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0) % (amount + 1n);
