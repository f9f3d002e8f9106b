/**
 * Non-fungible tokens (NEP-11), both kinds: one owner per token, or shares of it (`divisible`).
 * Lists are iterators, which are read with a bound (`readIterator`).
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../core/neo/stack-argument.ts';
import type { MapEntry } from '../../core/neo/vm/stack-item.ts';
import {
  asBigInt,
  asBytes,
  asHash160,
  asInteger,
  asMap,
  asUtf8,
} from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, type IteratorReading, reading } from '../invoker.ts';
import { NOTHING } from './nep17.ts';

export interface Nep11Transfer {
  readonly to: ScriptHash;
  readonly tokenId: Uint8Array;
  readonly data?: StackArgument;
}

export interface ShareTransfer extends Nep11Transfer {
  readonly from: ScriptHash;
  readonly amount: bigint;
}

export interface Nep11 {
  readonly hash: ScriptHash;
  readonly symbol: () => ContractReading<string>;
  readonly decimals: () => ContractReading<number>;
  readonly totalSupply: () => ContractReading<bigint>;
  readonly balanceOf: (account: ScriptHash) => ContractReading<bigint>;
  readonly tokensOf: (account: ScriptHash) => IteratorReading<Uint8Array>;
  /** Optional in the standard. */
  readonly tokens: () => IteratorReading<Uint8Array>;
  readonly properties: (tokenId: Uint8Array) => ContractReading<readonly MapEntry[]>;
  /** Of a token that is not divisible. */
  readonly ownerOf: (tokenId: Uint8Array) => ContractReading<ScriptHash>;
  readonly transfer: (transfer: Nep11Transfer) => ContractCall;
  readonly divisible: {
    readonly owners: (tokenId: Uint8Array) => IteratorReading<ScriptHash>;
    readonly balanceOf: (account: ScriptHash, tokenId: Uint8Array) => ContractReading<bigint>;
    readonly transfer: (transfer: ShareTransfer) => ContractCall;
  };
}

const hash160 = (value: ScriptHash): StackArgument => ({ type: 'Hash160', value });
const bytes = (value: Uint8Array): StackArgument => ({ type: 'ByteArray', value });

export function nep11(hash: ScriptHash): Nep11 {
  const list = <Value>(
    call: readonly [string, ...StackArgument[]],
    parseItem: IteratorReading<Value>['parseItem'],
  ): IteratorReading<Value> => ({ call: reading(hash, call, asBytes).call, parseItem });
  const transfer = (args: readonly StackArgument[]): ContractCall => ({
    contract: hash,
    method: 'transfer',
    args,
    flags: CALL_FLAGS.All,
    result: 'asserted',
  });
  return {
    hash,
    symbol: () => reading(hash, ['symbol'], asUtf8),
    decimals: () => reading(hash, ['decimals'], asInteger),
    totalSupply: () => reading(hash, ['totalSupply'], asBigInt),
    balanceOf: (account) => reading(hash, ['balanceOf', hash160(account)], asBigInt),
    tokensOf: (account) => list(['tokensOf', hash160(account)], asBytes),
    tokens: () => list(['tokens'], asBytes),
    properties: (tokenId) => reading(hash, ['properties', bytes(tokenId)], asMap),
    ownerOf: (tokenId) => reading(hash, ['ownerOf', bytes(tokenId)], asHash160),
    transfer: ({ to, tokenId, data = NOTHING }) => transfer([hash160(to), bytes(tokenId), data]),
    divisible: {
      owners: (tokenId) => list(['ownerOf', bytes(tokenId)], asHash160),
      balanceOf: (account, tokenId) =>
        reading(hash, ['balanceOf', hash160(account), bytes(tokenId)], asBigInt),
      transfer: ({ from, to, amount, tokenId, data = NOTHING }) =>
        transfer([
          hash160(from),
          hash160(to),
          { type: 'Integer', value: amount },
          bytes(tokenId),
          data,
        ]),
    },
  };
}
