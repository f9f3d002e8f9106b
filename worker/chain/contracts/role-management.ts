/** RoleManagement: the keys the committee has given a task, by height. */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ContractCall, StackArgument } from '../../core/neo/stack-argument.ts';
import { type ContractReading, reading } from '../invoker.ts';
import { asPublicKeys } from './key-list.ts';

const HASH = NATIVE_CONTRACTS.RoleManagement.hash;

const ROLES = { StateValidator: 4, Oracle: 8, NeoFSAlphabet: 16, P2PNotary: 32 } as const;
export type Role = keyof typeof ROLES;

const roleArgument = (role: Role): StackArgument => ({
  type: 'Integer',
  value: BigInt(ROLES[role]),
});

export const roleManagement = {
  hash: HASH,
  /** As they hold for the block of that height; a designation counts from the next block on. */
  designatedByRole: (role: Role, height: number): ContractReading<readonly PublicKey[]> =>
    reading(
      HASH,
      ['getDesignatedByRole', roleArgument(role), { type: 'Integer', value: BigInt(height) }],
      asPublicKeys,
    ),

  /** Needs the witness of the committee. */
  designateAsRole: (role: Role, keys: readonly PublicKey[]): ContractCall => ({
    contract: HASH,
    method: 'designateAsRole',
    args: [
      roleArgument(role),
      { type: 'Array', value: keys.map((value) => ({ type: 'PublicKey', value }) as const) },
    ],
    flags: CALL_FLAGS.All,
    result: 'dropped',
  }),
};
