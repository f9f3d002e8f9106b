/** Events of a vault's network, as a follower delivers them. */
import type { ChainEvent } from '../../../worker/core/chain-follower/event.ts';
import { decodeHash256, type Hash256 } from '../../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  type ScriptHash,
} from '../../../worker/core/neo/script-hash.ts';
import type { StackItem } from '../../../worker/core/neo/vm/stack-item.ts';
import { encodeStackItem } from '../../../worker/core/neo/vm/stack-item-bytes.ts';

export const hash = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));
export const txHash = (byte: number): Hash256 => decodeHash256(new Uint8Array(32).fill(byte));
export const GAS = NATIVE_CONTRACTS.GasToken.hash;
export const VAULT = hash(1);
export const SPONSOR = hash(2);
export const STRANGER = hash(3);
export const FUNDING = hash(4);

export const bytes = (text: string): StackItem => ({
  type: 'ByteString',
  value: new TextEncoder().encode(text),
});
export const account = (of: ScriptHash | null): StackItem =>
  of === null ? { type: 'Any' } : { type: 'ByteString', value: encodeScriptHash(of) };
export const integer = (value: bigint): StackItem => ({ type: 'Integer', value });

export const event = (
  items: readonly StackItem[] | null,
  fields: Partial<ChainEvent> = {},
): ChainEvent => ({
  height: 100,
  ordinal: 0,
  id: 'one',
  contract: GAS,
  eventName: 'Transfer',
  trigger: 'Application',
  transaction: txHash(1),
  blockHash: txHash(0xbb),
  blockTimeMs: 0,
  state: items && encodeStackItem({ type: 'Array', value: [...items] }),
  isContradicted: false,
  ...fields,
});

export const transfer = (
  from: ScriptHash | null,
  to: ScriptHash | null,
  amount: bigint,
  fields: Partial<ChainEvent> = {},
): ChainEvent => event([account(from), account(to), integer(amount)], fields);

export const deposit = (
  from: ScriptHash | null,
  amount: bigint,
  data: StackItem,
  fields: Partial<ChainEvent> = {},
): ChainEvent =>
  event([account(from), integer(amount), data], {
    contract: VAULT,
    eventName: 'Deposit',
    ...fields,
  });
