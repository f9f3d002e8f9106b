/**
 * Random arguments of contracts and calls of them, in every type that a script can push, with the
 * edges of every push form among them.
 */
import * as fc from 'fast-check';
import { parseHash256 } from '../../worker/core/neo/hash256.ts';
import { findMapProblem } from '../../worker/core/neo/script/map-key.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../worker/core/neo/stack-argument.ts';
import { arbitraryPublicKey } from './neo-arbitraries.ts';

type ArgumentType = StackArgument['type'];

export interface ArgumentBounds {
  readonly types: readonly ArgumentType[];
  /** Whatever a peer writes in another form. */
  readonly isLeftOut: (argument: StackArgument) => boolean;
}

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** On both sides of every width: 2^7, 2^8, 2^15 and so on up to the machine's 2^255. */
const EDGES = Array.from({ length: 32 }, (_, byte) => 1n << BigInt(8 * byte + 7)).flatMap(
  (edge) => [edge - 1n, -edge, ...(edge < 1n << 255n ? [edge, -edge - 1n, 2n * edge] : [])],
);
const arbitraryInteger: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -1n, max: 17n }),
  fc.constantFrom(...EDGES.filter((edge) => BigInt.asIntN(256, edge) === edge)),
  fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n }),
);

/** Lengths around both borders of the PUSHDATA forms; long ones are all of one byte. */
const arbitraryBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 12, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(0xff, 0x100, 0x101, 0xffff, 0x10000), fc.nat(0xff))
      .map(([length, byte]) => new Uint8Array(length).fill(byte)),
  },
);

const arbitraryScriptHash = bytesOf(20).map(decodeScriptHash);
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((given) => given.isWellFormed());

const LEAVES = {
  Any: fc.constant({ type: 'Any', value: null }),
  Boolean: fc.boolean().map((value) => ({ type: 'Boolean', value })),
  Integer: arbitraryInteger.map((value) => ({ type: 'Integer', value })),
  ByteArray: arbitraryBytes.map((value) => ({ type: 'ByteArray', value })),
  ByteString: arbitraryBytes.map((value) => ({ type: 'ByteString', value })),
  Signature: bytesOf(64).map((value) => ({ type: 'Signature', value })),
  String: text.map((value) => ({ type: 'String', value })),
  Hash160: arbitraryScriptHash.map((value) => ({ type: 'Hash160', value })),
  Hash256: bytesOf(32).map((bytes) => {
    const value = parseHash256(`0x${Buffer.from(bytes).toString('hex')}`);
    if (value === null) throw new Error('32 bytes are a hash');
    return { type: 'Hash256', value };
  }),
  PublicKey: arbitraryPublicKey.map((value) => ({ type: 'PublicKey', value })),
} as const satisfies Partial<Record<ArgumentType, fc.Arbitrary<StackArgument>>>;

const isLeaf = (type: ArgumentType): type is keyof typeof LEAVES => Object.hasOwn(LEAVES, type);
const LEVELS = 4;

const argumentOf = (bounds: ArgumentBounds, levels = LEVELS): fc.Arbitrary<StackArgument> => {
  const { types, isLeftOut } = bounds;
  const leaves = types.filter(isLeaf).map((type) => LEAVES[type]);
  const leaf = fc.oneof(...leaves).filter((argument: StackArgument) => !isLeftOut(argument));
  if (levels === 1) return leaf;
  const inner = argumentOf(bounds, levels - 1);
  const items = fc.array(inner, { maxLength: 5 });
  const collections: fc.Arbitrary<StackArgument>[] = [];
  if (types.includes('Array')) collections.push(items.map((value) => ({ type: 'Array', value })));
  if (types.includes('Struct')) collections.push(items.map((value) => ({ type: 'Struct', value })));
  if (types.includes('Map')) collections.push(mapOf(leaf, inner));
  return fc
    .oneof({ weight: 3, arbitrary: leaf }, ...collections)
    .filter((argument) => !isLeftOut(argument));
};

const mapOf = (
  key: fc.Arbitrary<StackArgument>,
  value: fc.Arbitrary<StackArgument>,
): fc.Arbitrary<StackArgument> =>
  fc.array(fc.record({ key, value }, { noNullPrototype: true }), { maxLength: 4 }).map((pairs) => {
    // Every pair whose key can be one and is not there yet.
    const kept: typeof pairs = [];
    for (const pair of pairs)
      if (findMapProblem([...kept, pair].map((one) => one.key)) === null) kept.push(pair);
    return { type: 'Map', value: kept };
  });

export const callOf = (bounds: ArgumentBounds): fc.Arbitrary<ContractCall> =>
  fc.record(
    {
      contract: arbitraryScriptHash,
      method: text,
      args: fc.array(argumentOf(bounds), { maxLength: 6 }),
      flags: fc.nat(15),
      result: fc.constantFrom('kept' as const, 'asserted' as const, 'dropped' as const),
    },
    { noNullPrototype: true },
  );
