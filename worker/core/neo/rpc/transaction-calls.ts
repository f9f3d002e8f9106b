/**
 * Calls about transactions. What a node shows of one is hashed again and compared with the hash
 * asked for. `sendrawtransaction` answering with that hash means: in this node's pool, nothing
 * more.
 */
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, parseWhole } from '../json-reader.ts';
import {
  hashTransaction,
  type Transaction,
  toBase64Transaction,
} from '../transaction/transaction.ts';
import { readTransactionJson } from '../transaction/transaction-json.ts';
import { type ApplicationLog, parseApplicationLog } from '../vm/application-log.ts';
import type { VmState } from '../vm/execution.ts';
import { about, type RpcCall } from './call.ts';

export interface Inclusion {
  readonly blockHash: Hash256;
  /** 1 in the node's last block; one-block finality makes that final. */
  readonly confirmations: number;
  readonly blockTimeMs: number;
  /** neo-go's own word; null from other nodes. The application log decides. */
  readonly vmState: VmState | null;
}

export interface KnownTransaction {
  readonly transaction: Transaction;
  /** Null while it is in the pool. */
  readonly inclusion: Inclusion | null;
}

const VM_STATES: readonly VmState[] = ['HALT', 'FAULT'];
const U32_MAX = 0xffff_ffff;
const FEE_MAX = (1n << 63n) - 1n;
const POOL_MAX = 1_000_000;

export const getTransaction = (hash: Hash256): RpcCall<KnownTransaction> => ({
  method: 'getrawtransaction',
  params: [hash, true],
  parse: (result) => about(parseWhole(result, readKnown), (known) => isOf(known, hash)),
});

const isOf = ({ transaction }: KnownTransaction, hash: Hash256): boolean =>
  hashTransaction(transaction) === hash;

const readKnown = (reader: JsonReader): KnownTransaction => ({
  transaction: readTransactionJson(reader),
  inclusion: reader.optional('blockhash') === null ? null : readInclusion(reader),
});

function readInclusion(reader: JsonReader): Inclusion {
  return {
    blockHash: reader.field('blockhash').parsed(parseHash256, 'a block hash'),
    confirmations: reader.field('confirmations').integer(1, U32_MAX),
    blockTimeMs: reader.field('blocktime').integer(0, Number.MAX_SAFE_INTEGER),
    vmState: reader.optional('vmstate')?.choice(VM_STATES) ?? null,
  };
}

/** The index of its block; unknown too while it is in the pool. */
export const getTransactionHeight = (hash: Hash256): RpcCall<number> => ({
  method: 'gettransactionheight',
  params: [hash],
  parse: (result) => parseWhole(result, (reader) => reader.integer(0, U32_MAX)),
});

/** Of a transaction or a block. */
export const getApplicationLog = (container: Hash256): RpcCall<ApplicationLog> => ({
  method: 'getapplicationlog',
  params: [container],
  parse: (result) => about(parseApplicationLog(result), (log) => log.container === container),
});

export function sendRawTransaction(transaction: Transaction): RpcCall<Hash256> {
  const hash = hashTransaction(transaction);
  return {
    method: 'sendrawtransaction',
    params: [toBase64Transaction(transaction)],
    parse: (result) =>
      about(
        parseWhole(result, (reader) => reader.field('hash').parsed(parseHash256, 'a hash')),
        (told) => told === hash,
      ),
  };
}

/** The fee for size, verification and attributes; the witnesses need scripts, not signatures. */
export const calculateNetworkFee = (transaction: Transaction): RpcCall<bigint> => ({
  method: 'calculatenetworkfee',
  params: [toBase64Transaction(transaction)],
  parse: (result) =>
    parseWhole(result, (reader) => reader.field('networkfee').decimal(0n, FEE_MAX)),
});

/** Hashes in this node's pool. */
export const getRawMempool = (): RpcCall<readonly Hash256[]> => ({
  method: 'getrawmempool',
  params: [],
  parse: (result) =>
    parseWhole(result, (reader) =>
      reader.list(POOL_MAX, (item) => item.parsed(parseHash256, 'a hash')),
    ),
});
