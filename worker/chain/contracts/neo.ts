/**
 * NEO, the token that votes. It cannot be divided, and moving or voting with it pays out the GAS it
 * has earned, in a transfer of its own. What that is now is asked of the node (`getUnclaimedGas`): the
 * contract's own method wants the exact next height, which has passed when the answer comes.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { asBigInt } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';
import { asPublicKeys } from './key-list.ts';
import { type Nep17, NOTHING, nep17 } from './nep17.ts';

const HASH = NATIVE_CONTRACTS.NeoToken.hash;

export interface Neo extends Nep17 {
  readonly gasPerBlock: () => ContractReading<bigint>;
  readonly registerPrice: () => ContractReading<bigint>;
  readonly committee: () => ContractReading<readonly PublicKey[]>;
  readonly nextBlockValidators: () => ContractReading<readonly PublicKey[]>;
  /** Null takes the vote back. */
  readonly vote: (account: ScriptHash, candidate: PublicKey | null) => ContractCall;
}

export const neo: Neo = {
  ...nep17(HASH),
  gasPerBlock: () => reading(HASH, ['getGasPerBlock'], asBigInt),
  registerPrice: () => reading(HASH, ['getRegisterPrice'], asBigInt),
  committee: () => reading(HASH, ['getCommittee'], asPublicKeys),
  nextBlockValidators: () => reading(HASH, ['getNextBlockValidators'], asPublicKeys),
  vote: (account, candidate) => ({
    contract: HASH,
    method: 'vote',
    args: [
      { type: 'Hash160', value: account },
      candidate === null ? NOTHING : { type: 'PublicKey', value: candidate },
    ],
    flags: CALL_FLAGS.All,
    result: 'asserted',
  }),
};
