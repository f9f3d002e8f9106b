/**
 * Policy: the network's own factors, which are votes of its committee and differ from the
 * protocol's defaults on every public network. Some exist only from a hard fork on; before it the
 * reading faults.
 */
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { asBigInt, asBoolean, asInteger } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';

const HASH = NATIVE_CONTRACTS.PolicyContract.hash;

export const policy = {
  hash: HASH,
  /** Datoshi per byte of a transaction. */
  feePerByte: (): ContractReading<bigint> => reading(HASH, ['getFeePerByte'], asBigInt),

  /** Datoshi per unit of execution, rounded down from Faun on. */
  execFeeFactor: (): ContractReading<bigint> => reading(HASH, ['getExecFeeFactor'], asBigInt),

  /** From Faun on: with four more decimals. */
  execPicoFeeFactor: (): ContractReading<bigint> =>
    reading(HASH, ['getExecPicoFeeFactor'], asBigInt),

  /** Datoshi per byte of storage. */
  storagePrice: (): ContractReading<bigint> => reading(HASH, ['getStoragePrice'], asBigInt),

  /** Datoshi; `type` is the attribute's byte on the wire. */
  attributeFee: (type: number): ContractReading<bigint> =>
    reading(HASH, ['getAttributeFee', { type: 'Integer', value: BigInt(type) }], asBigInt),

  /** A blocked account can sign nothing; it can still be paid. */
  isBlocked: (account: ScriptHash): ContractReading<boolean> =>
    reading(HASH, ['isBlocked', { type: 'Hash160', value: account }], asBoolean),

  /** From Echidna on, as the three below. */
  msPerBlock: (): ContractReading<number> => reading(HASH, ['getMillisecondsPerBlock'], asInteger),

  maxValidUntilBlockIncrement: (): ContractReading<number> =>
    reading(HASH, ['getMaxValidUntilBlockIncrement'], asInteger),

  maxTraceableBlocks: (): ContractReading<number> =>
    reading(HASH, ['getMaxTraceableBlocks'], asInteger),
};
