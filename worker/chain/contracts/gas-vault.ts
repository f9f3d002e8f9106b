/**
 * The vault of a network (contracts/gas-vault): what it tells of itself, and the two calls by which
 * GAS leaves it. An id pays once, so a payment that is sent twice is made once.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import type { StackItem } from '../../core/neo/vm/stack-item.ts';
import {
  asBigInt,
  asBoolean,
  asHash160,
  asList,
  isNull,
} from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';

/** What was paid under an id; `none` where nothing was. */
export type PaidUnder =
  | { readonly kind: 'none' }
  | { readonly kind: 'paid'; readonly to: ScriptHash; readonly amount: bigint };

export interface VaultPayment {
  readonly method: 'release' | 'refill';
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly to: ScriptHash;
  /** Datoshi. */
  readonly amount: bigint;
}

export interface GasVault {
  readonly hash: ScriptHash;
  readonly owner: () => ContractReading<ScriptHash>;
  readonly operator: () => ContractReading<ScriptHash>;
  readonly minimumDeposit: () => ContractReading<bigint>;
  readonly isPaused: () => ContractReading<boolean>;
  readonly releaseCap: () => ContractReading<bigint>;
  readonly releasedToday: () => ContractReading<bigint>;
  readonly refillCap: () => ContractReading<bigint>;
  readonly refilledToday: () => ContractReading<bigint>;
  readonly released: (id: Uint8Array) => ContractReading<PaidUnder>;
  readonly pay: (payment: VaultPayment) => ContractCall;
}

export const gasVault = (hash: ScriptHash): GasVault => ({
  hash,
  owner: () => reading(hash, ['owner'], asHash160),
  operator: () => reading(hash, ['operator'], asHash160),
  minimumDeposit: () => reading(hash, ['minimumDeposit'], asBigInt),
  isPaused: () => reading(hash, ['isPaused'], asBoolean),
  releaseCap: () => reading(hash, ['releaseCap'], asBigInt),
  releasedToday: () => reading(hash, ['releasedToday'], asBigInt),
  refillCap: () => reading(hash, ['refillCap'], asBigInt),
  refilledToday: () => reading(hash, ['refilledToday'], asBigInt),
  released: (id) => reading(hash, ['released', { type: 'ByteArray', value: id }], asPaidUnder),
  pay: ({ method, id, to, amount }) => ({
    contract: hash,
    method,
    args: [
      { type: 'ByteArray', value: id },
      { type: 'Hash160', value: to },
      { type: 'Integer', value: amount },
    ],
    flags: CALL_FLAGS.All,
    result: 'kept',
  }),
});

function asPaidUnder(item: StackItem): PaidUnder | null {
  if (isNull(item)) return { kind: 'none' };
  const [toItem, amountItem, ...more] = asList(item) ?? [];
  if (!toItem || !amountItem || more.length > 0) return null;
  const to = asHash160(toItem);
  const amount = asBigInt(amountItem);
  return to === null || amount === null ? null : { kind: 'paid', to, amount };
}
