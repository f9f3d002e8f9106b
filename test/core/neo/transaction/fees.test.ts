/**
 * Network fees against what real transactions paid and a live node asked for, to the datoshi.
 */
import { describe, expect, it } from 'vitest';
import { decodeHash256 } from '../../../../worker/core/neo/hash256.ts';
import { parseHex } from '../../../../worker/core/neo/hex.ts';
import type { Attribute } from '../../../../worker/core/neo/transaction/attribute.ts';
import {
  attributesFee,
  type ExpectedWitness,
  expectContract,
  expectSignatures,
  type FeePolicy,
  networkFeeMin,
  replacementFeeMin,
  toExecPicoFeeFactor,
  verificationFee,
} from '../../../../worker/core/neo/transaction/fees.ts';
import {
  parseBase64Transaction,
  sizeOfTransaction,
  type Transaction,
} from '../../../../worker/core/neo/transaction/transaction.ts';
import { parseTransaction } from '../../../../worker/core/neo/transaction/transaction-json.ts';
import { readNeoVectors } from '../../../support/neo-vectors.ts';

interface Fees {
  readonly real: readonly {
    readonly hash: string;
    readonly fee_per_byte: number;
    readonly exec_fee_factor: number;
    readonly verification_units: number;
    readonly network_fee: number;
  }[];
  readonly witness_sizes: Readonly<Record<string, number>>;
}
interface Transactions {
  readonly public_transactions: readonly {
    readonly hash_display: string;
    readonly raw_base64: string;
  }[];
  readonly generated_signed: readonly { readonly raw_base64: string }[];
}
const fees = readNeoVectors('fees.json') as Fees | undefined;
const transactions = readNeoVectors('transactions.json') as Transactions | undefined;
interface Multisigs {
  readonly cases: readonly {
    readonly m: number;
    readonly n: number;
    readonly verification_script: string;
  }[];
}
const multisigs = readNeoVectors('multisig.json') as Multisigs | undefined;

interface Live {
  readonly 'getrawtransaction-mempool-verbose': { readonly response: { readonly result: unknown } };
}
const live = readNeoVectors('rpc-samples/live-neo-go-0.122.json') as Live | undefined;

const NO_ATTRIBUTE_FEES = {
  HighPriority: 0n,
  OracleResponse: 0n,
  NotValidBefore: 0n,
  Conflicts: 0n,
  NotaryAssisted: 0n,
};
const policyOf = (feePerByte: number, execFeeFactor: number): FeePolicy => ({
  feePerByte: BigInt(feePerByte),
  execPicoFeeFactor: toExecPicoFeeFactor(BigInt(execFeeFactor)),
  attributeFees: NO_ATTRIBUTE_FEES,
});
const PROTOCOL = policyOf(1000, 30);

const bytesOf = (hex: string): Uint8Array => parseHex(hex) ?? new Uint8Array();
const KEYS = [
  '02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e',
  '02a7bc55fe8684e0119768d104ba30795bdcc86619e864add26156723ed185cd62',
  '02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2',
];
const SINGLE = bytesOf(`0c21${KEYS[0] ?? ''}4156e7b327`);
const ONE_OF_ONE = bytesOf(`110c21${KEYS[0] ?? ''}11419ed0dc3a`);
const TWO_OF_THREE = bytesOf(`12${KEYS.map((key) => `0c21${key}`).join('')}13419ed0dc3a`);

function expected(verification: Uint8Array): ExpectedWitness {
  const witness = expectSignatures(verification);
  if (witness === null) throw new Error('not an account of keys');
  return witness;
}

function transactionOf(base64: string | undefined): Transaction {
  const decoded = parseBase64Transaction(base64 ?? '');
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  return decoded.value;
}

describe('the verification of a witness', () => {
  it('costs what a live node charges at factor 30', () => {
    expect(verificationFee(expected(SINGLE), PROTOCOL)).toBe(983_520n);
    expect(verificationFee(expected(ONE_OF_ONE), PROTOCOL)).toBe(983_580n);
    expect(verificationFee(expected(TWO_OF_THREE), PROTOCOL)).toBe(2_950_380n);
  });

  it.skipIf(!fees)('takes as many bytes as real witnesses have', () => {
    expect(expected(SINGLE).bytes).toBe(fees?.witness_sizes['single-sig']);
    expect(expected(ONE_OF_ONE).bytes).toBe(fees?.witness_sizes['1-of-1 multisig']);
    expect(expected(TWO_OF_THREE).bytes).toBe(fees?.witness_sizes['2-of-3 multisig']);
  });

  it.skipIf(!multisigs)('is charged for each key and not for each signature', () => {
    for (const { m, n, verification_script } of multisigs?.cases ?? []) {
      const { units } = expected(bytesOf(verification_script));
      expect(units).toBe(BigInt(8 * m + 1 + 8 * n + 1 + 32_768 * n));
    }
  });

  it('is rounded up for each witness where the factor has four more decimals', () => {
    const policy = { ...PROTOCOL, execPicoFeeFactor: 300_001n };
    // 32784 units at 30.0001 are 983523.2784 datoshi.
    expect(verificationFee(expected(SINGLE), policy)).toBe(983_524n);
  });

  it('of a script that is no account of keys is unknown here', () => {
    expect(expectSignatures(Uint8Array.of(0x11, 0x40))).toBeNull();
    expect(expectSignatures(new Uint8Array())).toBeNull();
  });
});

describe('the least network fee', () => {
  it.skipIf(!fees || !transactions)('is what real transactions paid', () => {
    let checked = 0;
    for (const real of fees?.real ?? []) {
      const found = transactions?.public_transactions.find((one) => one.hash_display === real.hash);
      if (found === undefined) continue;
      checked += 1;
      const transaction = transactionOf(found.raw_base64);
      const witnesses = transaction.witnesses.map(({ verification }) => expected(verification));
      const units = witnesses.reduce((sum, witness) => sum + witness.units, 0n);
      expect(units).toBe(BigInt(real.verification_units));
      const policy = policyOf(real.fee_per_byte, real.exec_fee_factor);
      expect(networkFeeMin(transaction, witnesses, policy)).toBe(BigInt(real.network_fee));
      expect(transaction.networkFee).toBe(BigInt(real.network_fee));
    }
    expect(checked).toBeGreaterThan(1);
  });

  it.skipIf(!transactions)('of a sponsored transfer covers both witnesses', () => {
    const transaction = transactionOf(transactions?.generated_signed[0]?.raw_base64);
    const witnesses = transaction.witnesses.map(({ verification }) => expected(verification));
    expect(networkFeeMin(transaction, witnesses, PROTOCOL)).toBe(2_342_040n);
    // With ASSERT behind the call, which is one byte.
    const asserted = { ...transaction, script: Uint8Array.of(...transaction.script, 0x39) };
    expect(networkFeeMin(asserted, witnesses, PROTOCOL)).toBe(2_343_040n);
  });

  it.skipIf(!live)('of a GAS transfer is what a live node took, and not a datoshi less', () => {
    const parsed = parseTransaction(live?.['getrawtransaction-mempool-verbose'].response.result);
    if (!parsed.ok) throw new Error(parsed.misshapen.reason);
    const fee = networkFeeMin(parsed.value, [expected(SINGLE)], PROTOCOL);
    expect(sizeOfTransaction(parsed.value)).toBe(245);
    expect(fee).toBe(1_228_520n);
    expect(parsed.value.networkFee).toBe(fee);
  });

  it.skipIf(!transactions)('does not depend on the fee the transaction already says', () => {
    const transaction = transactionOf(transactions?.generated_signed[1]?.raw_base64);
    const witnesses = [expected(ONE_OF_ONE)];
    expect(networkFeeMin({ ...transaction, networkFee: 0n }, witnesses, PROTOCOL)).toBe(1_238_580n);
    expect(networkFeeMin(transaction, witnesses, PROTOCOL)).toBe(1_238_580n);
  });

  it.skipIf(!transactions)('adds what a node measured for a contract', () => {
    const transaction = transactionOf(transactions?.generated_signed[1]?.raw_base64);
    const bare = networkFeeMin(transaction, [expectContract(0, 0n)], PROTOCOL);
    expect(networkFeeMin(transaction, [expectContract(0, 1_007_390n)], PROTOCOL)).toBe(
      bare + 1_007_390n,
    );
    expect(networkFeeMin(transaction, [expectContract(66, 0n)], PROTOCOL)).toBe(bare + 66_000n);
    expect(() => networkFeeMin(transaction, [], PROTOCOL)).toThrow();
  });
});

describe('attributes', () => {
  const policy = {
    ...PROTOCOL,
    attributeFees: {
      ...NO_ATTRIBUTE_FEES,
      HighPriority: 5n,
      Conflicts: 7n,
      NotaryAssisted: 10_000_000n,
    },
  };
  const conflict = (byte: number): Attribute => ({
    type: 'Conflicts',
    hash: decodeHash256(new Uint8Array(32).fill(byte)),
  });

  it.skipIf(!transactions)('cost for each signer, each key or once, by their type', () => {
    const sponsored = transactionOf(transactions?.generated_signed[0]?.raw_base64);
    const feeOf = (...attributes: Attribute[]) =>
      attributesFee({ ...sponsored, attributes }, policy);
    expect(feeOf()).toBe(0n);
    expect(feeOf({ type: 'HighPriority' })).toBe(5n);
    expect(feeOf(conflict(1), conflict(2))).toBe(28n);
    expect(feeOf({ type: 'NotaryAssisted', keyCount: 2 })).toBe(30_000_000n);
    expect(feeOf({ type: 'NotValidBefore', height: 9 }, { type: 'HighPriority' })).toBe(5n);
  });
});

describe('the fee of a replacement', () => {
  it('is strictly above the sum of all it displaces', () => {
    const networkFeeMin = 1_261_520n;
    expect(replacementFeeMin({ networkFeeMin, predecessorFees: [5_000_000n] })).toBe(5_000_001n);
    expect(replacementFeeMin({ networkFeeMin, predecessorFees: [3_000_000n, 3_000_000n] })).toBe(
      6_000_001n,
    );
  });

  it('is never below what its own bytes cost', () => {
    expect(replacementFeeMin({ networkFeeMin: 1_261_520n, predecessorFees: [1_228_520n] })).toBe(
      1_261_520n,
    );
    expect(replacementFeeMin({ networkFeeMin: 9n, predecessorFees: [] })).toBe(9n);
    expect(replacementFeeMin({ networkFeeMin: 9n, predecessorFees: [9n] })).toBe(10n);
  });
});
