/**
 * Random transactions of Neo that every node would decode: all attributes, all scopes, all witness
 * rules, with the edges of each bound among them. The properties of our codec and the comparison
 * with neo-go draw from the same source.
 */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as fc from 'fast-check';
import { decodeHash256, type Hash256 } from '../../worker/core/neo/hash256.ts';
import { decodePublicKey, type PublicKey } from '../../worker/core/neo/public-key.ts';
import { decodeScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import {
  type Attribute,
  ORACLE_RESPONSE_CODES,
  type OracleResponse,
} from '../../worker/core/neo/transaction/attribute.ts';
import { LIMITS } from '../../worker/core/neo/transaction/limits.ts';
import type { Signer } from '../../worker/core/neo/transaction/signer.ts';
import {
  faultOfTransaction,
  type Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { Witness } from '../../worker/core/neo/transaction/witness.ts';
import type {
  WitnessCondition,
  WitnessRule,
} from '../../worker/core/neo/transaction/witness-rule.ts';
import type { WitnessScopes } from '../../worker/core/neo/transaction/witness-scope.ts';

const ITEMS_MAX = LIMITS.scopeItemsMax.value;
const SLOTS_MAX = LIMITS.signersAndAttributesMax.value;
const U32_MAX = 0xffff_ffff;
const U64_MAX = (1n << 64n) - 1n;
const I64_MAX = (1n << 63n) - 1n;
const KEYS = 32;

/** Records with the prototype that the codec's own have. */
const recordOf = <Model>(
  model: {
    [Key in keyof Model]: fc.Arbitrary<Model[Key]>;
  },
): fc.Arbitrary<Model> => fc.record(model, { noNullPrototype: true });

/** Mostly small, now and then up to the bound: both ends of the length's forms on the wire. */
const bytesUpTo = (max: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: Math.min(max, 80) }) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: Math.min(max, 600), size: 'max' }) },
    {
      weight: 1,
      // Bytes of the largest are all the same: drawing each would be most of the time of a run.
      arbitrary: fc
        .tuple(fc.integer({ min: max - 1, max }), fc.nat({ max: 0xff }))
        .map(([length, byte]) => new Uint8Array(length).fill(byte)),
    },
  );

/** Short lists mostly, full ones sometimes. */
const listOf = <Item>(item: fc.Arbitrary<Item>, min = 0): fc.Arbitrary<Item[]> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.array(item, { minLength: min, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(item, { minLength: ITEMS_MAX, maxLength: ITEMS_MAX }) },
  );

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

const arbitraryScriptHash: fc.Arbitrary<ScriptHash> = bytesOf(20).map(decodeScriptHash);
const arbitraryHash256: fc.Arbitrary<Hash256> = bytesOf(32).map(decodeHash256);

/** Made once, since finding a point of the curve takes longer than everything else here. */
const keys: readonly PublicKey[] = Array.from({ length: KEYS }, (_, index) => {
  const secret = sha256(new TextEncoder().encode(`key of a test ${String(index)}`));
  const key = decodePublicKey(p256.getPublicKey(secret, true));
  if (key === null) throw new Error('a public key of the library is no point');
  return key;
});
export const arbitraryPublicKey: fc.Arbitrary<PublicKey> = fc.constantFrom(...keys);

const leaf: fc.Arbitrary<WitnessCondition> = fc.oneof(
  recordOf({ type: fc.constant('Boolean' as const), expression: fc.boolean() }),
  recordOf({
    type: fc.constantFrom('ScriptHash' as const, 'CalledByContract' as const),
    hash: arbitraryScriptHash,
  }),
  recordOf({
    type: fc.constantFrom('Group' as const, 'CalledByGroup' as const),
    group: arbitraryPublicKey,
  }),
  fc.constant({ type: 'CalledByEntry' as const }),
);

const conditionOf = (levels: number): fc.Arbitrary<WitnessCondition> => {
  if (levels === 1) return leaf;
  const inner = conditionOf(levels - 1);
  return fc.oneof(
    { weight: 2, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: recordOf({ type: fc.constant('Not' as const), expression: inner }),
    },
    {
      weight: 2,
      arbitrary: recordOf({
        type: fc.constantFrom('And' as const, 'Or' as const),
        expressions: listOf(inner, 1),
      }),
    },
  );
};

const arbitraryWitnessCondition = conditionOf(LIMITS.conditionLevelsMax.value);

const arbitraryWitnessRule: fc.Arbitrary<WitnessRule> = recordOf({
  action: fc.constantFrom('Allow' as const, 'Deny' as const),
  condition: arbitraryWitnessCondition,
});

const arbitraryWitnessScopes: fc.Arbitrary<WitnessScopes> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('Global' as const) },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        calledByEntry: fc.boolean(),
        contracts: listOf(arbitraryScriptHash),
        groups: listOf(arbitraryPublicKey),
        rules: listOf(arbitraryWitnessRule),
      },
      { requiredKeys: ['calledByEntry'], noNullPrototype: true },
    ),
  },
);

export const arbitrarySigner: fc.Arbitrary<Signer> = recordOf({
  account: arbitraryScriptHash,
  scopes: arbitraryWitnessScopes,
});

const arbitraryOracleResponse: fc.Arbitrary<OracleResponse> = recordOf({
  type: fc.constant('OracleResponse' as const),
  id: fc.oneof(fc.bigInt({ min: 0n, max: 1_000_000n }), fc.bigInt({ min: 0n, max: U64_MAX })),
  code: fc.constantFrom(...ORACLE_RESPONSE_CODES),
  result: bytesUpTo(LIMITS.oracleResultBytesMax.value),
}).map((response) =>
  response.code === 'Success' ? response : { ...response, result: new Uint8Array() },
);

const arbitraryAttribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.constant({ type: 'HighPriority' as const }),
  arbitraryOracleResponse,
  recordOf({ type: fc.constant('NotValidBefore' as const), height: fc.nat({ max: U32_MAX }) }),
  recordOf({ type: fc.constant('Conflicts' as const), hash: arbitraryHash256 }),
  recordOf({ type: fc.constant('NotaryAssisted' as const), keyCount: fc.nat({ max: 0xff }) }),
);

const arbitraryWitness: fc.Arbitrary<Witness> = recordOf({
  invocation: bytesUpTo(LIMITS.witnessScriptBytesMax.value),
  verification: bytesUpTo(LIMITS.witnessScriptBytesMax.value),
});

const arbitraryFees = fc
  .tuple(fc.bigInt({ min: 0n, max: I64_MAX }), fc.bigInt({ min: 0n, max: I64_MAX }))
  .map(([systemFee, other]) => ({
    systemFee,
    networkFee: other <= I64_MAX - systemFee ? other : I64_MAX - systemFee,
  }));

const arbitrarySignerCount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: SLOTS_MAX }) },
);

export const arbitraryTransaction: fc.Arbitrary<Transaction> = arbitrarySignerCount
  .chain((signerCount) =>
    recordOf({
      fees: arbitraryFees,
      nonce: fc.nat({ max: U32_MAX }),
      validUntilBlock: fc.nat({ max: U32_MAX }),
      signers: fc.uniqueArray(arbitrarySigner, {
        minLength: signerCount,
        maxLength: signerCount,
        selector: ({ account }) => account,
      }),
      attributes: fc.uniqueArray(arbitraryAttribute, {
        maxLength: SLOTS_MAX - signerCount,
        selector: (attribute) => (attribute.type === 'Conflicts' ? attribute.hash : attribute.type),
      }),
      script: bytesUpTo(LIMITS.scriptBytesMax.value).filter(({ length }) => length > 0),
      witnesses: fc.array(arbitraryWitness, { minLength: signerCount, maxLength: signerCount }),
    }),
  )
  .map(({ fees, ...rest }) => ({ ...rest, ...fees }))
  // Full lists of full lists can pass the size of a transaction.
  .filter((transaction) => faultOfTransaction(transaction) === null);

/** Written in five bytes by neo-go and in three by the C# node and us: two hashes. */
const LENGTH_IN_TWO_FORMS = 0xffff;

export const hasLengthInTwoForms = ({ script, attributes }: Transaction): boolean =>
  script.length === LENGTH_IN_TWO_FORMS ||
  attributes.some(
    (one) => one.type === 'OracleResponse' && one.result.length === LENGTH_IN_TWO_FORMS,
  );
