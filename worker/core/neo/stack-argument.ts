/**
 * What a script can push without computing it: the arguments of a contract's method. A contract
 * parameter is what JSON-RPC and wallets speak of, in neo-go's words, where a hash differs from a
 * string; a literal is what is left of it in a script, where all of these are bytes.
 */
import type { Hash256 } from './hash256.ts';
import type { PublicKey } from './public-key.ts';
import type { ScriptHash } from './script-hash.ts';

interface Of<Type extends string, Value> {
  readonly type: Type;
  readonly value: Value;
}
interface Pair<Item> {
  readonly key: Item;
  readonly value: Item;
}

type Plain = Of<'Any', null> | Of<'Boolean', boolean> | Of<'Integer', bigint>;
type Named =
  | Of<'ByteArray', Uint8Array>
  | Of<'String', string>
  | Of<'Hash160', ScriptHash>
  | Of<'Hash256', Hash256>
  | Of<'PublicKey', PublicKey>
  | Of<'Signature', Uint8Array>;
type Bytes = Of<'ByteString', Uint8Array>;

export type ContractParameter =
  | Plain
  | Named
  | Of<'Array', readonly ContractParameter[]>
  | Of<'Map', readonly Pair<ContractParameter>[]>;

export type StackLiteral =
  | Plain
  | Bytes
  | Of<'Array', readonly StackLiteral[]>
  | Of<'Struct', readonly StackLiteral[]>
  | Of<'Map', readonly Pair<StackLiteral>[]>;

/** Everything that can be pushed: contract parameters, literals, and mixtures of both. */
export type StackArgument =
  | Plain
  | Named
  | Bytes
  | Of<'Array', readonly StackArgument[]>
  | Of<'Struct', readonly StackArgument[]>
  | Of<'Map', readonly Pair<StackArgument>[]>;

/** A method of a contract with its arguments, as one stretch of a script. */
export interface ContractCall<Argument extends StackArgument = StackArgument> {
  readonly contract: ScriptHash;
  readonly method: string;
  readonly args: readonly Argument[];
  /** call-flags.ts */
  readonly flags: number;
  /**
   * What happens to the method's answer. A transfer that answers false without `asserted` is
   * executed, charged and moves nothing.
   */
  readonly result: 'kept' | 'asserted' | 'dropped';
}
