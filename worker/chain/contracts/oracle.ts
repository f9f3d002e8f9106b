/**
 * The native Oracle. Only a deployed contract can request; an answer is a transaction of the
 * designated nodes whose script is this one call and nothing else, byte for byte.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { asBigInt } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';

const HASH = NATIVE_CONTRACTS.OracleContract.hash;

export const oracle = {
  hash: HASH,
  /** Datoshi for each request, beside the GAS for its response. */
  price: (): ContractReading<bigint> => reading(HASH, ['getPrice'], asBigInt),

  finish: (): ContractCall => ({
    contract: HASH,
    method: 'finish',
    args: [],
    flags: CALL_FLAGS.All,
    result: 'kept',
  }),
};
