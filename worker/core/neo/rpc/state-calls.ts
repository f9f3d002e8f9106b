/**
 * Calls about what lies in the state: storage of contracts and balances of tokens. They are one
 * node's word, at its own height.
 */
import { base64 } from '@scure/base';
import { encodeAddress, parseAddress } from '../address.ts';
import { type ContractState, parseContractState } from '../contract/contract-state.ts';
import { type JsonReader, parseWhole } from '../json-reader.ts';
import { parseScriptHash, type ScriptHash } from '../script-hash.ts';
import { about, type RpcCall } from './call.ts';

export interface StorageItem {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface StoragePage {
  readonly items: readonly StorageItem[];
  /** Where the next page starts; null at the end. */
  readonly next: number | null;
}

export interface TokenBalance {
  readonly token: ScriptHash;
  readonly amount: bigint;
  readonly lastUpdatedBlock: number;
  /** What the token's contract says of itself; null from nodes that do not tell. */
  readonly symbol: string | null;
  readonly decimals: number | null;
}

const U32_MAX = 0xffff_ffff;
const STORAGE_KEY_BYTES = 64;
const STORAGE_VALUE_BYTES = 65_535;
const PAGE_ITEMS = 1_000;
const TOKENS_MAX = 100_000;
const SYMBOL_CHARACTERS = 1_024;
const AMOUNT_MAX = (1n << 255n) - 1n;

/** What is deployed under that hash, by the word of one node. */
export const getContractState = (contract: ScriptHash): RpcCall<ContractState> => ({
  method: 'getcontractstate',
  params: [contract],
  parse: (result) => about(parseContractState(result), ({ hash }) => hash === contract),
});

export interface StoragePlace {
  readonly contract: ScriptHash;
  readonly prefix: Uint8Array;
  readonly start: number;
}

export const findStorage = ({ contract, prefix, start }: StoragePlace): RpcCall<StoragePage> => ({
  method: 'findstorage',
  params: [contract, base64.encode(prefix), start],
  parse: (result) =>
    parseWhole(result, (reader) => ({
      items: reader.field('results').list(PAGE_ITEMS, readStorageItem),
      next: reader.field('truncated').boolean()
        ? reader.field('next').integer(start + 1, U32_MAX)
        : null,
    })),
});

const readStorageItem = (reader: JsonReader): StorageItem => ({
  key: reader.field('key').bytes(STORAGE_KEY_BYTES),
  value: reader.field('value').bytes(STORAGE_VALUE_BYTES),
});

export const getNep17Balances = (account: ScriptHash): RpcCall<readonly TokenBalance[]> => ({
  method: 'getnep17balances',
  params: [encodeAddress(account)],
  parse: (result) => {
    const parsed = about(parseWhole(result, readBalances), (told) => told.account === account);
    return parsed.ok ? { ok: true, value: parsed.value.balances } : parsed;
  },
});

/** Datoshi that the account's NEO has earned and not been paid. */
export const getUnclaimedGas = (account: ScriptHash): RpcCall<bigint> => ({
  method: 'getunclaimedgas',
  params: [encodeAddress(account)],
  parse: (result) => {
    const parsed = about(parseWhole(result, readUnclaimed), (told) => told.account === account);
    return parsed.ok ? { ok: true, value: parsed.value.datoshi } : parsed;
  },
});

const readUnclaimed = (reader: JsonReader) => ({
  account: reader.field('address').parsed(parseAddress, 'an address'),
  datoshi: reader.field('unclaimed').decimal(0n, AMOUNT_MAX),
});

const readBalances = (reader: JsonReader) => ({
  account: reader.field('address').parsed(parseAddress, 'an address'),
  balances: reader.field('balance').list(TOKENS_MAX, readBalance),
});

function readBalance(reader: JsonReader): TokenBalance {
  const decimals = reader.optional('decimals')?.decimal(0n, 255n);
  return {
    token: reader.field('assethash').parsed(parseScriptHash, 'a script hash'),
    amount: reader.field('amount').decimal(0n, AMOUNT_MAX),
    lastUpdatedBlock: reader.field('lastupdatedblock').integer(0, U32_MAX),
    symbol: reader.optional('symbol')?.text(SYMBOL_CHARACTERS) ?? null,
    decimals: decimals === undefined ? null : Number(decimals),
  };
}
