/**
 * The GAS of several addresses as it was at the end of one block, in one question to a node. Nodes
 * that keep no old state, or do not know the call, refuse; nothing is taken for an answer but one
 * number for each address.
 */
import { CALL_FLAGS } from '../neo/call-flags.ts';
import { encodeCalls } from '../neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import type { RpcCall } from '../neo/rpc/call.ts';
import type { RpcError } from '../neo/rpc/errors.ts';
import { invokeScriptHistoric } from '../neo/rpc/invocation-calls.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { Invocation } from '../neo/vm/invocation.ts';
import { asBigInt } from '../neo/vm/stack-item-values.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;

export const gasBalancesAt = (
  addresses: readonly ScriptHash[],
  height: number,
): RpcCall<Invocation> => {
  const calls = addresses.map(
    (value) =>
      ({
        contract: GAS,
        method: 'balanceOf',
        args: [{ type: 'Hash160', value }],
        flags: CALL_FLAGS.ReadOnly,
        result: 'kept',
      }) as const,
  );
  return invokeScriptHistoric({ script: encodeCalls(calls) }, height);
};

/** Datoshi, in the order of the addresses; null unless the script halted with one for each. */
export function parseGasBalances(
  { vmState, stack }: Invocation,
  addresses: readonly ScriptHash[],
): readonly bigint[] | null {
  if (vmState !== 'HALT' || stack?.length !== addresses.length) return null;
  const amounts = stack.flatMap((item) => {
    const amount = asBigInt(item);
    return amount === null || amount < 0n ? [] : [amount];
  });
  return amounts.length === addresses.length ? amounts : null;
}

/** Why a node can never tell of this height; null where it might another time. */
export function cannotTell({
  meaning,
}: RpcError): 'state_not_kept' | 'historic_calls_unsupported' | null {
  if (meaning === 'stateNotKept') return 'state_not_kept';
  return meaning === 'unknownMethod' ? 'historic_calls_unsupported' : null;
}
