/**
 * Fungible tokens (NEP-17). Transfers are asserted: one that answers false would be executed,
 * charged and move nothing.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../core/neo/stack-argument.ts';
import { asBigInt, asInteger, asUtf8 } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';

export interface Nep17Transfer {
  readonly from: ScriptHash;
  readonly to: ScriptHash;
  /** In the smallest unit. */
  readonly amount: bigint;
  /** For the recipient's `onNEP17Payment`; it is in no event. */
  readonly data?: StackArgument;
}

export interface Nep17 {
  readonly hash: ScriptHash;
  readonly symbol: () => ContractReading<string>;
  readonly decimals: () => ContractReading<number>;
  readonly totalSupply: () => ContractReading<bigint>;
  readonly balanceOf: (account: ScriptHash) => ContractReading<bigint>;
  readonly transfer: (transfer: Nep17Transfer) => ContractCall;
}

export const NOTHING: StackArgument = { type: 'Any', value: null };

export const nep17 = (hash: ScriptHash): Nep17 => ({
  hash,
  symbol: () => reading(hash, ['symbol'], asUtf8),
  decimals: () => reading(hash, ['decimals'], asInteger),
  totalSupply: () => reading(hash, ['totalSupply'], asBigInt),
  balanceOf: (account) =>
    reading(hash, ['balanceOf', { type: 'Hash160', value: account }], asBigInt),
  transfer: ({ from, to, amount, data = NOTHING }) => ({
    contract: hash,
    method: 'transfer',
    args: [
      { type: 'Hash160', value: from },
      { type: 'Hash160', value: to },
      { type: 'Integer', value: amount },
      data,
    ],
    flags: CALL_FLAGS.All,
    result: 'asserted',
  }),
});
