/**
 * `Devpack.chain`: what a function reads of Neo networks, and the transactions it submits.
 */
import type { ActionHandle } from './index.js';

/** An integer of up to 256 bits: decimal text, a BigInt, or a number that is exact. */
export type Digits = string | bigint | number;

/** `Hash160` takes an address too; bytes and signatures are base64. */
export type ContractArgument =
  | { readonly type: 'Any'; readonly value?: null }
  | { readonly type: 'Boolean'; readonly value: boolean }
  | { readonly type: 'Integer'; readonly value: Digits }
  | {
      readonly type: 'ByteArray' | 'String' | 'Hash160' | 'Hash256' | 'PublicKey' | 'Signature';
      readonly value: string;
    }
  | { readonly type: 'Array'; readonly value: readonly ContractArgument[] }
  | {
      readonly type: 'Map';
      readonly value: readonly {
        readonly key: ContractArgument;
        readonly value: ContractArgument;
      }[];
    };

/**
 * A value of the Neo VM as JSON-RPC writes it. Integers are decimal text (`BigInt(value)` reads
 * every digit), bytes are base64 (`atob(value)` gives one character a byte), and a ByteString is
 * not a Buffer. Of an iterator the first 100 values are there; `truncated` says that there may be
 * more.
 */
export type StackItem =
  | { readonly type: 'Any' }
  | { readonly type: 'Boolean'; readonly value: boolean }
  | { readonly type: 'Integer' | 'ByteString' | 'Buffer'; readonly value: string }
  | { readonly type: 'Pointer'; readonly value: number }
  | { readonly type: 'Array' | 'Struct'; readonly value: readonly StackItem[] }
  | {
      readonly type: 'Map';
      readonly value: readonly { readonly key: StackItem; readonly value: StackItem }[];
    }
  | {
      readonly type: 'InteropInterface';
      readonly iterator?: readonly StackItem[];
      readonly truncated?: true;
    };

/** May be left out where the platform serves one network only. */
export interface ChainPlace {
  /** CAIP-2, such as `neo3:mainnet`. */
  readonly network?: string | null;
}

export interface WitnessScope {
  /** Names separated by commas; `CalledByEntry` by default. */
  readonly scopes?: string;
  readonly allowedContracts?: readonly string[];
  readonly allowedGroups?: readonly string[];
  readonly rules?: readonly object[];
}

export interface ContractCallRequest extends ChainPlace {
  /** `0x` and 40 digits. */
  readonly contract: string;
  readonly method: string;
  readonly args?: readonly ContractArgument[];
  /** Whose witness the method finds; nobody signs anything. */
  readonly signers?: readonly ({ readonly account: string } & WitnessScope)[];
}

export interface ContractCallAnswer {
  /** What the method answered: one item. */
  readonly stack: readonly StackItem[];
  /** Datoshi. */
  readonly gasConsumed: string;
}

export interface TokenBalance {
  readonly contract: string;
  readonly symbol: string;
  readonly decimals: number;
  /** In the smallest unit of the token. */
  readonly amount: string;
}

export interface AddressBalances {
  readonly address: string;
  readonly items: readonly {
    readonly contract: string;
    readonly symbol: string | null;
    readonly decimals: number | null;
    readonly amount: string;
    readonly lastUpdatedBlock: number;
  }[];
}

export interface ChainTransaction {
  readonly hash: string;
  readonly size: number;
  readonly nonce: number;
  readonly sender: string;
  /** Datoshi, both fees. */
  readonly systemFee: string;
  readonly networkFee: string;
  readonly validUntilBlock: number;
  readonly signers: readonly object[];
  readonly attributes: readonly object[];
  readonly script: string;
  readonly witnesses: readonly { readonly invocation: string; readonly verification: string }[];
  /** Null while it waits in the pool of the node. */
  readonly inclusion: {
    readonly blockHash: string;
    readonly confirmations: number;
    readonly time: string;
  } | null;
  /** What it did; null until it is in a block. */
  readonly applicationLog: {
    readonly transaction: string;
    /** FAULT: it was charged and did nothing. */
    readonly vmState: 'HALT' | 'FAULT';
    readonly exception: string | null;
    readonly gasConsumed: string;
    readonly stack: readonly StackItem[] | null;
    readonly notifications: readonly {
      readonly index: number;
      readonly contract: string;
      readonly eventName: string;
      readonly state: readonly StackItem[] | null;
    }[];
  } | null;
}

export interface ContractCall {
  readonly contract: string;
  readonly method: string;
  readonly args?: readonly ContractArgument[];
  /** Call flags; `All` by default. */
  readonly flags?: string;
  /** `asserted`: anything but true is a FAULT, which a transfer should ask for. */
  readonly result?: 'kept' | 'asserted' | 'dropped';
}

/** Either calls or a script. The policy of the wallet decides whether it may leave. */
export interface SubmitTransactionParams extends WitnessScope {
  readonly walletId: string;
  readonly calls?: readonly ContractCall[] | null;
  /** Base64. */
  readonly script?: string | null;
  /** Datoshi; what a simulation needs and a tenth by default. */
  readonly systemFeeMax?: Digits | null;
  readonly networkFeeMax?: Digits | null;
  /** How many blocks it may wait to be included. */
  readonly windowBlocks?: number | null;
  readonly note?: string | null;
}

/**
 * Reads answer now and are in the journal; a failed one rejects with a `code`, such as
 * `chain.call_faulted` with the exception as its message. A transaction is submitted after the
 * code has ended.
 */
export interface ChainModule {
  call(request: ContractCallRequest): Promise<ContractCallAnswer>;
  balance(
    request: ChainPlace & {
      readonly address: string;
      readonly token: 'GAS' | 'NEO' | (string & {});
    },
  ): Promise<{ readonly address: string } & TokenBalance>;
  balance(
    request: ChainPlace & { readonly address: string; readonly token?: null },
  ): Promise<AddressBalances>;
  transaction(request: ChainPlace & { readonly hash: string }): Promise<ChainTransaction>;
  /** Of the last block. */
  height(request?: ChainPlace): Promise<number>;
  submitTransaction(params: SubmitTransactionParams): ActionHandle<SubmitTransactionParams>;
}
