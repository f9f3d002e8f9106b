/**
 * Network fees, to the datoshi: what bytes, verification and attributes cost, by the prices that
 * the network itself names (its Policy contract). There are no defaults: live networks have others
 * than the protocol's, and change them. A node refuses one datoshi less.
 */
import { assert } from '../../assert.ts';
import type { AttributeType } from './attribute.ts';
import { decodeAccountKeys, SIGNATURE_PUSH_BYTES } from './signature-witness.ts';
import { sizeOfUnsigned, type UnsignedTransaction } from './transaction.ts';
import { sizeOfList, sizeOfVarBytes } from './var-size.ts';

/** Prices of a network, all in datoshi but one. */
export interface FeePolicy {
  /** Policy.getFeePerByte. */
  readonly feePerByte: bigint;
  /**
   * Of one unit of execution, in ten-thousandths of a datoshi: Policy.getExecPicoFeeFactor, from
   * Faun on; before, `toExecPicoFeeFactor` of Policy.getExecFeeFactor, which is rounded down later.
   */
  readonly execPicoFeeFactor: bigint;
  /**
   * Policy.getAttributeFee of each. Of NotaryAssisted zero where the network does not charge it:
   * neo-go does only with P2PSigExtensions.
   */
  readonly attributeFees: Readonly<Record<AttributeType, bigint>>;
}

const PICO_PER_DATOSHI = 10_000n;
const PUSHDATA1_UNITS = 8n;
const PUSH_INTEGER_UNITS = 1n;
/** System.Crypto.CheckSig, and System.Crypto.CheckMultisig for each key it is given. */
const CHECK_SIGNATURE_UNITS = 32_768n;

export const toExecPicoFeeFactor = (execFeeFactor: bigint): bigint =>
  execFeeFactor * PICO_PER_DATOSHI;

/** What a witness will take, known before anybody has signed. */
export interface ExpectedWitness {
  readonly bytes: number;
  /** Of execution. */
  readonly units: bigint;
  /** Beside the units, as a node measured it. */
  readonly datoshi: bigint;
}

/** Null when the script is not that of an account of keys: only a node can tell its price. */
export function expectSignatures(verification: Uint8Array): ExpectedWitness | null {
  const keys = decodeAccountKeys(verification);
  if (keys === null) return null;
  const { threshold, publicKeys, isMultisig } = keys;
  const pushes = BigInt(threshold + publicKeys.length) * PUSHDATA1_UNITS;
  const checks = BigInt(publicKeys.length) * CHECK_SIGNATURE_UNITS;
  const counts = isMultisig ? 2n * PUSH_INTEGER_UNITS : 0n;
  return {
    bytes: sizeOfVarBytes(threshold * SIGNATURE_PUSH_BYTES) + sizeOfVarBytes(verification.length),
    units: pushes + checks + counts,
    datoshi: 0n,
  };
}

/** A contract's `verify` costs what a node says (invokecontractverify), arguments included. */
export const expectContract = (invocationBytes: number, datoshi: bigint): ExpectedWitness => ({
  bytes: sizeOfVarBytes(invocationBytes) + sizeOfVarBytes(0),
  units: 0n,
  datoshi,
});

/** The node rounds up for each witness, not once for all of them. */
export function verificationFee(
  { units, datoshi }: ExpectedWitness,
  { execPicoFeeFactor }: FeePolicy,
): bigint {
  return (units * execPicoFeeFactor + PICO_PER_DATOSHI - 1n) / PICO_PER_DATOSHI + datoshi;
}

export function attributesFee(
  { attributes, signers }: UnsignedTransaction,
  { attributeFees }: FeePolicy,
): bigint {
  return attributes.reduce((sum, attribute) => {
    const fee = attributeFees[attribute.type];
    if (attribute.type === 'Conflicts') return sum + fee * BigInt(signers.length);
    if (attribute.type === 'NotaryAssisted') return sum + fee * BigInt(attribute.keyCount + 1);
    return sum + fee;
  }, 0n);
}

/**
 * The least network fee nodes take, one expected witness for each signer. What the transaction says
 * itself about its network fee does not matter: that field has a fixed size.
 */
export function networkFeeMin(
  transaction: UnsignedTransaction,
  witnesses: readonly ExpectedWitness[],
  policy: FeePolicy,
): bigint {
  assert(witnesses.length === transaction.signers.length, 'an expected witness for each signer');
  const size = sizeOfUnsigned(transaction) + sizeOfList(witnesses, ({ bytes }) => bytes);
  return witnesses.reduce(
    (sum, witness) => sum + verificationFee(witness, policy),
    BigInt(size) * policy.feePerByte + attributesFee(transaction, policy),
  );
}

export interface Replacement {
  /** Of the replacing transaction, its Conflicts attributes included: `networkFeeMin`. */
  readonly networkFeeMin: bigint;
  /** Network fees of all transactions it names that may still be alive. */
  readonly predecessorFees: readonly bigint[];
}

/** Nodes want strictly more than the sum, in absolute datoshi and not for each byte. */
export function replacementFeeMin({ networkFeeMin, predecessorFees }: Replacement): bigint {
  const above = predecessorFees.reduce((sum, fee) => sum + fee, 0n) + 1n;
  return above > networkFeeMin ? above : networkFeeMin;
}
