/**
 * What the platform says it owes and holds at a height (money rules M10-M12): watched addresses with
 * what the books say lies on them, liabilities by heading, and the root of the sum tree of what
 * customers own. It is signed over its canonical JSON. Whether it is sound in itself anybody can
 * tell from the statement alone; whether the chain has those assets, a node tells
 * (`gas-balances.ts`).
 *
 * Every book adds up to nothing by itself, so what can be wrong in between is what two books both
 * have: `other_books` over all books is less than nothing by what was received and is not cleared
 * yet, which is part of what is in transit, and never more than nothing.
 */
import * as z from 'zod';
import { encodeCanonicalJson } from '../canonical-json.ts';
import { AMOUNT_MAX, formatGas } from '../money.ts';
import type { Anchor } from './anchor.ts';

/** GAS as a statement writes it; unlike `parseGas` it takes nothing and debts, as books have them. */
const SUM = /^(-?)(0|[1-9][0-9]{0,7})(?:\.([0-9]{1,8}))?$/;

/** Datoshi; null for any other form than the one `formatGas` writes. */
export function parseSum(text: string): bigint | null {
  const match = SUM.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const absolute = BigInt(whole) * 100_000_000n + BigInt(fraction.padEnd(8, '0'));
  const sum = sign === '' ? absolute : -absolute;
  return absolute <= AMOUNT_MAX && formatGas(sum) === text ? sum : null;
}

const sumSchema = z
  .string()
  .regex(SUM, 'is not a decimal amount of GAS')
  .meta({ description: 'In GAS, decimal.' });
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits');
const heightSchema = z.int().min(0).max(0xffff_ffff);

export const statementSchema = z
  .strictObject({
    formatVersion: z.literal(1),
    network: z.string().regex(/^neo3:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/),
    networkMagic: heightSchema.meta({ description: 'What binds it to the network.' }),
    height: heightSchema.meta({ description: 'The block at whose end it holds.' }),
    cutAt: z.iso
      .datetime({ precision: 3 })
      .meta({ description: 'When the books were cut. RFC 3339, UTC.' }),
    assets: z
      .array(
        z.strictObject({
          address: z
            .string()
            .regex(/^0x[0-9a-f]{40}$/)
            .meta({ description: 'Script hash, as explorers show it.' }),
          amount: sumSchema,
        }),
      )
      .max(1_000)
      .meta({ description: 'Each address that holds GAS for the books, with all it holds.' }),
    liabilities: z
      .array(z.strictObject({ heading: z.string().max(64), amount: sumSchema }))
      .max(64)
      .meta({
        description:
          'What the books of customers and of the platform say, by heading. `other_books` is less ' +
          'than nothing by what two books both have.',
      }),
    tree: z
      .strictObject({
        root: hashSchema,
        sum: sumSchema,
        leaves: z.int().min(0).max(0xffff_ffff),
      })
      .meta({ description: 'The Merkle sum tree of what customers own.' }),
  })
  .meta({ id: 'TrialBalanceStatement' });
export type Statement = Readonly<z.infer<typeof statementSchema>>;

/** What is signed, with purpose `trial-balance`. */
export const encodeStatement = (statement: Statement): Uint8Array => encodeCanonicalJson(statement);

/** What stands on chain for it; null for a statement that is not sound. */
export function anchorOf({ networkMagic, height, tree }: Statement): Anchor | null {
  const sum = parseSum(tree.sum);
  if (sum === null || sum < 0n) return null;
  return { magic: networkMagic, height, root: tree.root, sum };
}

/** Customers own these, and the tree adds them up. */
export const OWNED = ['available', 'reserved', 'in_transit'] as const;
const OWNED_HEADINGS: readonly string[] = OWNED.map((part) => `customers/${part}`);
export const OTHER_BOOKS = 'other_books';
/** The operator's own may be overdrawn, as the book says (core/ledger/book.ts). */
const MAY_BE_NEGATIVE: readonly string[] = [
  'platform/available/equity',
  'platform/available/clearing',
  OTHER_BOOKS,
];

export type Unsound =
  | 'malformed'
  | 'repeated'
  | 'negative'
  | 'unbalanced'
  | 'other_books_differ'
  | 'tree_differs';

/** Why a statement cannot be true, whatever the chain has; null when it can. */
export function findUnsound({ assets, liabilities, tree }: Statement): Unsound | null {
  const held = new Map(assets.map(({ address, amount }) => [address, parseSum(amount)]));
  const owed = new Map(liabilities.map(({ heading, amount }) => [heading, parseSum(amount)]));
  if (held.size !== assets.length || owed.size !== liabilities.length) return 'repeated';
  const treeSum = parseSum(tree.sum);
  if (treeSum === null || [...held.values(), ...owed.values()].includes(null)) return 'malformed';
  const isNegative = (sum: bigint | null) => (sum ?? 0n) < 0n;
  if ([...held.values()].some(isNegative)) return 'negative';
  if ([...owed].some(([heading, sum]) => isNegative(sum) && !MAY_BE_NEGATIVE.includes(heading)))
    return 'negative';
  if (total(owed) !== total(held)) return 'unbalanced';
  const inTransit = total(owed, (heading) => heading.includes('in_transit'));
  const otherBooks = owed.get(OTHER_BOOKS) ?? 0n;
  if (otherBooks > 0n || otherBooks < -inTransit) return 'other_books_differ';
  return total(owed, (heading) => OWNED_HEADINGS.includes(heading)) === treeSum
    ? null
    : 'tree_differs';
}

function total(
  sums: ReadonlyMap<string, bigint | null>,
  isCounted: (name: string) => boolean = () => true,
): bigint {
  let sum = 0n;
  for (const [name, amount] of sums) if (isCounted(name)) sum += amount ?? 0n;
  return sum;
}

export interface Difference {
  readonly address: string;
  readonly stated: string;
  readonly onChain: string;
}

/** Address by address: a surplus on one does not make up for what another lacks. */
export const findDifferences = (
  { assets }: Pick<Statement, 'assets'>,
  onChain: readonly bigint[],
): readonly Difference[] =>
  assets.flatMap(({ address, amount }, index) => {
    const found = onChain[index];
    return found === undefined || parseSum(amount) !== found
      ? [{ address, stated: amount, onChain: found === undefined ? 'unknown' : formatGas(found) }]
      : [];
  });
