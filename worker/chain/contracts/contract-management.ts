/**
 * ContractManagement, where contracts are deployed. Updating and destroying are methods of the
 * contract itself, which calls it in turn.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../core/neo/stack-argument.ts';
import { asBigInt, asBoolean } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';
import { NOTHING } from './nep17.ts';

const HASH = NATIVE_CONTRACTS.ContractManagement.hash;

export interface Deployment {
  /** The NEF file. */
  readonly nef: Uint8Array;
  /** The manifest as its JSON text; the hash of the contract contains its name. */
  readonly manifestJson: string;
  /** For `_deploy`. */
  readonly data?: StackArgument;
}

export const contractManagement = {
  hash: HASH,
  /** Datoshi; the larger of this and the storage price of NEF and manifest is charged. */
  minimumDeploymentFee: (): ContractReading<bigint> =>
    reading(HASH, ['getMinimumDeploymentFee'], asBigInt),

  hasMethod: (
    contract: ScriptHash,
    method: { readonly name: string; readonly parameterCount: number },
  ): ContractReading<boolean> =>
    reading(
      HASH,
      [
        'hasMethod',
        { type: 'Hash160', value: contract },
        { type: 'String', value: method.name },
        { type: 'Integer', value: BigInt(method.parameterCount) },
      ],
      asBoolean,
    ),

  /** The contract's state is its answer, which nobody reads in a transaction. */
  deploy: ({ nef, manifestJson, data = NOTHING }: Deployment): ContractCall => ({
    contract: HASH,
    method: 'deploy',
    args: [{ type: 'ByteArray', value: nef }, { type: 'String', value: manifestJson }, data],
    flags: CALL_FLAGS.All,
    result: 'dropped',
  }),
};
