/**
 * That one's own balance is in the published total (money rule M12): each leaf of the account, what
 * it holds, what hides it, and its path to the root of a statement. The owner alone is shown it. A
 * proof is of one network, one height and one account, whose leaves carry all three; and each leaf
 * counts once, wherever it is shown.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { parseSum, type Statement } from './statement.ts';
import { isUnderRoot, leafOf, type SumNode } from './sum-tree.ts';

const sum = (description: string) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,7})(?:\.[0-9]{1,8})?$/, 'is not a decimal amount of GAS')
    .meta({ description: `${description} In GAS, decimal.` });
const bytes32 = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits')
    .meta({ description });

export const inclusionSchema = z
  .strictObject({
    accountId: z.string().max(64).meta({ description: 'Whose book it is.' }),
    networkMagic: z.int().min(0).max(0xffff_ffff),
    height: z.int().min(0).max(0xffff_ffff),
    available: sum('Of all its gas accounts.'),
    reserved: sum('Held for what is under way.'),
    inTransit: sum('On its way to another book.'),
    leaves: z
      .array(
        z.strictObject({
          index: z.int().min(0).max(0xffff_ffff).meta({ description: 'Its place in the tree.' }),
          amount: sum('What it holds.'),
          salt: bytes32('What keeps others from guessing it.'),
          path: z
            .array(z.strictObject({ sum: sum('Below it.'), hash: bytes32('SHA-256.') }))
            .max(32)
            .meta({ description: 'Its siblings, from the leaf to the root.' }),
        }),
      )
      .max(16),
  })
  .meta({ id: 'InclusionProof' });
export type Inclusion = Readonly<z.infer<typeof inclusionSchema>>;

export type Excluded =
  | 'malformed'
  | 'another_network'
  | 'another_height'
  | 'leaf_repeated'
  | 'leaf_not_in_tree'
  | 'sum_differs';

/** Why the proof does not show the balance in the statement's total; null when it does. */
export function findExcluded(proof: Inclusion, statement: Statement): Excluded | null {
  const { networkMagic: magic, height, accountId: owner, leaves } = proof;
  if (magic !== statement.networkMagic) return 'another_network';
  if (height !== statement.height) return 'another_height';
  const root = nodeOf({ sum: statement.tree.sum, hash: statement.tree.root });
  const owned = [proof.available, proof.reserved, proof.inTransit].map(parseSum);
  if (root === null || owned.includes(null)) return 'malformed';
  if (new Set(leaves.map(({ index }) => index)).size !== leaves.length) return 'leaf_repeated';
  let shown = 0n;
  for (const { index, amount: text, salt, path } of leaves) {
    const amount = parseSum(text);
    const siblings = path.map(nodeOf).filter((node) => node !== null);
    if (amount === null || siblings.length !== path.length) return 'malformed';
    const leaf = leafOf({ magic, height, owner, amount, salt: hexToBytes(salt) });
    const check = { root, leaves: statement.tree.leaves, index, leaf, path: siblings };
    if (!isUnderRoot(check)) return 'leaf_not_in_tree';
    shown += amount;
  }
  return owned.reduce<bigint>((all, part) => all + (part ?? 0n), 0n) === shown
    ? null
    : 'sum_differs';
}

function nodeOf({ sum: text, hash }: { readonly sum: string; readonly hash: string }) {
  const parsed = parseSum(text);
  return parsed === null ? null : ({ sum: parsed, hash: hexToBytes(hash) } satisfies SumNode);
}
