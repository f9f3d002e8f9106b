/**
 * What a script stands for in the model: one literal transfer of GAS, as a wallet's policy reads
 * it, whose receiver tells whether it faults. The empty script of a cancellation moves nothing.
 */
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { decodeCalls, encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { SCRIPT_HASH_BYTES, type ScriptHash } from '../../worker/core/neo/script-hash.ts';

export interface Behaviour {
  readonly gasSent: bigint;
  /** When simulated and run, or only when run. */
  readonly faults: 'never' | 'always' | 'on chain';
}

const FAULTS = ['never', 'always', 'on chain'] as const;
const NOTHING: Behaviour = { gasSent: 0n, faults: 'never' };

export const scriptOf = ({ gasSent, faults }: Behaviour, from: ScriptHash): Uint8Array => {
  const to = new Uint8Array(SCRIPT_HASH_BYTES).fill(FAULTS.indexOf(faults));
  return encodeCalls([
    {
      contract: NATIVE_CONTRACTS.GasToken.hash,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: from },
        { type: 'ByteString', value: to },
        { type: 'Integer', value: gasSent },
        { type: 'Any', value: null },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    },
  ]);
};

export function behaviourOf(script: Uint8Array): Behaviour {
  const calls = decodeCalls(script);
  const [, to, amount] = calls.ok ? (calls.value[0]?.args ?? []) : [];
  if (to?.type !== 'ByteString' || amount?.type !== 'Integer') return NOTHING;
  return { gasSent: amount.value, faults: FAULTS[to.value[0] ?? 0] ?? 'never' };
}
